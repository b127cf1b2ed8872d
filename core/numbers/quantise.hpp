// Floats into integers by their bits: no float code is linked, so a fixed-point monitor may take float inputs anywhere.
#pragma once

#include "numbers/bits.hpp"
#include "numbers/float_scale.hpp"
#include "numbers/round.hpp"

namespace twinbit {

// floor(x * 2^unit + 1/2) for finite x, limited to +-(2^31 - 1); unit in -64 ... 64.
inline std::int32_t quantise(float x, int unit) {
    const std::uint32_t bits = float_bits(x);
    const int exponent = static_cast<int>((bits >> 23) & 255u);
    const std::uint32_t fraction = bits & 0x7FFFFFu;
    // |x| = mantissa * 2^(e - 150) with e at least 1: subnormals have no hidden bit
    const auto mantissa = static_cast<std::int32_t>(exponent == 0 ? fraction : (fraction | 0x800000u));
    const int shift = (exponent == 0 ? 1 : exponent) - 150 + unit;
    const std::int32_t sign = -static_cast<std::int32_t>(bits >> 31); // 0 or -1: signs are hard to guess, so no branch
    const std::int32_t v = (mantissa ^ sign) - sign;
    if (shift < 0) {
        return shift < -31 ? 0 : half_up(v, -shift); // below 2^-8 of a unit: 0
    }
    if (shift > 7) { // a hidden bit at 2^31 or above
        return v < 0 ? -INT32_MAX : INT32_MAX;
    }
    return v * (1 << shift);
}

} // namespace twinbit
