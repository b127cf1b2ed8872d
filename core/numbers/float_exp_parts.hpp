// The parts of e^x that exp() and tanh() share, for arguments without special cases. Inlined even at -Os: a call for
// each would cost a microcontroller a third of tanh().
#pragma once

#include "numbers/bits.hpp"

namespace twinbit::detail {

inline constexpr float rounder = 12582912.0f; // 1.5 * 2^23: adding it rounds to a whole number, half to even

// e^(r + low) for |r| <= ln(2)/2: 1 + r + (r^2 P(r) + low), P minimax of degree 4, 2^-28.2 relative.
inline __attribute__((always_inline)) float exp_reduced(float r, float low) {
    float p = 0x1.6ac716p-10f;
    p = p * r + 0x1.123ddep-7f;
    p = p * r + 0x1.555858p-5f;
    p = p * r + 0x1.55548cp-3f;
    p = p * r + 0x1.fffffcp-2f;
    return 1.0f + (r + ((r * r) * p + low));
}

// The whole number in a float that had `rounder` added.
inline int whole_part(float rounded) {
    return static_cast<int>(float_bits(rounded)) - static_cast<int>(float_bits(rounder));
}

// x / ln 2 to a whole number, with `rounder` added, and e^ of what is left.
struct ExpParts {
    float rounded, fraction;
};
inline __attribute__((always_inline)) ExpParts exp_parts(float x) {
    const float rounded = x * 0x1.715476p+0f + rounder; // x / ln 2
    const float n = rounded - rounder;
    // ln 2 in two parts (Cody and Waite, 1980): n times the first, of 16 bits, is exact, and so is the difference.
    const float high = x - n * 0x1.62e3p-1f;
    const float rest = n * 0x1.2fefa2p-17f;
    const float r = high - rest;
    return {rounded, exp_reduced(r, (high - r) - rest)};
}

} // namespace twinbit::detail
