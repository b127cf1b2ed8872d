// Powers of a spectrum as features of a recipe: summed over bands, over segments and, where the words say so, over axes;
// then octaves.
//
//   band   log2 sqrt(2 / (n^2 S mean w^2) * sum over segments and bins of |X|^2)   X[0] and X[n/2] count half
//   level  log2 sqrt(mean x^2) of the whole column
//   shape  each band less the mean of the bands
//
// n points, S segments, taper w. A band's value is the RMS that it holds: all bands from 0 to n/2 together hold the signal's
// own (Parseval). One octave is twice the amplitude.
//
// Scratch: an Amount for each feature of an axis, 12 bytes a number in fixed point, 8 in float.
#pragma once

#include "numbers/divide.hpp"
#include "signal/band_words.hpp"
#include "signal/power.hpp"

namespace twinbit {

// Octaves are within 2^7, so the mean lies in the range of quotient_half_up.
inline std::int32_t mean(const std::int32_t *v, std::uint32_t n) {
    std::int64_t sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += v[i];
    }
    return static_cast<std::int32_t>(quotient_half_up(sum, n));
}
inline float mean(const float *v, std::uint32_t n) {
    return lane_sum(n, [v](std::size_t i) { return v[i]; }) / static_cast<float>(n);
}

template <class T> class BandSums {
  public:
    using P = Power<T>;
    using Sum = typename P::Sum;

    static std::uint32_t bytes(const BandWords &w) {
        return align8(w.features() * static_cast<std::uint32_t>(sizeof(Sum))) + align8(w.features() * 4);
    }

    BandSums(const Block &block, const BandWords &words, std::uint8_t *scratch)
        : words_(words), axes_(block.setup.inputs), window_(block.setup.window), sum_(at<Sum>(scratch, 0)),
          exponent_(at<std::int32_t>(scratch, align8(words.features() * static_cast<std::uint32_t>(sizeof(Sum))))) {}

    // Before the segments of an axis.
    void begin(std::uint32_t axis) {
        if (axis != 0 && words_.fused()) {
            return;
        }
        for (std::uint32_t i = 0; i < words_.features(); ++i) {
            put(i, {0, 0});
        }
    }

    // A spectrum as Fft::real leaves it, of size n and in units of 2^e.
    void add(const T *z, std::uint32_t n, std::int32_t e) {
        for (std::uint32_t b = 0; b < words_.bands(); ++b) {
            const std::uint32_t first = words_.edge(b);
            const auto power = [z, n, first](std::size_t i) {
                return point(z, n, first + static_cast<std::uint32_t>(i));
            };
            add_to(b, {P::sum(words_.edge(b + 1) - first, power), e});
        }
    }

    // After them. `offset`: octaves in Q15.16 that turn sums of powers into RMS, beside the means over segments and axes.
    void finish(const T *column, std::uint32_t axis, std::int32_t offset, T *features) {
        if (words_.level()) {
            add_to(words_.bands(), energy(column, window_));
        }
        if (!words_.fused()) {
            write(features + axis * words_.features(), offset, 0);
        } else if (axis + 1 == axes_) {
            write(features, offset, -half_log2(axes_));
        }
    }

  private:
    static Sum point(const T *z, std::uint32_t n, std::uint32_t k) {
        if (k == 0) {
            return P::half(P::of(z[0], 0));
        }
        return 2 * k == n ? P::half(P::of(z[1], 0)) : P::of(z[2 * k], z[2 * k + 1]);
    }

    void put(std::uint32_t i, const Amount<T> &a) {
        sum_[i] = a.m;
        exponent_[i] = a.e;
    }
    void add_to(std::uint32_t i, const Amount<T> &more) {
        Amount<T> a = {sum_[i], exponent_[i]};
        a.add(more);
        put(i, a);
    }

    T octaves(std::uint32_t i, std::int32_t offset) const {
        return P::octaves(sum_[i], offset + exponent_[i] * 65536, words_.floor());
    }

    void write(T *features, std::int32_t offset, std::int32_t fused) const {
        const std::int32_t bands =
            offset + fused + 32768 + taper_loss(words_.taper()) - half_log2(words_.segments(window_));
        for (std::uint32_t b = 0; b < words_.bands(); ++b) {
            features[b] = octaves(b, bands);
        }
        if (words_.shape_only()) {
            const T middle = mean(features, words_.bands());
            for (std::uint32_t b = 0; b < words_.bands(); ++b) {
                features[b] -= middle;
            }
        }
        if (words_.level()) {
            features[words_.bands()] = octaves(words_.bands(), fused - half_log2(window_));
        }
    }

    BandWords words_;
    std::uint32_t axes_;
    std::uint32_t window_;
    Sum *sum_;
    std::int32_t *exponent_;
};

} // namespace twinbit
