// Scores seen while calibrating, counted in 192 bins as wide as the scores ask for: 396 bytes.
//
// Bins begin 1/256 octave wide around the first score. A score that lies outside makes them twice as wide, in pairs, and
// the histogram grows to its side. Scores below are put into the lowest bin while that holds less than a quarter: only
// the median and what lies above it are ever read, and rare low scores (a frozen sensor) shall not widen the bins. So
// the upper three quarters of the scores spread over 48 bins or more, and within a bin they count as spread evenly.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

inline constexpr std::uint32_t histogram_bins = 192;

struct Histogram {
    std::int32_t low;    // lower edge of the lowest bin, Q15.16; scores of 7 bits and a sign keep it within 25 bits
    std::uint32_t width; // of bins: 2^(width - 9) octaves; 0 while nothing was counted; 12 covers all scores
    std::uint32_t zero;
    std::uint16_t bin[histogram_bins];
};

// Counts a score, octaves in Q15.16. A bin holds 65,535: what a calibration counts at most.
void count_score(Histogram &, std::int32_t score);

std::uint32_t total(const Histogram &);

// The level, Q15.16, that `above` scores in Q.8 lie above, of a histogram with more scores in it.
std::int32_t level_below(const Histogram &, std::uint32_t above);

// The lower edge, Q15.16, of the highest bins that hold at least a tenth of n scores, n > 0; and the scores there: how
// many and the moments of their excesses over the edge, in half bins, each taken at its bin's middle.
struct Excesses {
    std::int32_t edge;
    std::uint32_t count;
    std::uint32_t sum;     // below 2^25: 384 half bins for each of 65,535 scores
    std::uint32_t squares; // below 2^30: all but the lowest bin hold less than a tenth of the scores
};
Excesses top_tenth(const Histogram &, std::uint32_t n);

// Half a bin is 2^(this) units of Q15.16.
inline std::uint32_t half_bin_shift(const Histogram &h) { return h.width + 6; }

} // namespace twinbit
