// One axis of a window as a column of raw numbers, oldest first, and what is taken off it before features are made.
//
//   mean   x_i - m,                 m = (1/n) sum x_i
//   line   x_i - m - b t_i,         t_i = 2 i - (n - 1),   b = sum t_i x_i / sum t_i^2,   sum t_i^2 = n (n^2 - 1) / 3
//
// Scaling and overflow, fixed point: |x| < 2^23 and n <= 2^16, so sum x < 2^39 and sum t x < 2^54 are exact. m is
// rounded half up; a line has 24 bits below the point and is rounded once in the end (error below 2^-7 of a unit before
// that). A difference has up to 25 bits and is limited to 24: signals keep a bit free.
// Float: sums in the order of linear/lanes.hpp, the mean taken off before the line is sought.
#pragma once

#include "numbers/policy.hpp"

namespace twinbit {

enum class Detrend : std::uint8_t { none, mean, line };

inline constexpr std::uint32_t max_window = 65536;

// Mean of n numbers. In float what the first sum has lost is added by a second one over the differences: an offset
// large against the signal would cost it bits.
float mean_of(const float *x, std::uint32_t n);

void detrend(std::int32_t *column, std::uint32_t n, Detrend how);
void detrend(float *column, std::uint32_t n, Detrend how);

// n numbers of a ring, the oldest of them at `at`, 0 ... n, as a column.
template <class Stored, class Raw>
inline void unroll(const Stored *ring, std::uint32_t n, std::uint32_t at, Raw *column) {
    for (std::uint32_t i = at; i < n; ++i) {
        *column++ = ring[i];
    }
    for (std::uint32_t i = 0; i < at; ++i) {
        *column++ = ring[i];
    }
}

} // namespace twinbit
