// Exponential functions of a float: see float_exp.hpp.
#include "numbers/float_exp.hpp"

#include "numbers/float_scale.hpp"

namespace twinbit {

namespace {

constexpr float rounder = 12582912.0f; // 1.5 * 2^23: adding it rounds to a whole number, half to even

// e^(r + low) for |r| <= ln(2)/2: 1 + r + (r^2 P(r) + low), P minimax of degree 4, 2^-28.2 relative.
float exp_reduced(float r, float low) {
    float p = 0x1.6ac716p-10f;
    p = p * r + 0x1.123ddep-7f;
    p = p * r + 0x1.555858p-5f;
    p = p * r + 0x1.55548cp-3f;
    p = p * r + 0x1.fffffcp-2f;
    return 1.0f + (r + ((r * r) * p + low));
}

// y * 2^n for y in [0.7, 1.42] and n in -150 ... 128, where the result does not overflow; rounded once.
float scale_result(float y, int n) {
    const auto bits = static_cast<std::int32_t>(float_bits(y));
    if (n >= -125) {
        return bits_float(static_cast<std::uint32_t>(bits + n * (1 << 23)));
    }
    return bits_float(static_cast<std::uint32_t>(bits + (n + 64) * (1 << 23))) * pow2(-64);
}

// The whole number in a float that had `rounder` added.
int whole_part(float rounded) { return static_cast<int>(float_bits(rounded)) - static_cast<int>(float_bits(rounder)); }

// |x| < 2^-26: e^x and 2^x round to 1. Left to the polynomial it would be the same, by way of subnormal squares, which
// cost a processor a hundred cycles each.
bool rounds_to_one(float x) { return (float_bits(x) & 0x7FFFFFFFu) < 0x32800000u; }

} // namespace

float exp(float x) {
    if (is_nan(x)) {
        return canonical_nan();
    }
    if (rounds_to_one(x)) {
        return 1.0f;
    }
    if (x > 0x1.62e42ep+6f) { // ln(2^128), rounded down
        return infinity();
    }
    if (x < -0x1.9fe36ap+6f) { // ln(2^-150), rounded up
        return 0.0f;
    }
    const float rounded = x * 0x1.715476p+0f + rounder; // x / ln 2
    const float n = rounded - rounder;
    // ln 2 in two parts (Cody and Waite, 1980): n times the first, of 16 bits, is exact, and so is the difference.
    const float high = x - n * 0x1.62e3p-1f;
    const float rest = n * 0x1.2fefa2p-17f;
    const float r = high - rest;
    return scale_result(exp_reduced(r, (high - r) - rest), whole_part(rounded));
}

float exp2(float x) {
    if (is_nan(x)) {
        return canonical_nan();
    }
    if (rounds_to_one(x)) {
        return 1.0f;
    }
    if (x >= 128.0f) {
        return infinity();
    }
    if (x <= -150.0f) {
        return 0.0f;
    }
    const float rounded = x + rounder;
    const float rest = x - (rounded - rounder); // exact
    const float r = rest * 0x1.62e43p-1f;       // ln 2 to 24 bits, and what follows
    return scale_result(exp_reduced(r, rest * -0x1.05c610p-29f), whole_part(rounded));
}

} // namespace twinbit
