// A threshold for a stated false-alarm rate from the histogram of calibration scores.
//
// With n scores and a wanted rate fa:
//   fa n >= 10   the (1 - fa) quantile
//   else         a generalised Pareto tail above t, the 90 % quantile (Hosking & Wallis 1987, by moments):
//                xi = 1/2 (1 - m^2 / v), limited to -1/4 ... 0.3;  sigma = m (1 - xi) (1 + 1/2 / sqrt k)
//                threshold = t + sigma / xi ((0.1 / fa)^xi - 1)
//                with m, v, k mean, variance and number of the excesses over t
// Measured on stationary scores, mean over draws: never more than 2x the wanted rate at 1e-2 from n = 200 and at 1e-3
// from n = 1,000. It errs to the low side, since a quantile is its bin's upper edge: half of the wanted rate with 2
// features, 0.2 to 0.4 of it with 8 to 16, whose scores lie closer together than a bin is wide.
// All integer: Q15.16 in and out. The moments' limits and the factor (1 + 1/2 / sqrt k) keep few scores on the safe
// side.
#pragma once

#include "monitor/histogram.hpp"

namespace twinbit {

// In: a histogram with scores in it; rate, Q0.31, above 0. Out: octaves, Q15.16.
std::int32_t threshold_for(const Histogram &, std::int32_t rate);

// The median, octaves, Q15.16, of a histogram with scores in it: what similarity 100 means.
std::int32_t typical_score(const Histogram &);

} // namespace twinbit
