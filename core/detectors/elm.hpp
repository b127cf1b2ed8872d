// ELM autoencoder: a seeded random hidden layer, and the ridge regression of the sample on it, kept as sums (Huang, Zhu
// & Siew, Neurocomputing 70, 2006; on line as in ONLAD, Tsukada, Kondo & Matsutani, IEEE Trans. Comput. 69(7), 2020).
//
//   hidden   h = g(W x + b), W = +-1 out of the seed, never stored (hidden.hpp)
//   learn    n += 1;  U += h h^T;  V += h x^T
//   settle   U + ridge I = L L^T
//   score    z = (U + ridge I)^-1 h;  y = V^T z;  e = x - y;  1/2 log2( |e|^2 / d )
//   explain  e_i^2 / |e|^2
//   forget   at n = forget: U, V, n are halved, rounded half up: old frames fade by 2 each forget / 2 frames; tb_forget() does it once
//   prune    leaves the units that explain most of X, taken one by one (linear/select.hpp); the others' rows become 0
//
// y = V^T (U + ridge I)^-1 h is the regression's answer without its matrix of weights, beta = (U + ridge I)^-1 V. OS-ELM's
// recursive inverse covariance is not used: with forgetting it blows up, in any arithmetic.
//
// Scaling and overflow: U and V are exact for 2^16 frames (outer.hpp: |u| <= 2^16 32766 < 2^31 in Q15); later frames are
// not learned, or halving comes before: |u| <= n 32766 then stays true, since n is rounded up. The
// factorisation and z run in strict float32 in every arithmetic: their range is not for 32-bit integers. y is one exact
// integer sum of 64 bits, rounded once, limited to the samples' range (combine.hpp).
// Merge: U and V are sums, so merging equals learning on the union, in fixed point to the byte and in any order, on the
// same pruned units. Images that forget, or were halved once, don't merge.
// Memory, k units: image k (k + 1) / 2 + k d sums, of 4 bytes in Q15, 8 in Q31 and F32 (32-8-32: 1,200 and 2,368 bytes;
// 511-22-511 in Q15: 46,016); plan k (k + 1) / 2 floats.
// Cost, multiplications: learn k d + k (k + 1) / 2 (halving: as many shifts); score k d, and k^2 + k in float; k d
// additions for h in both.
// The longest frame: prepare() makes one row of the factor, i^2 / 2 + 2 i multiplications in float for row i, a square root
// and a division, less than the substitution of one score. At -Os about 88 k^2 + 650 k instructions on a Cortex-M0 and
// 3 k^2 + 75 k + 400 on an M4F (k = 8: 10,800 and 1,130 beside 41,900 and 9,330 of a score of 32-8-32 in Q15; k = 22: 56,600
// and 3,400 beside 1,010,000 and 207,000 of 511-22-511). A score after learning that nobody prepared makes all rows at
// once, k^3 / 6; so do settle() and loading.
// Blind to: what reconstructs well though it is rare; more operating modes than units can hold.
#pragma once

#include "detectors/elm_state.hpp"
#include "detectors/level.hpp"
#include "linear/combine.hpp"
#include "linear/distance.hpp"

namespace twinbit {

template <class P> class Elm {
  public:
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Distance = typename P::Distance;

    using State = ElmState<P>;
    static constexpr std::uint32_t policy_words = ElmWords::after_mask;

    // Checks the words, says what memory they need.
    static bool shape(const Setup &, Shape &);

    explicit Elm(const Block &block)
        : b_(block), w_(block.setup.words), s_(w_.used(), block.setup.inputs), p_(s_.units), t_(s_.units, s_.features) {
    }

    bool ready() const { return count() > 0; }

    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const;
    void explain(const Sample *x, std::int32_t *shares) const;
    bool prepare();
    void settle();
    void new_epoch();
    // What merge() would say.
    tb_status can_merge(const std::uint8_t *other, int sign) const;
    tb_status merge(const std::uint8_t *other, int sign);
    tb_status prune(std::uint32_t keep);
    tb_status forget();

  private:
    using Value = typename Neural<P>::Value;

    template <class T> T *array(std::uint32_t field) const { return at<T>(b_.image, s_.offset[field]); }
    std::uint32_t *pruned() const { return array<std::uint32_t>(State::pruned); }
    std::uint32_t &count() const { return *array<std::uint32_t>(State::count); }
    std::uint32_t &prepared() const { return *array<std::uint32_t>(State::prepared); }
    std::uint32_t &halved() const { return *array<std::uint32_t>(State::halved); }
    Sum *u(std::uint32_t r) const { return array<Sum>(State::u) + triangle(r); }
    Sum *v(std::uint32_t r) const { return array<Sum>(State::v) + r * s_.features; }
    OuterSums<P> u_sums(std::uint32_t r) const { return {u(r), array<Sum>(State::u_rest) + triangle(r)}; }
    OuterSums<P> v_sums(std::uint32_t r) const { return {v(r), array<Sum>(State::v_rest) + r * s_.features}; }
    std::uint32_t products() const { return s_.units * s_.features; }
    bool out(std::uint32_t r) const { return ((pruned()[r / 32] >> (r % 32)) & 1u) != 0; }

    // Frames that the plan's rows were made from, and one; 0 is stale.
    std::uint32_t &settled() const { return *at<std::uint32_t>(b_.plan, p_.settled); }
    std::uint32_t &rows() const { return *at<std::uint32_t>(b_.plan, p_.rows); }
    float *factor() const { return at<float>(b_.plan, p_.factor); }

    Value *h() const { return at<Value>(b_.scratch, t_.h); }
    float *z() const { return at<float>(b_.scratch, t_.z); }
    Sample *y() const { return at<Sample>(b_.scratch, t_.y); }

    int h_frac() const { return Neural<P>::places_of(is_unit(w_.activation())); }
    int u_frac() const { return 2 * h_frac() - outer_shift<P>; }
    int v_frac() const { return h_frac() + sample_places<P> - outer_shift<P>; }

    void hide(const Sample *x) const;
    void reconstruct(const Sample *x) const;
    void derive(std::uint32_t wanted) const;
    void load_row(std::uint32_t r) const;
    void changed();
    void halve();
    // Frames there would be after a merge.
    std::int64_t frames_with(const std::uint8_t *other, int sign) const {
        return std::int64_t{count()} + sign * std::int64_t{peek<std::uint32_t>(other + s_.offset[State::count])};
    }
    std::uint32_t left() const;
    void gram(float *m) const;
    void clear_pruned();

    Block b_;
    ElmWords w_;
    ElmState<P> s_;
    ElmPlan p_;
    ElmScratch<P> t_;
};

template <class P> bool Elm<P>::shape(const Setup &s, Shape &out) {
    if (!ElmWords::fits(s)) {
        return false;
    }
    const std::uint32_t k = ElmWords(s.words).used();
    out.set(s.inputs, {k, s.inputs}, State::fields, ElmScratch<P>(k, s.inputs).bytes, ElmPlan(k).bytes);
    return true;
}

// h of the units in use; 0 of the others.
template <class P> void Elm<P>::hide(const Sample *x) const {
    using Pre = typename Neural<P>::Pre;
    const Hidden<P> hidden(w_.seed(), w_.activation(), w_.gain(), x, s_.features);
    Pre *pre = at<Pre>(b_.scratch, t_.work);
    std::uint32_t r = 0;
    for (std::uint32_t unit = 0; unit < w_.units; ++unit) {
        if (w_.uses(unit)) {
            pre[r] = out(r) ? Pre{} : hidden.pre(unit);
            ++r;
        }
    }
    Neural<P>::activate(w_.activation(), pre, h(), s_.units, pre_places<P>);
    for (r = 0; r < s_.units; ++r) {
        h()[r] = out(r) ? Value{} : h()[r];
    }
}

template <class P> tb_status Elm<P>::learn(const Sample *x, std::int32_t *score_out) {
    if (score_out != nullptr && ready()) {
        *score_out = score(x);
    }
    if (count() >= sum_frames && w_.forget() == 0) { // a policy of forgetting goes on with full sums: one more fits
        return TB_ERR_RANGE;
    }
    hide(x);
    for (std::uint32_t r = 0; r < s_.units; ++r) {
        if (!out(r)) {
            u_sums(r).add(h()[r], h(), r + 1);
            v_sums(r).add(h()[r], x, s_.features);
        }
    }
    ++count();
    if (w_.forget() != 0 && count() >= w_.forget()) {
        halve();
    }
    changed();
    return TB_OK;
}

// What is derived is no longer true.
template <class P> void Elm<P>::changed() {
    prepared() = 0;
    settled() = 0;
}

template <class P> void Elm<P>::halve() {
    u_sums(0).halve(triangle(s_.units));
    v_sums(0).halve(products());
    count() = half_up(count(), 1);
    halved() = 1;
}

// Made at once: the monitor goes on with the next frame.
template <class P> tb_status Elm<P>::forget() {
    halve();
    changed();
    settle();
    prepared() = s_.units;
    return TB_OK;
}

// Row r of U + ridge I where the factor's will be.
template <class P> void Elm<P>::load_row(std::uint32_t r) const {
    float *row = factor() + triangle(r);
    for (std::uint32_t j = 0; j <= r; ++j) {
        row[j] = out(r) ? 0.0f : real_sum(u(r)[j], u_frac());
    }
    row[r] += out(r) ? 0.0f : w_.ridge();
}

// The first `wanted` rows of the factor.
template <class P> void Elm<P>::derive(std::uint32_t wanted) const {
    if (settled() != count() + 1) {
        settled() = count() + 1;
        rows() = 0;
    }
    for (; rows() < wanted; ++rows()) {
        load_row(rows());
        factor_row(factor(), rows());
    }
}

template <class P> bool Elm<P>::prepare() {
    if (ready() && prepared() < s_.units) {
        derive(++prepared());
    }
    return ready() && prepared() >= s_.units;
}

template <class P> void Elm<P>::settle() {
    settled() = 0;
    if (ready()) {
        derive(s_.units);
    }
}

template <class P> void Elm<P>::reconstruct(const Sample *x) const {
    derive(s_.units);
    hide(x);
    const float unit = pow2(-h_frac());
    for (std::uint32_t r = 0; r < s_.units; ++r) {
        z()[r] = static_cast<float>(h()[r]) * unit;
    }
    solve(factor(), z(), s_.units);
    Combine<P>::rows(v(0), v_frac(), count(), z(), at<std::int32_t>(b_.scratch, t_.work), y(), s_.units, s_.features);
}

template <class P> std::int32_t Elm<P>::score(const Sample *x) const {
    reconstruct(x);
    const Distance one = distance_one<Distance>() * Distance(s_.features);
    return level_of(square_distance(x, y(), s_.features) + least_distance<Distance>(s_.features), one);
}

template <class P> void Elm<P>::explain(const Sample *x, std::int32_t *shares) const {
    reconstruct(x);
    const Distance whole = square_distance(x, y(), s_.features);
    for (std::uint32_t i = 0; i < s_.features; ++i) {
        shares[i] = share(square_distance(x + i, y() + i, 1), whole);
    }
}

// Pruned units stay so.
template <class P> void Elm<P>::new_epoch() {
    std::memset(b_.image + s_.offset[State::count], 0, s_.bytes - s_.offset[State::count]);
    changed();
}

template <class P> tb_status Elm<P>::can_merge(const std::uint8_t *other, int sign) const {
    const std::uint32_t *o = s_.offset;
    const bool faded = (halved() | peek<std::uint32_t>(other + o[State::halved])) != 0;
    if (w_.forget() != 0 || faded || (sign < 0 && !P::exact_sums)) {
        return TB_ERR_UNSUPPORTED;
    }
    if (std::memcmp(other + o[State::pruned], pruned(), o[State::count]) != 0) {
        return TB_ERR_BASIS;
    }
    const std::int64_t n = frames_with(other, sign);
    if (n < 0 || n > sum_frames) {
        return TB_ERR_RANGE;
    }
    const auto frames = static_cast<std::uint32_t>(n);
    const bool fits = u_sums(0).fits(other + o[State::u], triangle(s_.units), sign, frames) &&
                      v_sums(0).fits(other + o[State::v], products(), sign, frames);
    return fits ? TB_OK : TB_ERR_RANGE;
}

template <class P> tb_status Elm<P>::merge(const std::uint8_t *other, int sign) {
    const tb_status status = can_merge(other, sign);
    if (status != TB_OK) {
        return status;
    }
    const std::uint32_t *o = s_.offset;
    u_sums(0).merge(other + o[State::u], other + o[State::u_rest], triangle(s_.units), sign);
    v_sums(0).merge(other + o[State::v], other + o[State::v_rest], products(), sign);
    count() = static_cast<std::uint32_t>(frames_with(other, sign));
    changed();
    return TB_OK;
}

} // namespace twinbit

#include "detectors/elm_prune.hpp"
