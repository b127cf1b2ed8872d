// Inner products of samples, in each arithmetic.
//
// Scaling and overflow: fixed point is exact in 64 bits, so every order and every kernel gives the same bits.
//   Q15  Q3.12 * Q3.12 -> Q.24, 30 bits a product: exact to d = 2^33
//   Q31  Q.20 * Q.20 -> Q.40, 46 bits a product: exact to d = 2^17
//   F32  the written order of lanes.hpp
#pragma once

#include "linear/lanes.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

template <class Ra, int Fa, class Ca, class Rb, int Fb, class Cb>
inline std::int64_t dot(const Fixed<Ra, Fa, Ca> *a, const Fixed<Rb, Fb, Cb> *b, std::uint32_t n) {
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += std::int64_t{a[i].raw} * b[i].raw;
    }
    return sum;
}

inline float dot(const float *a, const float *b, std::uint32_t n) {
    return lane_sum(n, [a, b](std::size_t i) { return a[i] * b[i]; });
}

// Sum of the elements: exact in fixed point for n <= sum_frames, lanes in F32.
template <class R, int F, class C> inline std::int64_t total(const Fixed<R, F, C> *a, std::uint32_t n) {
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += a[i].raw;
    }
    return sum;
}

inline float total(const float *a, std::uint32_t n) {
    return lane_sum(n, [a](std::size_t i) { return a[i]; });
}

} // namespace twinbit
