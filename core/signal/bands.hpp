// Energies of frequency bands of a window, in octaves: Welch's mean over segments (1967), one axis after the other.
// Words in capi/RECIPE.md; what a feature is in band_sums.hpp.
//
// Memory, n points: plan 264 + 4n (KissFFT) + 2n + 8 (split) + 2n + 4 (taper, none if rectangular); scratch 8n and
// 12 (float 8) bytes a feature of an axis. Nothing in the image.
// Cost: segments times a transform; see band_sums.hpp for what follows.
// Blind to: phases, and where in the window something happened.
#pragma once

#include "signal/band_sums.hpp"

namespace twinbit {

template <class T> class Bands {
  public:
    explicit Bands(const Block &b)
        : block_(b), words_(b.setup.words), fft_(b.plan, words_.size()),
          taper_(at<T>(b.plan, fft_plan_bytes(words_.size()))) {}

    static bool shape(const Setup &s, Shape &out);

    void settle() const {
        fft_.settle();
        if (words_.taper() != Taper::rectangular) {
            make_taper(words_.taper(), words_.size(), taper_);
        }
    }

    void axis(const T *column, std::uint32_t axis, T *features) const;

  private:
    const Block &block_;
    BandWords words_;
    Fft<T> fft_;
    T *taper_;
};

template <class T> bool Bands<T>::shape(const Setup &s, Shape &out) {
    const BandWords w(s.words);
    if (s.count < BandWords::count_of_words || !w.are_good(s.count, s.window, w.size() / 2 + 1)) {
        return false;
    }
    const std::uint32_t n = w.size();
    out.set(w.features() * (w.fused() ? 1 : s.inputs), {}, 0, 8 * n + BandSums<T>::bytes(w),
            fft_plan_bytes(n) + align8(taper_bytes(w.taper(), n)));
    return true;
}

template <class T> void Bands<T>::axis(const T *column, std::uint32_t axis, T *features) const {
    const std::uint32_t n = words_.size();
    T *in = at<T>(block_.scratch, 0);
    T *out = at<T>(block_.scratch, 4 * n);
    BandSums<T> sums(block_, words_, block_.scratch + 8 * n);
    sums.begin(axis);
    const T *taper = words_.taper() != Taper::rectangular ? taper_ : nullptr;
    for (std::uint32_t s = 0; s < words_.segments(block_.setup.window); ++s) {
        const std::int32_t e = load(column + s * words_.hop(), n, taper, in, 1);
        fft_.real(in, out);
        sums.add(out, n, e);
    }
    sums.finish(column, axis, -transform_gain(out, n), features);
}

} // namespace twinbit
