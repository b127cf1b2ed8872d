// Sums of a vector's elements with random signs: one row of a matrix of +-1 that is never stored.
//
// Signs come from a generator, 32 of them a number, from its lowest bit up; a set bit is -1.
// Scaling and overflow: d <= 2^15 samples of 16 bits add up within 31 bits; 24 bits add up in 29 for each 32 of
// them, then in 64. F32 adds in the order of lanes.hpp; a change of sign is exact.
#pragma once

#include "linear/lanes.hpp"
#include "numbers/fixed.hpp"
#include "numbers/random.hpp"

namespace twinbit {

// x or -x by the lowest bit.
inline std::int32_t with_sign(std::int32_t x, std::uint32_t bit) {
    const std::int32_t mask = -static_cast<std::int32_t>(bit & 1u);
    return (x ^ mask) - mask;
}
inline float with_sign(float x, std::uint32_t bit) { return bits_float(float_bits(x) ^ (bit << 31)); }

template <class R, int F, class C>
inline std::int64_t signed_sum(const Fixed<R, F, C> *x, std::uint32_t n, Random &signs) {
    std::int64_t sum = 0;
    for (std::uint32_t begin = 0; begin < n; begin += 32) {
        const std::uint32_t end = n - begin < 32 ? n : begin + 32;
        std::uint32_t bits = signs.bits();
        std::int32_t part = 0;
        for (std::uint32_t i = begin; i < end; ++i, bits >>= 1) {
            part += with_sign(std::int32_t{x[i].raw}, bits);
        }
        sum += part;
    }
    return sum;
}

inline float signed_sum(const float *x, std::uint32_t n, Random &signs) {
    std::uint32_t bits = 0;
    return lane_sum(n, [=, &signs, &bits](std::size_t i) {
        bits = i % 32 == 0 ? signs.bits() : bits >> 1;
        return with_sign(x[i], bits);
    });
}

} // namespace twinbit
