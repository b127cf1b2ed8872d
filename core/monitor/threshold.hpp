// A threshold for a stated false-alarm rate from the histogram of calibration scores.
//
// With n scores and a wanted rate fa:
//   fa n >= 10   the level that fa n of the scores lie above, between the edges of its bin by proportion
//   else         a generalised Pareto tail (Hosking & Wallis 1987, by moments) above t, the highest edge of a bin that
//                at least a tenth of the scores lie above, k of them:
//                xi = 1/2 (1 - m^2 / v), limited to -0.35 ... 0.3;  sigma = m (1 - xi) (1 + 1/2 / sqrt(a k))
//                threshold = t + sigma / xi ((k / (fa n))^xi - 1)
//                with m and v mean and variance of the excesses over t, and a the weight of the newest score in the
//                smoothing: smoothed scores are not independent
// Measured on stationary scores, mean over draws: within 2x of the wanted rate at 1e-2 from n = 200 and at 1e-3 from
// n = 1,000, smoothed or not. tests/benchmarks/alarm_rates.py prints what several detectors do.
// All integer: Q15.16 in and out. The moments' limits and sigma's last factor keep few scores on the safe side.
#pragma once

#include "monitor/histogram.hpp"

namespace twinbit {

// In: a histogram with scores in it; rate and the weight a, Q0.31, above 0. Out: octaves, Q15.16.
std::int32_t threshold_for(const Histogram &, std::int32_t rate, std::int32_t alpha);

// The median, octaves, Q15.16, of a histogram with scores in it: what similarity 100 means.
std::int32_t typical_score(const Histogram &);

} // namespace twinbit
