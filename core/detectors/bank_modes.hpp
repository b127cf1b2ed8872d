// The operating modes of a bank: found on line, each with its mean and scale. The formulas are on top of bank.hpp.
#pragma once

#include "detectors/bank_state.hpp"
#include "detectors/modes.hpp"

namespace twinbit {

template <class P> class BankModes {
  public:
    using Sample = typename P::Sample;
    using Distance = typename P::Distance;
    using State = BankFields<P>;

    BankModes(std::uint8_t *image, const std::uint32_t *offset, std::uint32_t modes, std::uint32_t features)
        : image_(image), offset_(offset), modes_(modes), d_(features) {}

    std::uint32_t &open() const { return *array<std::uint32_t>(State::open); }
    std::uint32_t &epoch() const { return *array<std::uint32_t>(State::epoch); }
    std::uint32_t &frames(std::uint32_t j) const { return array<std::uint32_t>(State::frames)[j]; }
    Sample *centroid(std::uint32_t j) const { return array<Sample>(State::mean) + j * d_; }

    // Where a frame went. `moved`: the mode has it in its sums. `began`: the mode began with it; what it was before is
    // part of mode `into` now.
    struct Assigned {
        std::uint32_t mode;
        bool moved;
        bool began;
        std::uint32_t into; // the mode itself if it was empty
    };
    Assigned assign(const Sample *x) const;
    void standardise(std::uint32_t j, const Sample *x, Sample *z) const;
    // Halves what was learned; a mode that has `few` frames keeps so many. Not once means and gains stand still.
    void forget(std::uint32_t few) const;
    // Means and gains stand still from here on.
    void freeze() const;

  private:
    using N = BankNumbers<P>;
    using Sum = typename P::Sum;
    using Square = typename N::Square;
    using Nearest = twinbit::Nearest<Distance>;
    using Pair = ModePair<Distance>;
    static constexpr std::uint32_t cadence = 8;

    template <class T> T *array(std::uint32_t field) const { return at<T>(image_, offset_[field]); }
    Distance &scatter() const { return *array<Distance>(State::scatter); }
    typename N::Gain *gain(std::uint32_t j) const { return array<typename N::Gain>(State::gain) + j * d_; }
    Sum *sum(std::uint32_t j) const { return array<Sum>(State::sum) + j * d_; }
    Square *square(std::uint32_t j) const { return array<Square>(State::square) + j * d_; }

    std::uint32_t all_frames() const;
    bool opens(const Nearest &n, Pair &pair) const;
    void fuse(const Pair &pair) const;
    void begin(std::uint32_t j, const Sample *x) const;
    void follow(const Nearest &n, const Sample *x) const;
    void add(std::uint32_t j, const Sample *x) const;
    void move(std::uint32_t j) const;
    void scale(std::uint32_t j) const;

    std::uint8_t *image_;
    const std::uint32_t *offset_;
    std::uint32_t modes_, d_;
};

template <class P> std::uint32_t BankModes<P>::all_frames() const {
    std::uint32_t n = 0;
    for (std::uint32_t j = 0; j < open(); ++j) {
        n += frames(j);
    }
    return n;
}

template <class P> bool BankModes<P>::opens(const Nearest &n, Pair &pair) const {
    const std::uint32_t all = all_frames();
    if (open() < 2 || all == 0 || !(n.distance > mean_distance(scatter(), all) * Distance{2})) {
        return false;
    }
    pair = closest_modes<Distance>(*this, d_);
    return n.distance > pair.distance && frames(pair.p) + frames(pair.q) - 1 < sum_frames; // 0 only in a forged image
}

// The pair's modes become one, in p.
template <class P> void BankModes<P>::fuse(const Pair &pair) const {
    const std::uint32_t np = frames(pair.p);
    const std::uint32_t nq = frames(pair.q);
    scatter() += weighted(pair.distance, np, np + nq) * Distance(nq);
    for (std::uint32_t i = 0; i < d_; ++i) {
        N::join(sum(pair.p)[i], square(pair.p)[i], sum(pair.q)[i], square(pair.q)[i], np, nq);
    }
    frames(pair.p) = np + nq;
    move(pair.p);
    scale(pair.p);
}

template <class P> void BankModes<P>::add(std::uint32_t j, const Sample *x) const {
    ++frames(j);
    for (std::uint32_t i = 0; i < d_; ++i) {
        N::add(sum(j)[i], square(j)[i], x[i], frames(j));
    }
    move(j);
}

template <class P> void BankModes<P>::begin(std::uint32_t j, const Sample *x) const {
    frames(j) = 0;
    std::memset(sum(j), 0, d_ * sizeof(Sum));
    std::memset(square(j), 0, d_ * sizeof(Square));
    add(j, x);
    scale(j);
}

template <class P> void BankModes<P>::follow(const Nearest &n, const Sample *x) const {
    const std::uint32_t j = n.mode;
    scatter() += weighted(n.distance, frames(j), frames(j) + 1);
    add(j, x);
    if (frames(j) <= cadence || frames(j) % cadence == 0) {
        scale(j);
    }
}

template <class P> typename BankModes<P>::Assigned BankModes<P>::assign(const Sample *x) const {
    Nearest n = {0, Distance{0}};
    if (open() > 0) {
        n = nearest_mode<Distance>(*this, x, d_);
    }
    Pair pair = {};
    if (epoch() != 0) {
        return {n.mode, false, false, n.mode};
    }
    if (open() < modes_ && (open() == 0 || n.distance > Distance{0})) {
        const std::uint32_t j = open()++;
        begin(j, x);
        return {j, true, true, j};
    }
    if (opens(n, pair)) {
        fuse(pair);
        begin(pair.q, x);
        return {pair.q, true, true, pair.p};
    }
    const bool room = frames(n.mode) < sum_frames;
    if (room) {
        follow(n, x);
    }
    return {n.mode, room, false, n.mode};
}

template <class P> void BankModes<P>::move(std::uint32_t j) const {
    const auto mean = N::means(frames(j));
    for (std::uint32_t i = 0; i < d_; ++i) {
        centroid(j)[i] = mean(sum(j)[i]);
    }
}

template <class P> void BankModes<P>::scale(std::uint32_t j) const {
    const std::uint32_t all = all_frames();
    for (std::uint32_t i = 0; i < d_; ++i) {
        typename N::Spread total = 0;
        typename N::Spread own = 0;
        for (std::uint32_t k = 0; k < open(); ++k) {
            const auto spread = N::scatter(sum(k)[i], square(k)[i], centroid(k)[i], frames(k));
            total += N::part(spread);
            own = k == j ? spread : own;
        }
        gain(j)[i] = N::gain(own, frames(j), total, all);
    }
}

template <class P> void BankModes<P>::standardise(std::uint32_t j, const Sample *x, Sample *z) const {
    for (std::uint32_t i = 0; i < d_; ++i) {
        z[i] = N::standard(x[i], centroid(j)[i], gain(j)[i]);
    }
}

template <class P> void BankModes<P>::forget(std::uint32_t few) const {
    const std::uint32_t before = all_frames();
    for (std::uint32_t j = 0; j < open(); ++j) {
        const Fade f = half_of(frames(j), few);
        for (std::uint32_t i = 0; i < d_ && f.whole != 0; ++i) {
            N::fade(sum(j)[i], square(j)[i], f);
        }
        if (f.whole != 0) { // always but in a forged image
            frames(j) = f.part;
            move(j);
        }
    }
    scatter() = faded(scatter(), {all_frames(), before});
}

template <class P> void BankModes<P>::freeze() const {
    if (epoch() == 0 && all_frames() > 0) { // none only in a forged image
        for (std::uint32_t j = 0; j < open(); ++j) {
            scale(j);
        }
    }
    epoch() = epoch() == UINT32_MAX ? 1 : epoch() + 1;
}

} // namespace twinbit
