// Powers of two for float, by the bits.
#pragma once

#include "numbers/float_nan.hpp"

namespace twinbit {

// 2^n for n in -126 ... 127.
inline float pow2(int n) { return bits_float(static_cast<std::uint32_t>(n + 127) << 23); }

// x * 2^s, rounded once (also where the result is subnormal), infinite where it overflows. Any s. 0 and infinity stay;
// NaN gives the canonical NaN.
inline float scale_pow2(float x, int s) {
    const std::uint32_t bits = float_bits(x);
    const std::uint32_t sign = bits & 0x80000000u;
    std::uint32_t mantissa = bits & 0x007FFFFFu;
    int field = static_cast<int>((bits >> 23) & 0xFFu);
    if (field == 0xFF || (bits & 0x7FFFFFFFu) == 0) {
        return is_nan(x) ? canonical_nan() : x;
    }
    if (field == 0) { // subnormal: normalise
        const int zeros = leading_zeros(mantissa) - 8;
        mantissa = (mantissa << zeros) & 0x007FFFFFu;
        field = 1 - zeros;
    }
    field += s < -400 ? -400 : (s > 400 ? 400 : s);
    if (field >= 0xFF) {
        return bits_float(sign | infinity_bits);
    }
    if (field >= 1) {
        return bits_float(sign | (static_cast<std::uint32_t>(field) << 23) | mantissa);
    }
    if (field <= -24) { // below half of the least subnormal, or a tie that goes to even 0
        return bits_float(sign);
    }
    return bits_float(sign | (static_cast<std::uint32_t>(field + 64) << 23) | mantissa) * pow2(-64);
}

} // namespace twinbit
