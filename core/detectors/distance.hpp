// Distance to the nearest of some operating modes, by each mode's own scale or by one covariance that all modes share
// (Fisher's discriminant, Annals of Eugenics 7(2), 1936): what a bank needs of a machine whose modes differ in place
// rather than in shape, in a fraction of its memory.
//
//   assign    c = argmin_j |x - m_j|^2; modes are found on line as in bank.hpp
//   learn     n_c += 1;  s_c += x;  diagonal: q_c += x^2;  shared: Q += x x^T    (F32: scatters, distance_numbers.hpp)
//   diagonal  v_c = (S_c + w P) / (n_c + w), S_c the scatter of mode c, P all modes' a frame, w = 32; at least 2^-24
//             d^2 = sum_i (x_i - m_ci)^2 / v_ci
//   shared    C = scatter within modes / n, shrunk and factored as in mahalanobis.hpp;  d^2 = |W (x - m_c)|^2
//   score     1/2 log2( d^2 / d ) of the nearest mode that has `few` frames
//   follow    moved_c += rate (x - m_c) while nothing is wrong, for slow drift; never what they scatter: that would let
//             damage in
//
// Epochs: tb_new_epoch() keeps the modes and learns their sums anew: frames belong to where the epoch began, so sums
// don't depend on what else was learned. Merge: from then on, or with one mode, sums add: in fixed point to the byte,
// in any order, as learning on the union. What the modes have followed stays each machine's own.
// Forget: counts, sums and scatters are halved (fade.hpp); a mode that has `few` frames keeps so many, and what it has
// followed.
// Scaling and overflow: sums are exact for 2^16 frames in all, then TB_ERR_RANGE. See distance_numbers.hpp.
// Memory: distance_state.hpp; scratch, shared only: a triangle of floats. Cost of a score: K d multiplications for
// the mode, d or d (d + 1) / 2 for the distance; of a frame learned: d or d (d + 1) / 2 more, K^2 d / 2 when one opens.
// Gains and factor are made when a score first needs them: K d roots, or d^3 / 6 multiplications in float32.
// Blind to: which mode it should be in; shared: modes of different shape; diagonal: correlations.
#pragma once

#include "detectors/distance_merge.hpp"
#include "detectors/level.hpp"

namespace twinbit {

template <class P> class DistanceToModes {
  public:
    using Sample = typename P::Sample;
    using Distance = typename P::Distance;
    using State = DistanceFields<P>;

    // Checks the words, says what memory they need.
    static bool shape(const Setup &, Shape &);

    explicit DistanceToModes(const Block &block) : b_(block), s_(block.setup), p_(s_), d_(block.setup.inputs) {}
    DistanceToModes(const DistanceToModes &) = delete;
    DistanceToModes &operator=(const DistanceToModes &) = delete;

    bool ready() const;
    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const;
    void follow(const Sample *x, bool calm);
    void explain(const Sample *x, std::int32_t *shares) const;
    void settle();
    void new_epoch();
    tb_status merge(const std::uint8_t *other, int sign);
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }
    tb_status forget();

  private:
    static constexpr std::uint32_t most_features[2] = {1024, 256};

    using N = DistanceNumbers<P>;
    using Bank = BankNumbers<P>;
    using Sum = typename P::Sum;

    const DistanceWords &words() const { return distance_words_of(b_.setup); }
    DistanceModes<P> modes() const { return {b_.image, s_}; }
    typename Bank::Gain *gain(std::uint32_t j) const { return at<typename Bank::Gain>(b_.plan, p_.factor) + j * d_; }
    WhitenRows<P> rows() const {
        return {at<typename P::Weight>(b_.plan, p_.factor), at<std::int32_t>(b_.plan, p_.exponent)};
    }
    // Frames that the plan was made from: what was learned since makes it stale.
    std::uint32_t &settled() const { return *at<std::uint32_t>(b_.plan, p_.settled); }
    void freshen() const {
        if (settled() != modes().all_frames()) {
            make_plan();
        }
    }

    bool enough(std::uint32_t j) const { return modes().frames(j) >= static_cast<std::uint32_t>(words().few); }
    std::uint32_t judge(const Sample *x) const;
    typename Bank::Spread spread(std::uint32_t j, std::uint32_t i) const;
    void make_gains() const;
    void make_factor() const;
    void make_plan() const;

    Block b_;
    DistanceState<P> s_;
    DistancePlan<P> p_;
    std::uint32_t d_;
};

template <class P> bool DistanceToModes<P>::shape(const Setup &s, Shape &out) {
    if (s.count != distance_words) {
        return false;
    }
    const DistanceWords &w = distance_words_of(s);
    if (w.modes < 1 || w.modes > DistanceState<P>::max_modes || w.kind < diagonal || w.kind > shared ||
        w.shrinkage < 0 || w.shrinkage > 65536 || w.rate < 0 || w.few < 1 ||
        w.few > static_cast<std::int32_t>(sum_frames) || s.inputs > most_features[w.kind]) {
        return false;
    }
    const DistanceState<P> state(s);
    const std::uint32_t factor = state.is_shared() ? align8(4 * triangle(s.inputs)) : 0;
    const Dimensions n = {state.modes, s.inputs};
    out.set(s.inputs, n, State::fields, factor, DistancePlan<P>(state).bytes);
    out.inner = {State::spread_table + w.kind, 1, n, 1};
    return true;
}

template <class P> bool DistanceToModes<P>::ready() const {
    bool some = false;
    for (std::uint32_t j = 0; j < s_.modes; ++j) {
        some = some || enough(j);
    }
    return some && modes().all_frames() >= 2;
}

// The nearest mode that has enough frames, of which there is one.
template <class P> std::uint32_t DistanceToModes<P>::judge(const Sample *x) const {
    std::uint32_t best = s_.modes;
    Distance least = 0;
    for (std::uint32_t j = 0; j < s_.modes; ++j) {
        if (enough(j)) {
            const Distance d = square_distance(x, modes().mean(j), d_);
            if (best == s_.modes || d < least) {
                best = j;
                least = d;
            }
        }
    }
    return best == s_.modes ? 0 : best;
}

template <class P> tb_status DistanceToModes<P>::learn(const Sample *x, std::int32_t *score_out) {
    if (score_out != nullptr && ready()) {
        *score_out = score(x);
    }
    if (modes().all_frames() >= sum_frames) {
        return TB_ERR_RANGE;
    }
    modes().assign(x);
    return TB_OK;
}

template <class P> std::int32_t DistanceToModes<P>::score(const Sample *x) const {
    freshen();
    const std::uint32_t j = judge(x);
    const Distance d2 = s_.is_shared() ? square_whitened<P>(rows(), x, modes().mean(j), d_)
                                       : N::square_scaled(x, modes().mean(j), gain(j), d_);
    return level_of(d2 + least_distance<Distance>(d_), distance_one<Distance>() * Distance(d_));
}

template <class P> void DistanceToModes<P>::follow(const Sample *x, bool calm) {
    if (calm && words().rate != 0 && ready()) {
        modes().follow(judge(x), x, words().rate);
    }
}

// A share is what a feature adds to the squared distance; with a shared covariance as in mahalanobis.hpp.
template <class P> void DistanceToModes<P>::explain(const Sample *x, std::int32_t *shares) const {
    freshen();
    const std::uint32_t j = judge(x);
    const Sample *m = modes().mean(j);
    if (s_.is_shared()) {
        float *pull = at<float>(b_.scratch, 0);
        const float whole = pull_of<P>(rows(), x, m, d_, pull);
        for (std::uint32_t i = 0; i < d_; ++i) {
            shares[i] = share(to_real(x[i]) * pull[i] - to_real(m[i]) * pull[i], whole);
        }
        return;
    }
    const Distance whole = N::square_scaled(x, m, gain(j), d_);
    for (std::uint32_t i = 0; i < d_; ++i) {
        shares[i] = N::share_of(N::square_scaled(x + i, m + i, gain(j) + i, 1), whole);
    }
}

// Scatter of feature i about what mode j learned, not about where it has followed to.
template <class P> typename BankNumbers<P>::Spread DistanceToModes<P>::spread(std::uint32_t j, std::uint32_t i) const {
    const std::uint32_t n = modes().frames(j);
    const Sum sum = modes().sum(j)[i];
    return n == 0 ? 0 : Bank::scatter(sum, modes().square(j)[i], Bank::means(n)(sum), n);
}

template <class P> void DistanceToModes<P>::make_gains() const {
    const std::uint32_t all = modes().all_frames();
    for (std::uint32_t i = 0; i < d_; ++i) {
        typename Bank::Spread total = 0;
        for (std::uint32_t j = 0; j < s_.modes; ++j) {
            total += Bank::part(spread(j, i));
        }
        for (std::uint32_t j = 0; j < s_.modes; ++j) {
            gain(j)[i] = Bank::gain(spread(j, i), modes().frames(j), total, all);
        }
    }
}

template <class P> void DistanceToModes<P>::make_factor() const {
    float *c = at<float>(b_.scratch, 0);
    const float keep = 1.0f - static_cast<float>(words().shrinkage) * 0x1p-16f;
    const std::uint32_t n = modes().all_frames();
    float trace = 0.0f;
    for (std::uint32_t i = 0; i < d_; ++i) {
        for (std::uint32_t j = 0; j <= i; ++j) {
            const float v = N::covariance(modes().product(), modes().sums(), i, j, n);
            c[triangle_at(i, j)] = i == j ? v : v * keep;
        }
        trace += c[triangle_at(i, i)];
    }
    const float ridge = 0x1p-24f + 0x1p-12f * (trace / static_cast<float>(d_));
    for (std::uint32_t i = 0; i < d_; ++i) {
        c[triangle_at(i, i)] += ridge;
    }
    cholesky(c, d_, 0x1p-26f);
    invert_lower(c, d_);
    rows().set(c, d_);
}

template <class P> void DistanceToModes<P>::make_plan() const {
    settled() = modes().all_frames();
    if (!ready()) {
        return;
    }
    if (s_.is_shared()) {
        make_factor();
    } else {
        make_gains();
    }
}

// Means are in the image, yet derived: a merge has changed what they are made of.
template <class P> void DistanceToModes<P>::settle() {
    for (std::uint32_t j = 0; j < s_.modes; ++j) {
        modes().move(j);
    }
    make_plan();
}

template <class P> void DistanceToModes<P>::new_epoch() {
    if (modes().open() == 0) {
        return; // nothing to stand on
    }
    modes().freeze();
    settle();
}

template <class P> tb_status DistanceToModes<P>::merge(const std::uint8_t *other, int sign) {
    if (sign < 0 && !P::exact_sums) {
        return TB_ERR_UNSUPPORTED;
    }
    if (s_.modes > 1 && modes().epoch() == 0) {
        return TB_ERR_BASIS; // modes that were found apart have nothing in common
    }
    const DistanceMerge<P> merge(modes(), s_, other, sign);
    if (!merge.fits()) {
        return TB_ERR_RANGE;
    }
    merge.add();
    return TB_OK;
}

template <class P> tb_status DistanceToModes<P>::forget() {
    modes().forget(static_cast<std::uint32_t>(words().few));
    settle();
    return TB_OK;
}

} // namespace twinbit
