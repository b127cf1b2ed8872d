// How rare a score is among those seen: counts in 96 bins of a quarter octave, from -12 to 12 octaves.
//
//   rarity(s)   log2( (n + 1) / (n(at or above the bin of s) + 1) )      octaves: -log2 of the tail's probability
//   count(s)    one more in the bin of s; all bins are halved when n reaches `forget` or a bin is full
//
// Read before the frame is counted, it is the probability of a new score among the old ones, whatever their shape: a
// score beyond all of n has log2(n + 1) octaves. Integers only: one form for every arithmetic.
#pragma once

#include "image/stage.hpp"
#include "numbers/fixed_log2.hpp"

namespace twinbit {

inline constexpr std::uint32_t tail_bins = 96;
inline constexpr std::int32_t tail_least = -(12 << 16);
inline constexpr int tail_bin_bits = 14; // a quarter octave in Q15.16

class TailCounts {
  public:
    explicit TailCounts(std::uint16_t *counts) : n_(counts) {}

    std::int32_t rarity(std::int32_t octaves) const { // Q15.16
        const std::uint32_t above = sum_from(bin_of(octaves));
        const std::uint32_t all = sum_from(0);
        return half_up(log2_q24(std::uint64_t{all} + 1) - log2_q24(std::uint64_t{above} + 1), 8);
    }

    void count(std::int32_t octaves, std::int32_t forget) {
        std::uint16_t &n = n_[bin_of(octaves)];
        ++n;
        if (n == UINT16_MAX || (forget > 0 && sum_from(0) >= static_cast<std::uint32_t>(forget))) {
            for (std::uint32_t i = 0; i < tail_bins; ++i) {
                n_[i] = static_cast<std::uint16_t>(n_[i] / 2);
            }
        }
    }

  private:
    static std::uint32_t bin_of(std::int32_t octaves) {
        if (octaves < tail_least) {
            return 0;
        }
        const std::uint32_t bin = static_cast<std::uint32_t>(octaves - tail_least) >> tail_bin_bits;
        return bin < tail_bins ? bin : tail_bins - 1;
    }
    std::uint32_t sum_from(std::uint32_t bin) const {
        std::uint32_t sum = 0;
        for (std::uint32_t i = bin; i < tail_bins; ++i) {
            sum += n_[i];
        }
        return sum;
    }

    std::uint16_t *n_;
};

} // namespace twinbit
