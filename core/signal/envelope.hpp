// The spectrum of the envelope of a frequency band, in octaves: what a bearing's fault rings with, and how often (McFadden
// & Smith 1984; Randall & Antoni 2011). Words in capi/RECIPE.md: low, high, demodulate, then those of bands.
//
//   X = transform of n samples;  z[j] = 2/n * sum over low <= k < high of X[k] exp(2 pi i k j / m), m = n/2
//   e[j] = |z[j]| (Hilbert) or |Re z[j]| (rectified);  bands of the spectrum of w (e - mean e)
//
// z is the analytic signal of the band at every second sample: the band alone needs no more. An inverse transform is a
// forward one of conjugates, which changes no |z|. Bin k of the result is k / n of the sampling rate, as in bands, and
// there are n/4 + 1.
//
// Scaling, fixed point: normalised to 29 bits before each of the three transforms and before the root; exponents add up.
// Memory: as bands, taper of n/4 + 1 values. Cost: three transforms of n/2 complex points and n/2 square roots a segment.
// Blind to: what does not repeat within the segment; lines outside the band.
#pragma once

#include "signal/band_sums.hpp"

namespace twinbit {

template <class T> class Envelope {
  public:
    static constexpr std::uint32_t own_words = 3;

    explicit Envelope(const Block &b)
        : block_(b), words_(b.setup.words + own_words), n_(words_.size()), fft_(b.plan, n_),
          taper_(at<T>(b.plan, fft_plan_bytes(n_))) {}

    static bool shape(const Setup &s, Shape &out);

    void settle() const {
        fft_.settle();
        if (words_.taper() != Taper::rectangular) {
            make_taper(words_.taper(), n_ / 2, taper_);
        }
    }

    void axis(const T *column, std::uint32_t axis, T *features) const;

  private:
    // Adds the spectrum of one segment's envelope.
    void segment(const T *x, BandSums<T> &sums) const;

    const Block &block_;
    BandWords words_;
    std::uint32_t n_;
    Fft<T> fft_;
    T *taper_;
};

} // namespace twinbit
