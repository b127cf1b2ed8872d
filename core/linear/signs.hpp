// Sums of a vector's elements with random signs: one row of a matrix of +-1 that is never stored.
//
// A number of the generator has the signs of 32 elements: the even ones in its lower half, the odd ones in its upper, both
// from the top bit down; a set bit is -1. So one shift brings the signs of a pair into place.
//
// Fixed point: sum of all - 2 sum of the negative ones, exact, the first once for all rows.
// Scaling and overflow: 2^15 samples of 16 bits add up within 31 bits; 24 bits add up in 29 for each 32 of them, then in
// 64. F32 adds in the order of lanes.hpp; a change of sign is exact.
#pragma once

#include "linear/dot.hpp"
#include "linear/lanes.hpp"
#include "numbers/random.hpp"

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>
#endif

namespace twinbit {

// The sign of element i of 32, as the top bit.
constexpr std::uint32_t sign_of(std::uint32_t signs, std::uint32_t i) {
    return (signs << ((i % 2 == 0 ? 16u : 0u) + i / 2)) & 0x80000000u;
}
// The bit that it is.
constexpr std::uint32_t sign_bit(std::uint32_t i) { return (i % 2 == 0 ? 1u : 1u << 16) << (15 - i / 2); }

namespace plain {

// Sum of those of n <= 32 elements whose sign is set.
template <class R, int F, class C>
inline std::int32_t negatives(const Fixed<R, F, C> *x, std::uint32_t n, std::uint32_t signs) {
    std::int32_t sum = 0;
    for (std::uint32_t i = 0; i + 1 < n; i += 2, signs <<= 1) {
        const std::int32_t even = static_cast<std::int32_t>(signs << 16) >> 31;
        const std::int32_t odd = static_cast<std::int32_t>(signs) >> 31;
        sum += (x[i].raw & even) + (x[i + 1].raw & odd);
    }
    return n % 2 == 0 ? sum : sum + (x[n - 1].raw & (static_cast<std::int32_t>(signs << 16) >> 31));
}

} // namespace plain

// The same, of 32 elements.
#if defined(__ARM_FEATURE_DSP)
template <int F, class C> inline std::int32_t negatives32(const Fixed<std::int16_t, F, C> *x, std::uint32_t signs) {
    std::int32_t sum = 0;
    for (std::uint32_t i = 0; i < 32; i += 2, signs <<= 1) {
        std::uint32_t pair;
        std::memcpy(&pair, x + i, sizeof pair);
        sum = __smlad(static_cast<std::int32_t>(pair), static_cast<std::int32_t>((signs >> 15) & 0x00010001u), sum);
    }
    return sum;
}
#elif defined(__SSE2__) || defined(__ARM_NEON)
struct SignBits {
    std::uint32_t bit[32];
    constexpr SignBits() : bit() {
        for (std::uint32_t i = 0; i < 32; ++i) {
            bit[i] = sign_bit(i);
        }
    }
};
inline constexpr SignBits sign_bits = {};
template <class R, int F, class C> inline std::int32_t negatives32(const Fixed<R, F, C> *x, std::uint32_t signs) {
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < 32; ++i) {
        sum += (signs & sign_bits.bit[i]) != 0 ? x[i].raw : 0;
    }
    return sum;
}
#endif
#if defined(__ARM_FEATURE_DSP) || (!defined(__SSE2__) && !defined(__ARM_NEON))
template <class R, int F, class C> inline std::int32_t negatives32(const Fixed<R, F, C> *x, std::uint32_t signs) {
    return plain::negatives(x, 32, signs);
}
#endif

// sum is that of all n elements.
template <class R, int F, class C>
inline std::int64_t signed_sum(const Fixed<R, F, C> *x, std::uint32_t n, std::int64_t sum, Random &row) {
    for (; n >= 32; n -= 32, x += 32) {
        sum -= 2 * std::int64_t{negatives32(x, row.bits())};
    }
    return n == 0 ? sum : sum - 2 * std::int64_t{plain::negatives(x, n, row.bits())};
}

inline float signed_sum(const float *x, std::uint32_t n, float, Random &row) {
    Lanes sum;
    std::uint32_t signs = 0;
    for (std::uint32_t begin = 0; begin < n; begin += 8, signs <<= 4) {
        signs = begin % 32 == 0 ? row.bits() : signs;
        const std::uint32_t width = n - begin < 8 ? n - begin : 8;
        for (std::uint32_t k = 0; k < width; ++k) {
            sum.lane[k] += bits_float(float_bits(x[begin + k]) ^ sign_of(signs, k));
        }
    }
    return sum.total();
}

} // namespace twinbit
