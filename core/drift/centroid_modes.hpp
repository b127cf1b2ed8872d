// Operating modes, each with its centroid and its own spread, found on line as in detectors/bank.hpp: the first K
// distinct frames open one each; a later frame that is farther from its mode than the two closest modes are apart, and
// than twice the mean scatter, opens one of its own, and those two become one.
#pragma once

#include "detectors/modes.hpp"
#include "drift/centroid_state.hpp"

namespace twinbit {

template <class P> class CentroidModes {
  public:
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Distance = typename P::Distance;
    using State = CentroidState<P>;
    using Near = Nearest<Distance>;
    using Pair = ModePair<Distance>;

    CentroidModes(std::uint8_t *image, const State &s) : image_(image), s_(s), d_(s.features) {}

    std::uint32_t &open() const { return *array<std::uint32_t>(State::open); }
    std::uint32_t &frames(std::uint32_t j) const { return array<std::uint32_t>(State::frames)[j]; }
    Distance &spread(std::uint32_t j) const { return array<Distance>(State::spread)[j]; }
    Sample *centroid(std::uint32_t j) const { return array<Sample>(State::centroid) + j * d_; }
    Near nearest(const Sample *x) const { return nearest_mode<Distance>(*this, x, d_); }

    void learn(const Sample *x) const;
    // Modes of fewer frames than `few` go, but for the largest.
    void settle(std::uint32_t few) const;
    Distance mean_spread(std::uint32_t j) const { return mean_distance(spread(j), frames(j) == 0 ? 1 : frames(j)); }

  private:
    template <class T> T *array(std::uint32_t field) const { return at<T>(image_, s_.offset[field]); }
    Sum *sum(std::uint32_t j) const { return at<Sum>(image_, s_.first + s_.window_offset[State::sum]) + j * d_; }

    // Of all modes.
    struct Whole {
        std::uint32_t frames;
        Distance spread;
        Distance mean() const { return frames == 0 ? Distance{0} : mean_distance(spread, frames); }
    };
    Whole whole() const;
    bool opens(const Near &, Pair &) const;
    void fuse(const Pair &) const;
    void begin(std::uint32_t j, const Sample *x) const;
    void add(std::uint32_t j, const Sample *x) const;
    void move(std::uint32_t j) const;
    std::uint32_t largest() const;
    void take(std::uint32_t to, std::uint32_t from) const;

    std::uint8_t *image_;
    const State &s_;
    std::uint32_t d_;
};

template <class P> typename CentroidModes<P>::Whole CentroidModes<P>::whole() const {
    Whole w = {0, Distance{0}};
    for (std::uint32_t j = 0; j < open(); ++j) {
        w.frames += frames(j);
        w.spread += spread(j);
    }
    return w;
}

template <class P> bool CentroidModes<P>::opens(const Near &n, Pair &pair) const {
    if (open() < 2 || !(n.distance > whole().mean() * Distance{2})) {
        return false;
    }
    pair = closest_modes<Distance>(*this, d_);
    return n.distance > pair.distance && frames(pair.p) + frames(pair.q) - 1 < sum_frames; // 0 only in a forged image
}

// The pair's modes become one, in p.
template <class P> void CentroidModes<P>::fuse(const Pair &pair) const {
    const std::uint32_t n = frames(pair.p) + frames(pair.q);
    spread(pair.p) += spread(pair.q) + weighted(pair.distance, frames(pair.p), n) * Distance(frames(pair.q));
    frames(pair.p) = n;
    for (std::uint32_t i = 0; i < d_; ++i) {
        add_sum(sum(pair.p)[i], sum(pair.q)[i]);
    }
    move(pair.p);
}

template <class P> void CentroidModes<P>::move(std::uint32_t j) const {
    const Means<Sample, Sum> mean(frames(j));
    for (std::uint32_t i = 0; i < d_; ++i) {
        centroid(j)[i] = mean(sum(j)[i]);
    }
}

template <class P> void CentroidModes<P>::add(std::uint32_t j, const Sample *x) const {
    ++frames(j);
    for (std::uint32_t i = 0; i < d_; ++i) {
        accumulate(sum(j)[i], x[i]);
    }
    move(j);
}

template <class P> void CentroidModes<P>::begin(std::uint32_t j, const Sample *x) const {
    frames(j) = 0;
    spread(j) = Distance{0};
    std::memset(sum(j), 0, d_ * sizeof(Sum));
    add(j, x);
}

template <class P> void CentroidModes<P>::learn(const Sample *x) const {
    const Near n = open() == 0 ? Near{0, Distance{0}} : nearest(x);
    Pair pair = {};
    if (open() < s_.modes && (open() == 0 || n.distance > Distance{0})) {
        begin(open()++, x);
    } else if (opens(n, pair)) {
        fuse(pair);
        begin(pair.q, x);
    } else if (frames(n.mode) < sum_frames) {
        spread(n.mode) += weighted(n.distance, frames(n.mode), frames(n.mode) + 1);
        add(n.mode, x);
    }
}

template <class P> std::uint32_t CentroidModes<P>::largest() const {
    std::uint32_t best = 0;
    for (std::uint32_t j = 1; j < open(); ++j) {
        best = frames(j) > frames(best) ? j : best;
    }
    return best;
}

template <class P> void CentroidModes<P>::take(std::uint32_t to, std::uint32_t from) const {
    frames(to) = frames(from);
    spread(to) = spread(from);
    std::memmove(centroid(to), centroid(from), d_ * sizeof(Sample));
}

template <class P> void CentroidModes<P>::settle(std::uint32_t few) const {
    const std::uint32_t best = largest();
    std::uint32_t kept = 0;
    for (std::uint32_t j = 0; j < open(); ++j) {
        if (frames(j) >= few || (j == best && frames(j) < few)) {
            take(kept++, j);
        }
    }
    open() = kept;
}

} // namespace twinbit
