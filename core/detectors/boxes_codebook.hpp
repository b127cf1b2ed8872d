// A codebook of boxes, after fuzzy adaptive resonance (Carpenter, Grossberg & Rosen 1991): what was seen lies in boxes with
// sides along the axes; a vector is as new as it lies outside of the nearest.
//
//   distance   sum over the features of gain (max(low - u, 0) + max(u - high, 0))
//   learn      the nearest box grows to hold u if the sum of its sides, by the same gains, stays within a limit;
//              otherwise u becomes a box of its own, in the place of the one that has not been nearest for longest
//
// u are numbers of 16 bits, gains are what one unit is worth, 1 = 2^26. Where a feature's range has outgrown 16 bits, u
// comes in units of 2^shift; the boxes are read so, too, and rewritten only when the frame is learned. Exact in 32 bits:
// a feature's part is at most 1 by its range (2^26), or 8 for a deviation (4 of them); a forged image's sums wrap.
// Memory: 4 bytes a box and feature, 4 bytes a box. Cost: about 10 instructions a box and feature, less where a partial
// sum is already beyond the nearest.
#pragma once

#include "detectors/seasonal_average.hpp"

namespace twinbit {

// One feature of a vector.
struct Coordinate {
    std::uint32_t gain;
    std::int16_t u;
    std::uint16_t shift; // 0 ... 15: old units are 2^-shift of these
};

struct Nearest {
    std::uint32_t box;      // the number of boxes if there is none
    std::uint32_t distance; // Q.26, summed over features; 0 without boxes
};

class Codebook {
  public:
    // Box i has its lows at low + stride i, its highs at high + stride i; used[i] is 0 or when it was last nearest.
    Codebook(std::int16_t *low, std::int16_t *high, std::uint32_t *used, std::uint32_t boxes, std::uint32_t stride,
             std::uint32_t features)
        : low_(low), high_(high), used_(used), boxes_(boxes), stride_(stride), d_(features) {}

    Nearest nearest(const Coordinate *x) const {
        Nearest best = {boxes_, UINT32_MAX};
        for (std::uint32_t i = 0; i < boxes_ && used_[i] != 0 && best.distance != 0; ++i) {
            const std::uint32_t distance = outside(i, x, best.distance);
            best = distance < best.distance ? Nearest{i, distance} : best;
        }
        return best.box == boxes_ ? Nearest{boxes_, 0} : best;
    }

    // Learns x, whose nearest box is known; limit as distances.
    void learn(const Coordinate *x, const Nearest &near, std::uint64_t limit, std::uint32_t now) {
        coarsen(x);
        if (near.box < boxes_ && sides_with(near.box, x) <= limit) {
            grow(near.box, x);
            used_[near.box] = now;
            return;
        }
        const std::uint32_t box = longest_unused();
        for (std::uint32_t j = 0; j < d_; ++j) {
            low(box)[j] = x[j].u;
            high(box)[j] = x[j].u;
        }
        used_[box] = now;
    }

    // What feature j adds to the distance of box i.
    std::uint32_t part(std::uint32_t i, std::uint32_t j, const Coordinate &x) const {
        const std::int32_t under = coarse(low(i)[j], x.shift) - x.u;
        const std::int32_t over = x.u - coarse(high(i)[j], x.shift);
        const std::int32_t out = under > over ? under : over;
        return out > 0 ? static_cast<std::uint32_t>(out) * x.gain : 0;
    }

  private:
    std::int16_t *low(std::uint32_t i) const { return low_ + stride_ * i; }
    std::int16_t *high(std::uint32_t i) const { return high_ + stride_ * i; }

    static std::int16_t coarse(std::int16_t v, int s) { // half up; bounds keep their order
        return static_cast<std::int16_t>((v + ((1 << s) >> 1)) >> s);
    }
    void coarsen(const Coordinate *x) {
        for (std::uint32_t j = 0; j < d_; ++j) {
            for (std::uint32_t i = 0; x[j].shift != 0 && i < boxes_; ++i) {
                low(i)[j] = coarse(low(i)[j], x[j].shift);
                high(i)[j] = coarse(high(i)[j], x[j].shift);
            }
        }
    }
    std::uint32_t outside(std::uint32_t i, const Coordinate *x, std::uint32_t most) const {
        std::uint32_t sum = 0;
        for (std::uint32_t j = 0; j < d_ && sum < most; ++j) {
            sum += part(i, j, x[j]);
        }
        return sum;
    }
    std::uint64_t sides_with(std::uint32_t i, const Coordinate *x) const {
        std::uint64_t sum = 0;
        for (std::uint32_t j = 0; j < d_; ++j) {
            const std::int32_t from = low(i)[j] < x[j].u ? low(i)[j] : x[j].u;
            const std::int32_t to = high(i)[j] > x[j].u ? high(i)[j] : x[j].u;
            sum += std::uint64_t{x[j].gain} * static_cast<std::uint32_t>(to - from);
        }
        return sum;
    }
    void grow(std::uint32_t i, const Coordinate *x) {
        for (std::uint32_t j = 0; j < d_; ++j) {
            low(i)[j] = low(i)[j] < x[j].u ? low(i)[j] : x[j].u;
            high(i)[j] = high(i)[j] > x[j].u ? high(i)[j] : x[j].u;
        }
    }
    std::uint32_t longest_unused() const {
        std::uint32_t box = 0;
        for (std::uint32_t i = 1; i < boxes_; ++i) {
            box = used_[i] < used_[box] ? i : box;
        }
        return box;
    }

    std::int16_t *low_, *high_;
    std::uint32_t *used_;
    std::uint32_t boxes_, stride_, d_;
};

// Novelty is the mean distance of a feature in Q.26, averaged: a whole number of at most 31 bits, then octaves.
inline constexpr int novelty_frac = 26;
inline constexpr int novelty_bits = 31;

// Limits of the words.
inline constexpr std::int32_t max_boxes = 256;
inline constexpr std::int32_t max_side = 8 * 65536;

// `side` in Q0.16, of each feature.
inline std::uint64_t side_limit(std::int32_t side, std::uint32_t features) {
    return (static_cast<std::uint64_t>(side) * features) << (novelty_frac - 16);
}
inline std::uint32_t next_novelty(std::uint32_t novelty, const Nearest &near, std::uint32_t features,
                                  std::int32_t frames) {
    const std::uint32_t mean = divide(near.distance, features) & ((1u << novelty_bits) - 1);
    return static_cast<std::uint32_t>(whole_toward(novelty, mean, static_cast<std::uint32_t>(frames)));
}
inline std::int32_t novelty_octaves(std::uint32_t novelty) {
    return novelty == 0 ? least_octaves : half_up(log2_q24(std::uint64_t{novelty}), 8) - (novelty_frac << 16);
}

// A value on its range, from `origin`; before: the range without it, whose exponent the boxes are in.
template <class P>
Coordinate coordinate_of(typename Average<P>::State v, typename Average<P>::State range,
                         typename Average<P>::State before) {
    const int e = Average<P>::exponent(range);
    const int grown = e - Average<P>::exponent(before);
    const int shift = grown > 0 ? grown : 0; // a range never shrinks but in a forged image
    return {coordinate_gain<P>(range, e), Average<P>::coordinate(v, e),
            static_cast<std::uint16_t>(shift < 15 ? shift : 15)};
}

} // namespace twinbit
