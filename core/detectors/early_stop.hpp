// Early stopping: learning ends when the average error has not become better for a while (Prechelt 1998). The same
// integers in every arithmetic.
//
//   average  += (level - average) / 2^s, 2^(s + 2) <= patience < 2^(s + 3): of the last eighth to quarter of patience
//   best     the least average yet that was better than the one before it by more than `improvement`
//   since    frames since then; learning ends when it reaches `patience`
//
// Levels are octaves, so improvement is a ratio: 0.05 octaves are 3.5 % of the error.
#pragma once

#include "numbers/bits.hpp"
#include "numbers/round.hpp"

namespace twinbit {

struct EarlyStop {
    std::int32_t &average; // octaves, Q7.24, within +-64
    std::int32_t &best;    // the same
    std::uint32_t &since;  // frames; with both others 0 while nothing was seen

    // Patience 0 never ends.
    bool ended(std::uint32_t patience) const { return patience != 0 && since >= patience; }

    // level and improvement in octaves, Q15.16.
    void observe(std::int32_t level, std::uint32_t patience, std::int32_t improvement) {
        const std::int32_t fine = level * 256; // level lies within +-64, improvement within 24
        if (average == 0 && best == 0 && since == 0) {
            average = fine;
            best = fine;
            return;
        }
        const int bits = 32 - leading_zeros(patience);
        average += half_up(fine - average, bits > 3 ? bits - 3 : 0);
        if (best - average > improvement * 256) {
            best = average;
            since = 0;
        } else if (since < UINT32_MAX) {
            ++since;
        }
    }

    void restart() {
        average = 0;
        best = 0;
        since = 0;
    }
};

} // namespace twinbit
