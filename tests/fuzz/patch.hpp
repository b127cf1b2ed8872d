// Makes random bytes look right where a fuzzer never would by luck: checksums and digests.
#pragma once

#include "machine.hpp"

namespace fuzz {

// CRC-32 of zlib, written down a second time so that the tests do not lean on the one in core.
inline std::uint32_t crc32(const std::uint8_t *bytes, std::size_t size) {
    std::uint32_t crc = 0xFFFFFFFFu;
    for (std::size_t i = 0; i < size; ++i) {
        crc ^= bytes[i];
        for (int bit = 0; bit < 8; ++bit) {
            crc = (crc >> 1) ^ ((crc & 1u) ? 0xEDB88320u : 0u);
        }
    }
    return ~crc;
}

inline void put32(Bytes &bytes, std::size_t at, std::uint32_t value) {
    std::memcpy(bytes.data() + at, &value, sizeof value); // little-endian, as every machine that core runs on
}

// Header fields that must be right before anything else is looked at come from a good image of the same recipe.
// Offsets as in capi/IMAGE.md: identity 0-23, basis 24, updates 28, checksum 32; the basis and the checksum of an unsealed
// image are 0.
inline void patch_image(Bytes &bytes, const Bytes &good, bool sealed) {
    bytes.resize(good.size());
    std::memcpy(bytes.data(), good.data(), 28);
    bytes[9] = sealed ? 1 : 0;
    bytes[28] &= 0xFEu; // an even number of updates: not torn
    put32(bytes, 32, 0);
    if (sealed) {
        put32(bytes, 32, crc32(bytes.data(), bytes.size()));
    } else {
        put32(bytes, 24, 0);
    }
}

// What the loop's state knows its attached images by (IMAGE.md): the candidate by its counter of updates, the good one
// by its name.
inline void patch_attached(const Machine &machine, std::uint32_t which, Bytes &bytes) {
    constexpr std::size_t updates = 28;
    constexpr std::size_t stamp = 24;
    constexpr std::size_t name = 32;
    const std::size_t policy = machine.monitor.block[TB_PART_POLICY];
    const std::uint8_t *loop = machine.image.get() + policy;
    if (which == TB_CANDIDATE) {
        std::memcpy(bytes.data() + updates, loop + stamp, 4);
    } else {
        std::memcpy(bytes.data() + policy + name, loop + name, 4);
    }
    put32(bytes, 32, 0);
    put32(bytes, 32, crc32(bytes.data(), bytes.size()));
}

// A recipe's magic and format, and the checksum at its end.
inline void patch_recipe(Bytes &bytes) {
    static constexpr std::uint8_t begin[6] = {'T', 'B', 'R', 'C', TB_RECIPE_FORMAT, 0};
    if (bytes.size() < sizeof begin + 4) {
        return;
    }
    std::memcpy(bytes.data(), begin, sizeof begin);
    const std::size_t end = bytes.size() - 4;
    put32(bytes, end, crc32(bytes.data(), end));
}

} // namespace fuzz
