// Page-Hinkley: has the mean of a stream of values moved? (E. S. Page, Biometrika 41, 1954; D. V. Hinkley, Biometrika
// 58, 1971.) Two sums of deviations from the running mean, as in River's drift.PageHinkley:
//
//   n += 1;  mean = sum of x / n;  d = x - mean
//   rise = a rise + d - delta      lowest  = min(lowest, rise)         a = 1 - fading
//   fall = a fall + d + delta      highest = max(highest, fall)
//   n >= min_frames and (rise - lowest > threshold or highest - fall > threshold): a drift is told, and all begins anew
//
// fading = 0 is Page's own test: on independent values of variance v false alarms fall as exp(-2 delta threshold /
// v). With fading, River's default, the sums come to rest after 1 / fading frames where delta no longer pulls them,
// and noise alone passes a threshold of their spread now and then, whatever delta is (core/DESIGN.md).
//
// Scaling and overflow: values are integers of 24 bits and their sum is exact; mean, sums and delta have 8 bits more
// (units of 2^-8 of the value's). Each frame rounds mean and fading by 2^-9 of a unit each at most: the sums are off
// by less than 2^-8 min(n, 1 / fading) units, by half a unit in 10^6 frames as measured. They are limited to +-2^61,
// 2^28 frames of the largest deviations in a row; without fading, where that may be, the limit changes no decision,
// since only what comes behind the lowest point counts. At 2^30 frames without a drift n and sum are halved: from
// there on the mean is that of the last 2^29 to 2^30 frames, more or less.
// Memory: 48 bytes. Cost: one division and four products of 64 bits, 6 ns on a host.
// Blind to: a mean that moves by less than delta, a spread that changes. A cycle whose excursion outgrows the
// threshold is a drift to it.
#pragma once

#include "drift/value.hpp"
#include "memory/bytes.hpp"
#include "numbers/approach.hpp"
#include "numbers/divide.hpp"

namespace twinbit {

// The words, in their order.
struct PageHinkleyWords {
    std::int32_t unit;       // of floats
    std::int32_t threshold;  // in the value's unit
    std::int32_t delta;      // 2^-8 of it: what the mean may move without being noticed
    std::int32_t fading;     // Q0.31: how much of the sums each frame forgets
    std::int32_t min_frames; // before the first drift
    std::int32_t direction;
};
inline constexpr std::uint32_t page_hinkley_words = 6;
inline constexpr std::int32_t both_ways = 0, upwards = 1, downwards = 2;

// What it knows; a fresh one is all 0, also as the first frame's lowest and highest sum, which are -delta and delta.
struct PageHinkley {
    std::uint32_t frames;
    std::uint32_t zero;
    std::int64_t sum; // of the values
    std::int64_t rise, fall;
    std::int64_t lowest, highest;
};
static_assert(sizeof(PageHinkley) == 48);

// Takes a value within +-(2^23 - 1). True: a drift is told with it.
bool watch(PageHinkley &p, const PageHinkleyWords &w, std::int32_t x);

} // namespace twinbit
