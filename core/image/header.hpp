// The first 64 bytes of every image. The struct is the layout: fixed-width fields at their natural alignment, asserted.
#pragma once

#include "memory/layout.hpp"

namespace twinbit {

inline constexpr std::uint32_t image_magic = 0x474D4254; // "TBMG" in memory

struct Header {
    std::uint32_t magic;
    std::uint16_t format;
    std::uint16_t numerics;
    std::uint8_t arithmetic;
    std::uint8_t sealed; // 0 or 1
    std::uint16_t zero;
    std::uint32_t size;     // of the whole image
    std::uint32_t layout;   // digest of shapes, stages and arithmetic
    std::uint32_t policy;   // digest of thresholds, rates, k of n
    std::uint32_t basis;    // digest of what merging images must share; written by sealing
    std::uint32_t updates;  // odd while an update is going on
    std::uint32_t crc;      // of the image with this field 0; 0 unless sealed
    std::uint32_t frames;   // that tb_step() has taken, skipped ones included; wraps
    std::uint32_t in_state; // frames since the state began (scored ones after learning); stops at 2^32 - 1
    std::uint8_t state;     // TB_SCALING ... TB_DRIFTING
    std::uint8_t alarm;     // 0 or 1
    std::uint8_t frozen;    // 1: nothing moves with the stream: the operator's hold, or a drift
    std::uint8_t reserved[17];
};
static_assert(sizeof(Header) == 64 && offsetof(Header, layout) == 16 && offsetof(Header, frames) == 36 &&
                  offsetof(Header, state) == 44 && offsetof(Header, reserved) == 47,
              "the header has no padding: see capi/IMAGE.md");

} // namespace twinbit
