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
// Memory: 48 bytes. Cost: one division and four products of 64 bits, 5 ns on a host.
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

    static constexpr std::uint32_t most_frames = 1u << 30;

    // Takes a value within +-(2^23 - 1). True: a drift is told with it.
    bool update(const PageHinkleyWords &w, std::int32_t x) {
        take(x);
        const std::int64_t d = (std::int64_t{x} * (1 << more_bits)) - mean();
        rise = limited(rise - approach_wide(rise, w.fading) + (d - w.delta));
        fall = limited(fall - approach_wide(fall, w.fading) + (d + w.delta));
        lowest = rise < lowest ? rise : lowest;
        highest = fall > highest ? fall : highest;
        const bool told = frames >= static_cast<std::uint32_t>(w.min_frames) && moved(w);
        if (told) {
            clear(*this);
        }
        return told;
    }

  private:
    static constexpr int more_bits = 8; // of mean and sums
    static constexpr std::int64_t most_sum = (std::int64_t{1} << 61) - 1;

    void take(std::int32_t x) {
        if (frames >= most_frames) {
            frames >>= 1;
            sum = half_up(sum, 1);
        }
        ++frames;
        sum += x;
    }

    // floor(sum 2^8 / n + 1/2), limited to +-2^31, which only forged sums reach. 2^31 more makes the dividend positive;
    // half of an odd n may be rounded down, since there are no ties then.
    std::int64_t mean() const {
        constexpr std::uint64_t bias = std::uint64_t{1} << 31;
        const std::uint64_t n = frames;
        const std::uint64_t q = divide((static_cast<std::uint64_t>(sum) << more_bits) + bias * n + n / 2, frames);
        return static_cast<std::int64_t>(q < 2 * bias ? q : 2 * bias) - static_cast<std::int64_t>(bias);
    }

    // |v| < 2^62. A branch that is never taken keeps the limits out of the chain from one frame's sum to the next's.
    static std::int64_t limited(std::int64_t v) {
        const bool outside = static_cast<std::uint64_t>(v + most_sum) > 2 * static_cast<std::uint64_t>(most_sum);
        if (__builtin_expect(outside ? 1 : 0, 0) != 0) {
            return v > 0 ? most_sum : -most_sum;
        }
        return v;
    }

    bool moved(const PageHinkleyWords &w) const {
        const std::int64_t threshold = std::int64_t{w.threshold} << more_bits;
        return (w.direction != downwards && rise - lowest > threshold) ||
               (w.direction != upwards && highest - fall > threshold);
    }
};
static_assert(sizeof(PageHinkley) == 48);

} // namespace twinbit
