// Subspace: the k directions in which normal data vary most, found one frame at a time, without a learning rate
// (CCIPCA: Weng, Zhang & Hwang, Candid covariance-free incremental principal component analysis, IEEE TPAMI 25(8),
// 2003). It is the linear autoencoder: far from the plane through the mean that they span is anomalous.
//
//   mean       m += w_n (x - m);   u = x - m
//   i = 1..k   v_i += w_t ((u . e_i) u - v_i),   e_i = v_i / |v_i|;   then u -= (u . e_i) e_i with the new e_i
//   weight     w_t = min(1/2, (1 + l) / t), w_1 = 1: l is the amnesic parameter, t the frames that v_i has seen
//   score      1/2 log2( |u|^2 / d ), u what is left of x - m after all components
//
// v_i is kept as direction e_i and length: e + g u, scaled to length 1, with g = w (u . e) / ((1 - w) length).
// Component i begins with the first residual that has any length (more than 2^-12 a feature), v_i = u: in the paper
// that is the residual of frame i; here a sensor that stands still at first does not waste it, and t counts from there.
// A component whose length fell below 2^-24 is given up, and begins anew in the same way.
// With a window t and n stop at that many frames: older ones are forgotten. Without one they stop at 65,536.
// l = 0 weighs all frames alike; more forgets faster what came first, and operating modes that come one after the
// other are then not all kept.
//
// Scaling and overflow: see subspace_numbers.hpp. Every state is a weighted mean of bounded inputs, so nothing grows.
// Merge: components of two machines don't add: TB_ERR_UNSUPPORTED.
// Memory: see subspace_state.hpp; scratch 4 d bytes, no plan. Cost: 2 k d multiplications a score, 7 k d to learn,
// and k square roots and divisions; in Q15, 8 components of 32 features, in instructions of a Cortex-M0 (M4F): a
// score 17,000 (7,600), a step 139,000 (38,000).
// Blind to: how far a frame lies within the plane; more than one operating mode (see bank.hpp).
#pragma once

#include "detectors/fade.hpp"
#include "detectors/level.hpp"
#include "detectors/subspace_state.hpp"

namespace twinbit {

template <class P> class Subspace {
  public:
    using Sample = typename P::Sample;
    using Distance = typename P::Distance;

    using State = SubspaceState<P>;
    static constexpr std::uint32_t policy_words = 2;
    static constexpr std::uint32_t max_features = 4098; // 4,096 channels and a phase

    // Checks the words, says what memory they need.
    static bool shape(const Setup &, Shape &);

    explicit Subspace(const Block &block) : b_(block), s_(block.setup) {}

    bool ready() const { return count() >= 2; }
    bool prepare() const { return ready(); }

    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const;
    void explain(const Sample *x, std::int32_t *shares) const;
    void settle();
    // Goes on from what it has learned, which weighs as 256 frames at most from then on.
    void new_epoch();
    tb_status can_merge(const std::uint8_t *, int) const { return TB_ERR_UNSUPPORTED; }
    tb_status merge(const std::uint8_t *, int) { return TB_ERR_UNSUPPORTED; }
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }
    // Everything is a mean: only the frames that they weigh as are halved.
    tb_status forget();

  private:
    using N = SubspaceNumbers<P>;
    using Residual = typename N::Residual;
    using Unit = typename N::Unit;

    template <class T> T *array(std::uint32_t field) const { return at<T>(b_.image, s_.offset[field]); }
    std::uint32_t &count() const { return *array<std::uint32_t>(State::count); }
    std::uint32_t &age(std::uint32_t i) const { return array<std::uint32_t>(State::age)[i]; }
    typename N::Length &length(std::uint32_t i) const { return array<typename N::Length>(State::length)[i]; }
    typename N::Mean *mean() const { return array<typename N::Mean>(State::mean); }
    Unit *direction(std::uint32_t i) const { return array<Unit>(State::direction) + i * s_.features; }
    Residual *residual() const { return at<Residual>(b_.scratch, 0); }
    std::int32_t word(std::uint32_t i) const { return b_.setup.words[i]; }

    // Frames that weigh as one of n: n itself up to the window.
    std::uint32_t next(std::uint32_t n) const {
        const std::uint32_t most = word(2) != 0 ? static_cast<std::uint32_t>(word(2)) : sum_frames;
        return n < most ? n + 1 : most;
    }
    typename N::Weight weight(std::uint32_t n) const { return N::weight(n, word(1)); }
    void follow_mean(const Sample *x);
    bool begin(std::uint32_t i);
    bool follow(std::uint32_t i);
    void take_out(std::uint32_t i) const;
    void reduce(const Sample *x) const;

    Block b_;
    SubspaceState<P> s_;
};

template <class P> bool Subspace<P>::shape(const Setup &s, Shape &out) {
    const auto within = [](std::int32_t v, std::int32_t low, std::int32_t high) { return v >= low && v <= high; };
    if (s.count != 3 || !within(s.words[0], 1, 32) || !within(s.words[1], 0, 4 * 65536) || s.words[2] == 1 ||
        !within(s.words[2], 0, static_cast<std::int32_t>(sum_frames)) || s.inputs > max_features) {
        return false;
    }
    const auto k = static_cast<std::uint32_t>(s.words[0]);
    out.set(s.inputs, {k, s.inputs}, State::fields, align8(4 * s.inputs));
    return k <= s.inputs;
}

// The residual becomes x less the mean.
template <class P> void Subspace<P>::follow_mean(const Sample *x) {
    count() = next(count());
    const auto w = weight(count());
    for (std::uint32_t j = 0; j < s_.features; ++j) {
        N::follow(mean()[j], x[j], w);
        residual()[j] = N::less_mean(x[j], mean()[j]);
    }
}

// Component i becomes what is left, if that is longer than what rounding leaves.
template <class P> bool Subspace<P>::begin(std::uint32_t i) {
    if (!(N::energy(residual(), s_.features) > least_distance<Distance>(s_.features))) {
        return false;
    }
    age(i) = 1;
    length(i) = N::begin(direction(i), residual(), s_.features);
    return true;
}

template <class P> bool Subspace<P>::follow(std::uint32_t i) {
    age(i) = next(age(i));
    const Residual p = N::project(residual(), direction(i), s_.features);
    length(i) = N::follow(direction(i), length(i), p, residual(), weight(age(i)), s_.features);
    if (length(i) < N::least_length) {
        age(i) = 0;
    }
    return age(i) != 0;
}

template <class P> void Subspace<P>::take_out(std::uint32_t i) const {
    const Residual p = N::project(residual(), direction(i), s_.features);
    N::take_out(residual(), direction(i), p, s_.features);
}

template <class P> tb_status Subspace<P>::learn(const Sample *x, std::int32_t *score_out) {
    if (score_out != nullptr && ready()) {
        *score_out = score(x);
    }
    follow_mean(x);
    for (std::uint32_t i = 0; i < s_.components; ++i) {
        if (age(i) != 0 ? follow(i) : begin(i)) {
            take_out(i);
        }
    }
    return TB_OK;
}

// The residual becomes what neither mean nor components account for.
template <class P> void Subspace<P>::reduce(const Sample *x) const {
    for (std::uint32_t j = 0; j < s_.features; ++j) {
        residual()[j] = N::less_mean(x[j], mean()[j]);
    }
    for (std::uint32_t i = 0; i < s_.components; ++i) {
        if (age(i) != 0) {
            take_out(i);
        }
    }
}

template <class P> std::int32_t Subspace<P>::score(const Sample *x) const {
    reduce(x);
    const Distance one = distance_one<Distance>() * Distance(s_.features);
    return level_of(N::energy(residual(), s_.features) + least_distance<Distance>(s_.features), one);
}

template <class P> void Subspace<P>::explain(const Sample *x, std::int32_t *shares) const {
    reduce(x);
    const Distance whole = N::energy(residual(), s_.features);
    for (std::uint32_t j = 0; j < s_.features; ++j) {
        shares[j] = share(N::square(residual()[j]), whole);
    }
}

// Nothing is derived. A forged direction that is none, or without length, is given up: scores stay bounded.
template <class P> void Subspace<P>::settle() {
    for (std::uint32_t i = 0; i < s_.components; ++i) {
        if (age(i) != 0 && (length(i) < N::least_length || !N::is_unit(direction(i), s_.features))) {
            age(i) = 0;
        }
    }
}

template <class P> tb_status Subspace<P>::forget() {
    count() = half_of(count(), 2).part;
    for (std::uint32_t i = 0; i < s_.components; ++i) {
        age(i) = half_of(age(i)).part;
    }
    return TB_OK;
}

template <class P> void Subspace<P>::new_epoch() {
    constexpr std::uint32_t most = 256;
    count() = count() < most ? count() : most;
    for (std::uint32_t i = 0; i < s_.components; ++i) {
        age(i) = age(i) < most ? age(i) : most;
    }
}

} // namespace twinbit
