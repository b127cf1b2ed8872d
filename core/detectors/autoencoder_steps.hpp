// Sums that an autoencoder takes beside its layers: the energy of a layer's inputs, the error of a reconstruction.
//
// Scaling and overflow: inputs are below 8 and at most 1023 (Q15) or 512 (Q31), errors below 16, so squares have
// 30 or 48 bits and their sums fit 64.
#pragma once

#include "linear/dense.hpp"
#include "linear/lanes.hpp"
#include "linear/sums.hpp"
#include "numbers/neural.hpp"

namespace twinbit {

inline const float *values_of(const float *x) { return x; }
template <class R, int F, class C> inline const R *values_of(const Fixed<R, F, C> *x) { return &x->raw; }

// |v|^2, in fixed point with twice as many fraction bits.
inline float energy(const float *v, std::uint32_t n) {
    return lane_sum(n, [v](std::size_t i) { return v[i] * v[i]; });
}
inline std::uint64_t energy(const std::int16_t *v, std::uint32_t n) {
    std::uint64_t sum = 0;
    for (; n >= 4; n -= 4, v += 4) { // two squares fit 31 bits, four fit 32
        sum += static_cast<std::uint32_t>(v[0] * v[0] + v[1] * v[1]) +
               static_cast<std::uint32_t>(v[2] * v[2] + v[3] * v[3]);
    }
    for (; n > 0; --n, ++v) {
        sum += static_cast<std::uint32_t>(*v * *v);
    }
    return sum;
}
inline std::uint64_t energy(const std::int32_t *v, std::uint32_t n) {
    std::uint64_t sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += static_cast<std::uint64_t>(std::int64_t{v[i]} * v[i]);
    }
    return sum;
}

// A sum of squared errors as a distance: in units of 2^-24 in fixed point. E is the type of the errors.
template <class E> inline float distance_of(float squares) { return squares; }
template <class E> inline std::uint64_t distance_of(std::uint64_t squares) {
    return sizeof(E) == 2 ? squares << 2 : half_up(squares, 16);
}

// Where W[input][output] lies in a layer: by inputs in float, by outputs in fixed point.
inline std::uint32_t weight_at(const float *, std::uint32_t i, std::uint32_t j, std::uint32_t, std::uint32_t m) {
    return i * m + j;
}
inline std::uint32_t weight_at(const std::int32_t *, std::uint32_t i, std::uint32_t j, std::uint32_t n, std::uint32_t) {
    return j * n + i;
}

} // namespace twinbit
