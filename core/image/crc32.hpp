// CRC-32 (ISO-HDLC: polynomial 0x04C11DB7 reflected, as in zlib and Ethernet). Seals images, digests recipes.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

// Continues a checksum over further bytes; begin with 0. crc32(crc32(0, a), b) is the checksum of a followed by b.
std::uint32_t crc32(std::uint32_t crc, const void *bytes, std::uint32_t size);

} // namespace twinbit
