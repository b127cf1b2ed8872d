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
#include "linear/signs_sse2.hpp"
#include "numbers/random.hpp"

#if defined(__ARM_FEATURE_DSP)
#include <arm_acle.h>
#endif

namespace twinbit {

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
template <class R, int F, class C> inline std::int32_t negatives32(const Fixed<R, F, C> *x, std::uint32_t signs) {
    return plain::negatives(x, 32, signs);
}
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
#elif defined(__SSE2__)
template <int F, class C> inline std::int32_t negatives32(const Fixed<std::int16_t, F, C> *x, std::uint32_t signs) {
    return sse2::negatives32(reinterpret_cast<const std::int16_t *>(x), signs);
}
template <int F, class C> inline std::int32_t negatives32(const Fixed<std::int32_t, F, C> *x, std::uint32_t signs) {
    return sse2::negatives32(reinterpret_cast<const std::int32_t *>(x), signs);
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

// Eight elements into their lanes: written out, so that lanes are registers at every level of optimisation.
namespace plain {

inline float with_sign(float x, std::uint32_t signs, std::uint32_t i) {
    return bits_float(float_bits(x) ^ sign_of(signs, i));
}

struct SignedLanes {
    Lanes sum;

    void add(const float *x, std::uint32_t signs) {
        sum.lane[0] += with_sign(x[0], signs, 0);
        sum.lane[1] += with_sign(x[1], signs, 1);
        sum.lane[2] += with_sign(x[2], signs, 2);
        sum.lane[3] += with_sign(x[3], signs, 3);
        sum.lane[4] += with_sign(x[4], signs, 4);
        sum.lane[5] += with_sign(x[5], signs, 5);
        sum.lane[6] += with_sign(x[6], signs, 6);
        sum.lane[7] += with_sign(x[7], signs, 7);
    }
    float total() const { return sum.total(); }
};

} // namespace plain

#if defined(__SSE2__)
using SignedLanes = sse2::SignedLanes;
#else
using SignedLanes = plain::SignedLanes;
#endif

// After the last element come zeros.
inline float signed_sum(const float *x, std::uint32_t n, float, Random &row) {
    SignedLanes sum;
    std::uint32_t signs = 0;
    std::uint32_t i = 0;
    for (; i + 8 <= n; i += 8, signs <<= 4) {
        signs = i % 32 == 0 ? row.bits() : signs;
        sum.add(x + i, signs);
    }
    if (i < n) {
        float last[8] = {};
        std::memcpy(last, x + i, (n - i) * sizeof(float));
        sum.add(last, i % 32 == 0 ? row.bits() : signs);
    }
    return sum.total();
}

} // namespace twinbit
