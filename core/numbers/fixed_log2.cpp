// Base-2 logarithm and power of integers: see fixed_log2.hpp.
#include "numbers/fixed_log2.hpp"

namespace twinbit {

namespace {

// log2(mantissa / 2^31 * 2^exponent) in Q7.24, rounded.
std::int32_t log2_rounded(int exponent, std::uint32_t mantissa) {
    return exponent * (std::int32_t{1} << 24) + half_up(log2_mantissa(mantissa), 6);
}

} // namespace

std::int32_t log2_mantissa(std::uint32_t m) {
    std::uint32_t sum = 0; // -log2 of the value in [1/2, 1), Q2.30
    for (int k = 1; k <= detail::log2_steps; ++k) {
        const std::uint32_t grown = m + (m >> k);
        const std::uint32_t kept = 0u - static_cast<std::uint32_t>(grown >= m); // no carry: still below 1. No branch:
        m += (m >> k) & kept;                                                   // no predictor can guess these bits
        sum += detail::log2_factor[k - 1] & kept;
    }
    const std::uint32_t left = 0u - m;                        // (1 - x) * 2^32, below 2^18
    const std::uint32_t tail = left + ((left * 7253u) >> 14); // times 1/ln 2 = 1 + 7253/2^14
    return static_cast<std::int32_t>((1u << 30) - sum - (tail >> 2));
}

std::uint32_t exp2_mantissa(std::uint32_t f) {
    std::uint32_t y = 0x80000000u;
    for (int k = 1; k <= detail::log2_steps; ++k) {
        if (f >= detail::log2_factor[k - 1]) {
            f -= detail::log2_factor[k - 1];
            y += y >> k;
        }
    }
    // 2^r = 1 + r * ln 2 for the rest r < 2^-13; ln 2 = 11357/2^14, r * 2^30 < 2^17.
    const std::uint32_t r = (f * 11357u) >> 14; // Q2.30, below 2^17
    return y + (((y >> 16) * r) >> 14);
}

std::int32_t log2_q24(std::uint64_t v) {
    if (v == 0) {
        return INT32_MIN;
    }
    const int zeros = leading_zeros(v);
    return log2_rounded(63 - zeros, static_cast<std::uint32_t>((v << zeros) >> 32));
}

std::int32_t log2_q24(float x) {
    const std::uint32_t bits = float_bits(x);
    if (bits < 0x00200000u || bits >= 0x7F800000u) { // below 2^-128, negative, or not finite
        const bool too_large = bits == 0x7F800000u || is_nan(x);
        return too_large ? INT32_MAX : INT32_MIN;
    }
    const std::uint32_t field = bits >> 23;
    const std::uint32_t mantissa = field == 0 ? bits << 8 : (bits << 8) | 0x80000000u;
    const int zeros = leading_zeros(mantissa);
    const int exponent = (field == 0 ? 1 : static_cast<int>(field)) - 127 - zeros;
    const std::uint32_t normal = mantissa << zeros;
    return exponent == 127 && normal > 0xFFFFFFA0u ? INT32_MAX : log2_rounded(exponent, normal);
}

std::uint32_t exp2_q16(std::int32_t x) {
    const std::int32_t whole = x >> 16;
    if (whole >= 16) {
        return UINT32_MAX;
    }
    if (whole < -17) {
        return 0;
    }
    const std::uint32_t y = exp2_mantissa((static_cast<std::uint32_t>(x) & 0xFFFFu) << 14); // Q1.31
    const int shift = 15 - whole;                                                           // to Q.16: 0 ... 32
    if (shift == 32) {
        return y >> 31; // 2^-17 and up rounds to 1 unit of 2^-16 from one half on
    }
    return half_up(y, shift);
}

} // namespace twinbit
