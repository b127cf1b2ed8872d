// Squared distance of two samples, in each arithmetic.
//
// Scaling and overflow: samples lie within +-8, so a difference lies within +-16 and d of them add up to at most 256 d.
//   Q15  differences have 17 bits, squares 32: exact in 64 bits for any d, in Q.24
//   Q31  differences have 25 bits, squares 48: exact in 64 bits to d = 2^16, in Q.40; rounded once to Q.24
//   F32  written order of lanes.hpp
#pragma once

#include "linear/lanes.hpp"
#include "numbers/divide.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

// (a - b)^2 in two forms with the same value. As larger less smaller a difference has 16 bits, and a vector unit
// squares eight at once; without one the plain form is shorter (7 % of a frame on a Cortex-M0).
inline std::uint32_t square_difference(std::int16_t a, std::int16_t b) {
#if defined(__SSE2__) || defined(__ARM_NEON)
    const std::int16_t larger = a > b ? a : b;
    const std::int16_t smaller = a > b ? b : a;
    const auto d = static_cast<std::uint16_t>(larger - smaller);
    return std::uint32_t{d} * d;
#else
    const auto d = static_cast<std::uint32_t>(std::int32_t{a} - b); // d^2 < 2^32, whatever the sign
    return d * d;
#endif
}

template <class C>
inline std::uint64_t square_distance(const Fixed<std::int16_t, 12, C> *a, const Fixed<std::int16_t, 12, C> *b,
                                     std::uint32_t n) {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += square_difference(a[i].raw, b[i].raw);
    }
    return sum;
}

template <class C>
inline std::uint64_t square_distance(const Fixed<std::int32_t, 20, C> *a, const Fixed<std::int32_t, 20, C> *b,
                                     std::uint32_t n) {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::int64_t d = std::int64_t{a[i].raw} - b[i].raw;
        sum += static_cast<std::uint64_t>(d * d);
    }
    return half_up(sum, 16);
}

inline float square_distance(const float *a, const float *b, std::uint32_t n) {
    return lane_sum(n, [a, b](std::size_t i) {
        const float d = a[i] - b[i];
        return d * d;
    });
}

// d * a / n for counts a <= n <= 2^17, rounded down. In fixed point d < 2^47: a distance, not a sum of them.
inline std::uint64_t weighted(std::uint64_t d, std::uint32_t a, std::uint32_t n) { return divide(d * a, n); }
inline float weighted(float d, std::uint32_t a, std::uint32_t n) {
    return d * (static_cast<float>(a) / static_cast<float>(n));
}

// The same for a sum of distances, any 64 bits: quotient and rest of d / n are weighted apart.
inline std::uint64_t weighted_sum(std::uint64_t d, std::uint32_t a, std::uint32_t n) {
    const std::uint64_t whole = divide(d, n);
    return whole * a + divide((d - whole * n) * a, n);
}
inline float weighted_sum(float d, std::uint32_t a, std::uint32_t n) { return weighted(d, a, n); }

// part / whole in Q15.16, for shares; 0 of nothing is 0.
inline std::int32_t share(std::uint64_t part, std::uint64_t whole) {
    // 64 by 64 bits, for hosts mostly: explanations are rare
    return whole == 0 ? 0 : static_cast<std::int32_t>((part << 16) / whole);
}
// 0 also where the quotient leaves 32 bits or is no number, as a forged image can make it.
inline std::int32_t share(float part, float whole) {
    const float s = part / whole * 65536.0f;
    return s > -0x1p31f && s < 0x1p31f ? static_cast<std::int32_t>(s) : 0;
}

} // namespace twinbit
