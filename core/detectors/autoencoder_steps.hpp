// What an autoencoder asks about its numbers, in each arithmetic.
#pragma once

#include "linear/dense.hpp"
#include "linear/sums.hpp"
#include "numbers/neural.hpp"

namespace twinbit {

inline const float *values_of(const float *x) { return x; }
template <class R, int F, class C> inline const R *values_of(const Fixed<R, F, C> *x) { return &x->raw; }

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
