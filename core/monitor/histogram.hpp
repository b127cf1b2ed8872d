// Scores seen while calibrating, counted in bins of 1/8 octave from -12 to 12 octaves: 384 bytes.
//
// What a quantile read from it is worth: half a bin, 1/16 octave (4.4 % of a distance). Scores outside go to the end
// bins.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

inline constexpr std::uint32_t histogram_bins = 192;

struct Histogram {
    std::uint16_t bin[histogram_bins];
};

// Counts a score, octaves in Q15.16. A full bin stays full: 65,535.
void count_score(Histogram &, std::int32_t score);

std::uint32_t total(const Histogram &);

// Upper edge, Q15.16, of the bin that holds the rank-th smallest score; rank from 1.
std::int32_t upper_edge(const Histogram &, std::uint32_t rank);

// Excesses of the scores above an edge, each taken at its bin's middle: their count and moments, in 1/16 octave.
struct Excesses {
    std::uint32_t count;
    std::uint32_t sum;     // below 2^22: at most a tenth of 65,535 scores lie above the 90 % quantile
    std::uint32_t squares; // below 2^30
};
Excesses excesses(const Histogram &, std::int32_t edge);

} // namespace twinbit
