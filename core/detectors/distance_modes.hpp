// The operating modes of a distance: found on line as a bank finds them, each with its mean; what they scatter is
// summed for each by itself (diagonal) or for all together (shared). The formulas are on top of distance.hpp.
#pragma once

#include "detectors/distance_state.hpp"
#include "detectors/modes.hpp"

namespace twinbit {

template <class P> class DistanceModes {
  public:
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Product = typename P::Product;
    using Square = typename BankNumbers<P>::Square;
    using Distance = typename P::Distance;
    using State = DistanceState<P>;

    DistanceModes(std::uint8_t *image, const State &s) : image_(image), s_(s), d_(s.features) {}

    std::uint32_t &open() const { return *array<std::uint32_t>(State::open); }
    std::uint32_t &epoch() const { return *array<std::uint32_t>(State::epoch); }
    std::uint32_t &frames(std::uint32_t j) const { return array<std::uint32_t>(State::frames)[j]; }
    Sum *sum(std::uint32_t j) const { return array<Sum>(State::sum) + j * d_; }
    Square *square(std::uint32_t j) const { return at<Square>(image_, s_.spread) + j * d_; }
    Product *product() const { return at<Product>(image_, s_.spread); }
    Sample *mean(std::uint32_t j) const { return array<Sample>(State::mean) + j * d_; }
    // What decides where a frame belongs: stands still once an epoch began.
    const Sample *centroid(std::uint32_t j) const { return epoch() != 0 ? start(j) : mean(j); }
    ModeSums<P> sums() const { return {array<std::uint32_t>(State::frames), sum(0), s_.modes, d_}; }

    std::uint32_t all_frames() const;
    void assign(const Sample *x) const;
    void follow(std::uint32_t j, const Sample *x, std::int32_t rate) const;
    void move(std::uint32_t j) const;
    void freeze() const;
    // Halves what was learned; a mode that has `few` frames keeps so many.
    void forget(std::uint32_t few) const;

  private:
    using N = DistanceNumbers<P>;
    using Near = Nearest<Distance>;
    using Pair = ModePair<Distance>;

    template <class T> T *array(std::uint32_t field) const { return at<T>(image_, s_.offset[field]); }
    Distance &scatter() const { return *array<Distance>(State::scatter); }
    Sample *start(std::uint32_t j) const { return array<Sample>(State::start) + j * d_; }
    typename N::Moved *moved(std::uint32_t j) const { return array<typename N::Moved>(State::moved) + j * d_; }

    bool opens(const Near &n, Pair &pair) const;
    void fuse(const Pair &pair) const;
    void begin(std::uint32_t j, const Sample *x) const;
    void add(std::uint32_t j, const Sample *x) const;

    std::uint8_t *image_;
    const State &s_;
    std::uint32_t d_;
};

template <class P> std::uint32_t DistanceModes<P>::all_frames() const {
    std::uint32_t n = 0;
    for (std::uint32_t j = 0; j < s_.modes; ++j) {
        n += frames(j);
    }
    return n;
}

// As a bank's: farther from its mode than the two closest are apart, and than twice the mean scatter.
template <class P> bool DistanceModes<P>::opens(const Near &n, Pair &pair) const {
    const std::uint32_t all = all_frames();
    if (open() < 2 || all == 0 || !(n.distance > mean_distance(scatter(), all) * Distance{2})) {
        return false;
    }
    pair = closest_modes<Distance>(*this, d_);
    return n.distance > pair.distance && frames(pair.p) != 0 && frames(pair.q) != 0; // 0 only in a forged image
}

// The pair's modes become one, in p.
template <class P> void DistanceModes<P>::fuse(const Pair &pair) const {
    const std::uint32_t np = frames(pair.p);
    const std::uint32_t nq = frames(pair.q);
    scatter() += weighted(pair.distance, np, np + nq) * Distance(nq);
    if (s_.is_shared()) {
        N::join(sum(pair.p), sum(pair.q), product(), np, nq, d_);
    } else {
        for (std::uint32_t i = 0; i < d_; ++i) {
            BankNumbers<P>::join(sum(pair.p)[i], square(pair.p)[i], sum(pair.q)[i], square(pair.q)[i], np, nq);
        }
    }
    frames(pair.p) = np + nq;
    move(pair.p);
}

template <class P> void DistanceModes<P>::add(std::uint32_t j, const Sample *x) const {
    ++frames(j);
    if (s_.is_shared()) {
        CoMoments<P>{sum(j), product(), d_}.learn(x, frames(j));
    } else {
        for (std::uint32_t i = 0; i < d_; ++i) {
            BankNumbers<P>::add(sum(j)[i], square(j)[i], x[i], frames(j));
        }
    }
    move(j);
}

template <class P> void DistanceModes<P>::begin(std::uint32_t j, const Sample *x) const {
    frames(j) = 0;
    std::memset(sum(j), 0, d_ * sizeof(Sum));
    std::memset(moved(j), 0, d_ * sizeof(typename N::Moved));
    if (!s_.is_shared()) {
        std::memset(square(j), 0, d_ * sizeof(Square));
    }
    add(j, x);
}

template <class P> void DistanceModes<P>::assign(const Sample *x) const {
    Near n = {0, Distance{0}};
    if (open() > 0) {
        n = nearest_mode<Distance>(*this, x, d_);
    }
    Pair pair = {};
    if (epoch() != 0) {
        add(n.mode, x);
    } else if (open() < s_.modes && (open() == 0 || n.distance > Distance{0})) {
        begin(open()++, x);
    } else if (opens(n, pair)) {
        fuse(pair);
        begin(pair.q, x);
    } else {
        // with one mode none ever opens: its scatter is of no use, and images of one mode merge without it
        scatter() += s_.modes > 1 ? weighted(n.distance, frames(n.mode), frames(n.mode) + 1) : Distance{0};
        add(n.mode, x);
    }
}

// The mean of what it learned and how far that has followed; where the epoch began if it learned nothing yet.
template <class P> void DistanceModes<P>::move(std::uint32_t j) const {
    const auto learned = BankNumbers<P>::means(frames(j) == 0 ? 1 : frames(j));
    for (std::uint32_t i = 0; i < d_; ++i) {
        mean(j)[i] = frames(j) == 0 ? start(j)[i] : N::adapted(learned(sum(j)[i]), moved(j)[i]);
    }
}

template <class P> void DistanceModes<P>::follow(std::uint32_t j, const Sample *x, std::int32_t rate) const {
    const auto learned = BankNumbers<P>::means(frames(j));
    for (std::uint32_t i = 0; i < d_; ++i) {
        const Sample m = learned(sum(j)[i]);
        moved(j)[i] = N::follow(x[i], m, moved(j)[i], rate);
        mean(j)[i] = N::adapted(m, moved(j)[i]);
    }
}

template <class P> void DistanceModes<P>::forget(std::uint32_t few) const {
    const std::uint32_t before = all_frames();
    if (s_.is_shared()) {
        N::centre(product(), sums(), true);
    }
    for (std::uint32_t j = 0; j < s_.modes; ++j) {
        const Fade f = half_of(frames(j), few);
        for (std::uint32_t i = 0; i < d_; ++i) {
            if (s_.is_shared()) {
                N::fade(sum(j)[i], f);
            } else {
                BankNumbers<P>::fade(sum(j)[i], square(j)[i], f);
            }
        }
        frames(j) = f.part;
    }
    const Fade all = {all_frames(), before};
    scatter() = faded(scatter(), all);
    if (s_.is_shared()) {
        for (std::uint32_t i = 0; i < triangle(d_); ++i) {
            product()[i] = faded(product()[i], all);
        }
        N::centre(product(), sums(), false);
    }
}

template <class P> void DistanceModes<P>::freeze() const {
    std::memcpy(start(0), mean(0), s_.modes * d_ * sizeof(Sample));
    const std::uint32_t statistics = s_.offset[State::frames];
    std::memset(image_ + statistics, 0, s_.bytes - statistics);
    epoch() = epoch() == UINT32_MAX ? 1 : epoch() + 1;
    for (std::uint32_t j = 0; j < s_.modes; ++j) {
        move(j);
    }
}

} // namespace twinbit
