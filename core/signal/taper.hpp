// Window functions: sums of cosines, periodic in n. Only k = 0 ... n/2 are kept, since w[n - k] = w[k].
//
//   w[k] = a0 - a1 cos(2 pi k / n) + a2 cos(4 pi k / n) - ...     mean of w^2 = a0^2 + (a1^2 + a2^2 + ...) / 2
#pragma once

#include <cstdint>

namespace twinbit {

// As they stand in a recipe. Rectangular needs no table.
enum class Taper : std::int32_t { rectangular, hann, hamming, blackman, flat_top };
inline constexpr std::int32_t tapers = 5;

constexpr std::uint32_t taper_bytes(Taper kind, std::uint32_t n) {
    return kind == Taper::rectangular ? 0 : 4 * (n / 2 + 1);
}

// Writes n/2 + 1 values, Q0.31 or float.
template <class T> void make_taper(Taper kind, std::uint32_t n, T *out);

// What a taper takes from the RMS of noise, in octaves, Q15.16: log2 of 1 / sqrt(mean w^2).
std::int32_t taper_loss(Taper kind);

} // namespace twinbit
