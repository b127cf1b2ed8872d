// Centroid drift: has the middle of an operating mode moved? After Yamada & Matsutani (arXiv 2212.09637, 2022), who
// compare a trained centroid of each label with a recent one that is updated sequentially. Here labels are operating
// modes that are found on line, distances have a mode's own spread as their unit, and the threshold has a stated rate.
//
//   learning     modes j with centroids m_j of N_j frames, and their spreads: centroid_modes.hpp
//   assign       j = argmin_j |x - m_j|^2
//   recent       c_j, the mean of a window of W frames of mode j; `windows` of them, W / windows frames apart
//   distance     T = mean_i (c_ji - m_ji)^2 / V_ji / (1 / W + 1 / N_j), 1 by chance;  level = 1/2 log2 T, octaves
//   unit         V_ji = 1/2 (v_ji + mean_i v_ji), v_ji the running mean of (x_i - m_ji)^2 over calibrating frames; it
//                begins as the mode's spread over all features, with a weight of at most 32 frames
//   calibrating  windows of W frames in a row, as they will be watched, that begin at random frames (a moving block
//                bootstrap, Kuensch, Annals of Statistics 17(3), 1989, without a buffer); their levels make the
//                threshold: centroid_threshold.hpp
//   watching     a drift is told when any mode's level is above the threshold; it learns anew with the next frame
//
// rate is of frames: windows / W windows end with each. Calibrating goes on until 4 windows for each of `windows`
// ended. A feature that differs from visit to visit of a mode, and not within one, has a large v by then and counts
// less; halfway to the mean, since a feature that hardly moves would rule otherwise (measured: core/DESIGN.md).
// W frames in a row keep how frames depend on each other; of shorter blocks, or with frames left out, windows are too
// alike.
//
// Scaling and overflow: squared distances in Q.24 (linear/distance.hpp), sums of 2^16 frames at most, exact in fixed
// point; F32 in written order. Levels, thresholds and counts are integers in every arithmetic.
// Memory: centroid_state.hpp. Cost of a frame: K d multiplications and `windows` d additions, d more multiplications
// while calibrating, and d divisions for a window that ends; learning K d, and K^2 d when a far frame comes.
// A mode that learned fewer than W frames is not used: its centroid is noise, and it alone would tell drifts.
// Blind to: what changes spread or order and leaves the means; modes whose share of time changes; a drift that passes
// within half a window, or that was there while it calibrated. A mode that is new is a drift.
#pragma once

#include "detectors/level.hpp"
#include "drift/centroid_modes.hpp"
#include "drift/centroid_threshold.hpp"
#include "numbers/random.hpp"

namespace twinbit {

template <class P> class CentroidDrift {
  public:
    using Sample = typename P::Sample;
    using State = CentroidState<P>;

    // Checks the words, says what memory they need.
    static bool shape(const Setup &, Shape &);

    explicit CentroidDrift(const Block &block) : b_(block), s_(block.setup), d_(block.setup.inputs) {}
    CentroidDrift(const CentroidDrift &) = delete;
    CentroidDrift &operator=(const CentroidDrift &) = delete;

    // Takes a frame. True: a drift is told with it.
    bool update(const Sample *x);

  private:
    using Sum = typename P::Sum;
    using N = CentroidNumbers<P>;
    static constexpr std::uint32_t prior = 32;
    static constexpr std::uint32_t fewest = 4; // windows to calibrate with, of each
    static constexpr std::uint32_t most_replicates = 65535;
    static constexpr std::uint32_t most_features = 16384; // sums of 2^16 squared distances fit 62 bits

    const CentroidWords &words() const { return centroid_words_of(b_.setup); }
    CentroidModes<P> modes() const { return {b_.image, s_}; }
    std::uint32_t length() const { return static_cast<std::uint32_t>(words().window); }
    CentroidPhase phase() const { return static_cast<CentroidPhase>(one(State::phase)); }
    std::uint32_t &one(std::uint32_t field) const { return *at<std::uint32_t>(b_.image, s_.offset[field]); }
    std::uint64_t &wide(std::uint32_t field) const { return *at<std::uint64_t>(b_.image, s_.offset[field]); }
    std::int32_t &threshold() const { return *at<std::int32_t>(b_.image, s_.offset[State::threshold]); }
    std::int32_t &count(std::uint32_t w, std::uint32_t j) const {
        return at<std::int32_t>(b_.image, s_.first + w * s_.bytes + s_.window_offset[State::count])[j];
    }
    Sum *sum(std::uint32_t w, std::uint32_t j) const {
        return at<Sum>(b_.image, s_.first + w * s_.bytes + s_.window_offset[State::sum]) + j * d_;
    }

    std::uint32_t &weight(std::uint32_t j) const { return at<std::uint32_t>(b_.image, s_.offset[State::weight])[j]; }
    typename N::Variance *variance(std::uint32_t j) const {
        return at<typename N::Variance>(b_.image, s_.offset[State::variance]) + j * d_;
    }

    void begin(CentroidPhase);
    void flatten();
    void spread_out(std::uint32_t j, const Sample *x);
    void draw(std::uint32_t w, std::uint32_t j);
    bool over(std::int32_t frames);
    bool fill(std::uint32_t w, std::uint32_t j, const Sample *x);
    std::int32_t level(std::uint32_t w, std::uint32_t j) const;
    void calibrate(const Sample *x);
    void replicate(std::int32_t level);
    void set_threshold();
    bool watch(const Sample *x);

    Block b_;
    State s_;
    std::uint32_t d_;
};

template <class P> bool CentroidDrift<P>::shape(const Setup &s, Shape &out) {
    if (s.count != centroid_words || s.inputs < 1 || s.inputs > most_features) {
        return false;
    }
    const CentroidWords &w = centroid_words_of(s);
    constexpr auto most = static_cast<std::int32_t>(sum_frames);
    if (w.modes < 1 || w.modes > State::max_modes || w.windows < 1 || w.windows > State::max_windows || w.window < 2 ||
        w.window > State::max_window || w.learning < 2 || w.learning > most || w.calibrating < 2 ||
        w.calibrating > most || w.rate < 1 || w.margin < 0 || w.margin > 1 << 20) {
        return false;
    }
    const Dimensions n = {static_cast<std::uint32_t>(w.modes), s.inputs};
    out.set(s.inputs, n, State::fields);
    out.inner = {State::window_table, State::window_fields, n, static_cast<std::uint32_t>(w.windows)};
    return true;
}

template <class P> bool CentroidDrift<P>::update(const Sample *x) {
    bool told = false;
    switch (phase()) {
    case CentroidPhase::learning:
        modes().learn(x);
        if (over(words().learning)) {
            modes().settle(length());
            flatten();
            begin(CentroidPhase::calibrating);
        }
        break;
    case CentroidPhase::calibrating:
        calibrate(x);
        if (over(words().calibrating) && one(State::replicates) >= fewest * s_.windows) {
            set_threshold();
            begin(CentroidPhase::watching);
        }
        break;
    default:
        told = watch(x);
        if (told) {
            std::memset(b_.image, 0, s_.size());
        }
    }
    return told;
}

// Counts a frame of the phase: it has had that many.
template <class P> bool CentroidDrift<P>::over(std::int32_t frames) {
    std::uint32_t &taken = one(State::taken);
    taken += taken < sum_frames ? 1 : 0;
    return taken >= static_cast<std::uint32_t>(frames);
}

// All windows are empty: those to calibrate with begin at random, those to watch with one after the other.
template <class P> void CentroidDrift<P>::begin(CentroidPhase next) {
    one(State::phase) = static_cast<std::uint32_t>(next);
    one(State::taken) = 0;
    one(State::draws) = Random(static_cast<std::uint32_t>(words().seed)).state();
    std::memset(b_.image + s_.first, 0, s_.windows * s_.bytes);
    for (std::uint32_t w = 0; w < s_.windows; ++w) {
        for (std::uint32_t j = 0; j < s_.modes; ++j) {
            if (next == CentroidPhase::calibrating) {
                draw(w, j);
            } else {
                count(w, j) = -static_cast<std::int32_t>(divide(w * length(), s_.windows));
            }
        }
    }
}

// Where the next window begins: 0 to W / 2 frames of the mode are left out.
template <class P> void CentroidDrift<P>::draw(std::uint32_t w, std::uint32_t j) {
    Random random = Random::from_state(one(State::draws));
    count(w, j) = -static_cast<std::int32_t>(random.below(length() / 2 + 1));
    one(State::draws) = random.state();
}

// Adds a frame to window w of mode j; true if it is full now.
template <class P> bool CentroidDrift<P>::fill(std::uint32_t w, std::uint32_t j, const Sample *x) {
    std::int32_t &n = count(w, j);
    if (n < 0) {
        ++n;
        return false;
    }
    Sum *s = sum(w, j);
    if (n == 0) {
        std::memset(s, 0, d_ * sizeof(Sum));
    }
    for (std::uint32_t i = 0; i < d_; ++i) {
        accumulate(s[i], x[i]);
    }
    return ++n >= words().window;
}

// Of a full window: 1/2 log2 T.
template <class P> std::int32_t CentroidDrift<P>::level(std::uint32_t w, std::uint32_t j) const {
    const auto n = static_cast<std::uint32_t>(count(w, j));
    const std::uint32_t frames = modes().frames(j) == 0 ? 1 : modes().frames(j); // 0 only in a forged image
    const typename N::Far far = N::distance(sum(w, j), n, modes().centroid(j), variance(j), d_);
    return level_of(far, N::far_one * typename N::Far(d_)) +
           level_of(std::uint64_t{n} * frames, std::uint64_t{n} + frames);
}

// The mode's spread, the same for all its features, weighs as 32 frames at most: what changes from visit to visit of a
// mode is seen while calibrating.
template <class P> void CentroidDrift<P>::flatten() {
    for (std::uint32_t j = 0; j < modes().open(); ++j) {
        const typename N::Variance v = N::flat(modes().mean_spread(j), d_);
        for (std::uint32_t i = 0; i < d_; ++i) {
            variance(j)[i] = v;
        }
        weight(j) = modes().frames(j) < prior ? modes().frames(j) : prior;
    }
}

template <class P> void CentroidDrift<P>::spread_out(std::uint32_t j, const Sample *x) {
    const std::uint32_t n = weight(j) < sum_frames ? ++weight(j) : weight(j);
    const auto rate = static_cast<std::int32_t>(divide(std::uint32_t{1} << 31, n < 2 ? 2 : n));
    for (std::uint32_t i = 0; i < d_; ++i) {
        N::follow(variance(j)[i], x[i], modes().centroid(j)[i], rate);
    }
}

template <class P> void CentroidDrift<P>::calibrate(const Sample *x) {
    const std::uint32_t j = modes().nearest(x).mode;
    spread_out(j, x);
    for (std::uint32_t w = 0; w < s_.windows; ++w) {
        if (fill(w, j, x)) {
            replicate(level(w, j));
            draw(w, j);
        }
    }
}

template <class P> void CentroidDrift<P>::replicate(std::int32_t level) {
    std::uint32_t &n = one(State::replicates);
    if (n < most_replicates) {
        const std::uint64_t root = root_of_level(level);
        ++n;
        wide(State::roots) += root;
        wide(State::squares) += root * root;
    }
}

template <class P> void CentroidDrift<P>::set_threshold() {
    const Roots seen = {one(State::replicates), wide(State::roots), wide(State::squares), s_.windows};
    const std::uint64_t frames = divide(std::uint64_t{length()} * static_cast<std::uint64_t>(words().rate), s_.windows);
    threshold() = threshold_of(seen, frames == 0 ? 1 : frames) + words().margin;
}

template <class P> bool CentroidDrift<P>::watch(const Sample *x) {
    const std::uint32_t j = modes().nearest(x).mode;
    bool told = false;
    for (std::uint32_t w = 0; w < s_.windows; ++w) {
        if (fill(w, j, x)) {
            told = told || level(w, j) > threshold();
            count(w, j) = 0;
        }
    }
    return told;
}

} // namespace twinbit
