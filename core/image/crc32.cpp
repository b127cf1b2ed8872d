// CRC-32 by half bytes: a table of 64 bytes is a fair bargain between flash and time on a microcontroller.
#include "image/crc32.hpp"

namespace twinbit {

namespace {
// Entry i is the remainder of i * x^32 over the reflected polynomial 0xEDB88320, four bits at a time.
constexpr std::uint32_t nibble[16] = {
    0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
    0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C,
};
} // namespace

std::uint32_t crc32(std::uint32_t crc, const void *bytes, std::uint32_t size) {
    const auto *p = static_cast<const std::uint8_t *>(bytes);
    crc = ~crc;
    for (std::uint32_t i = 0; i < size; ++i) {
        crc ^= p[i];
        crc = (crc >> 4) ^ nibble[crc & 15u];
        crc = (crc >> 4) ^ nibble[crc & 15u];
    }
    return ~crc;
}

} // namespace twinbit
