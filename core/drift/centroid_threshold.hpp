// A threshold for a stated rate of false drifts from the distances of windows that were drawn while calibrating.
//
// T, the squared distance of a window's mean in units of what chance leaves, is a weighted sum of chi-squares where
// features are Gaussian. Its cube root r is nearly Gaussian whatever the weights (Wilson & Hilferty, PNAS 17(12),
// 1931), while its logarithm has a long lower tail and T itself a long upper one. So with N independent windows, r's
// mean m and deviation s, and p the share of windows that may be false:
//   r* = m + s t sqrt(1 + 1 / N)      t: upper p quantile of Student's distribution with N - 1 degrees
//   threshold = 3/2 log2 r*           octaves of distance
// the limit that one more window stays below with probability 1 - p, m and s being estimates.
//   t = z + (z^3 + z) / 4v + (5 z^5 + 16 z^3 + 3 z) / 96 v^2, v = N - 1    (Cornish & Fisher 1938)
//   z: the normal quantile, by formula 26.2.23 of Abramowitz & Stegun, off by 0.0005 at most
//
// All integer, Q.16. r is limited to 2^7 and 65,535 windows are counted, so that sums of squares fit 62 bits.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

// 2^(2/3 level), Q.16: r of a distance in octaves, Q15.16.
std::uint32_t root_of_level(std::int32_t level);

// What was seen of r: at least 4 windows for each of `overlap`, all below 2^16.
struct Roots {
    std::uint32_t count;
    std::uint64_t sum, squares;
    std::uint32_t overlap; // windows that share frames: N = count / overlap
};

// p: Q0.31, above 0; limited to a fifth. Without the margin, octaves, Q15.16.
std::int32_t threshold_of(const Roots &, std::uint64_t p);

// The steps, for tests. Q.16.
std::int32_t normal_quantile(std::uint32_t p);
std::int32_t student_quantile(std::int32_t z, std::uint32_t degrees);

} // namespace twinbit
