// Exponential functions of a float: see float_exp.hpp.
#include "numbers/float_exp.hpp"

#include "numbers/float_exp_parts.hpp"
#include "numbers/float_scale.hpp"

namespace twinbit {

namespace {

using namespace detail;

// y * 2^n for y in [0.7, 1.42] and n in -150 ... 128, where the result does not overflow; rounded once.
float scale_result(float y, int n) {
    const auto bits = static_cast<std::int32_t>(float_bits(y));
    if (n >= -125) {
        return bits_float(static_cast<std::uint32_t>(bits + n * (1 << 23)));
    }
    return bits_float(static_cast<std::uint32_t>(bits + (n + 64) * (1 << 23))) * pow2(-64);
}

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
    const ExpParts parts = exp_parts(x);
    return scale_result(parts.fraction, whole_part(parts.rounded));
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
