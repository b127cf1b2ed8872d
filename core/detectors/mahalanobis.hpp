// Mahalanobis distance from the running mean and covariance (Mahalanobis 1936): small, strong, the one to beat.
//
//   learn    n += 1;  s += x;  Q += x x^T     (F32: mean and scatter, comoments.hpp)
//   settle   m = s / n;  C = Q / n - m m^T;  C' = (1 - l) C + l diag(C) + r I;  C' = L L^T;  W = L^-1
//   score    1/2 log2( |W (x - m)|^2 / d )
//
// l is the shrinkage (Ledoit & Wolf 2004, toward the diagonal) and keeps C' usable with few frames; r = 2^-24 +
// 2^-12 of the mean variance holds features that never moved. The factorisation is rare and its range is wide: it
// runs in float32 in every arithmetic, in one written order, so its bits are as exact as an integer's. Scoring is
// integer in Q15 and Q31: row i of W is kept as mantissas with one power of two, w = mantissa 2^-e_i.
//
// Scaling and overflow: s and Q are exact for 2^16 frames: |Q| <= 2^16 2^30 in Q15, 2^16 2^46 in Q31; later frames
// are not learned. Rows' products fit 64 bits: 16 + 17 bits (Q15) or 25 + 25 bits (Q31) and 8 for d <= 256 terms.
// Merge: s and Q are sums, so merging equals learning on the union, in fixed point to the byte and in any order.
// Forget: count and sums are halved, the covariance stays (fade.hpp).
// Memory: image 8 + sums; plan d (d + 1) / 2 weights. Cost: d (d + 1) / 2 multiplications a score, as many a frame
// to learn.
// Blind to: more than one operating mode (it sees one ellipsoid around all of them).
#pragma once

#include "detectors/comoments.hpp"
#include "detectors/level.hpp"
#include "detectors/mahalanobis_state.hpp"
#include "linear/cholesky.hpp"
#include "linear/distance.hpp"
#include "linear/whiten.hpp"

namespace twinbit {

template <class P> class Mahalanobis {
  public:
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Product = typename P::Product;

    explicit Mahalanobis(const Block &block)
        : b_(block), s_(block.setup), p_(block.setup.inputs), d_(block.setup.inputs) {}

    bool ready() const { return count() >= 2; }

    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const;
    void explain(const Sample *x, std::int32_t *shares) const;
    void settle();
    void new_epoch();
    tb_status merge(const std::uint8_t *other, int sign);
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }
    tb_status forget();

  private:
    using State = MahalanobisState<P>;
    std::uint32_t &count() const { return *at<std::uint32_t>(b_.image, s_.offset[State::count]); }
    CoMoments<P> moments() const {
        return {at<Sum>(b_.image, s_.offset[State::sum]), at<Product>(b_.image, s_.offset[State::product]), d_};
    }
    Sample *mean() const { return at<Sample>(b_.plan, p_.mean); }
    WhitenRows<P> rows() const {
        return {at<typename P::Weight>(b_.plan, p_.weight), at<std::int32_t>(b_.plan, p_.exponent)};
    }
    float shrinkage() const { return static_cast<float>(b_.setup.words[0]) * 0x1p-16f; }
    // Frames that the plan was made from: what was learned since makes it stale.
    std::uint32_t &settled() const { return *at<std::uint32_t>(b_.plan, p_.settled); }
    void freshen() const {
        if (settled() != count()) {
            Mahalanobis(b_).settle();
        }
    }
    void covariance(float *c) const;

    Block b_;
    MahalanobisState<P> s_;
    MahalanobisPlan<P> p_;
    std::uint32_t d_;
};

template <class P> tb_status Mahalanobis<P>::learn(const Sample *x, std::int32_t *score_out) {
    if (score_out != nullptr && ready()) {
        *score_out = score(x);
    }
    if (count() >= sum_frames) {
        return TB_ERR_RANGE;
    }
    moments().learn(x, ++count());
    return TB_OK;
}

template <class P> std::int32_t Mahalanobis<P>::score(const Sample *x) const {
    using Distance = typename P::Distance;
    freshen();
    const Distance d2 = square_whitened<P>(rows(), x, mean(), d_);
    const Distance one = distance_one<Distance>() * Distance(d_);
    return level_of(d2 + least_distance<Distance>(d_), one);
}

// C' from the exact sums: the scatter about the rounded mean is an integer, only its last step is float.
template <class P> void Mahalanobis<P>::covariance(float *c) const {
    const float keep = 1.0f - shrinkage();
    float trace = 0.0f;
    for (std::uint32_t i = 0; i < d_; ++i) {
        for (std::uint32_t j = 0; j <= i; ++j) {
            const float v = moments().covariance(i, j, mean(), count());
            c[triangle_at(i, j)] = i == j ? v : v * keep;
        }
        trace += c[triangle_at(i, i)];
    }
    const float ridge = 0x1p-24f + 0x1p-12f * (trace / static_cast<float>(d_));
    for (std::uint32_t i = 0; i < d_; ++i) {
        c[triangle_at(i, i)] += ridge;
    }
}

template <class P> void Mahalanobis<P>::settle() {
    settled() = count();
    if (!ready()) {
        return;
    }
    moments().means(mean(), count());
    float *factor = at<float>(b_.scratch, 0);
    covariance(factor);
    cholesky(factor, d_, 0x1p-26f);
    invert_lower(factor, d_);
    rows().set(factor, d_);
}

// Share i is (x - m)_i (C'^-1 (x - m))_i over the whole: it may be negative, the shares add up to one.
template <class P> void Mahalanobis<P>::explain(const Sample *x, std::int32_t *shares) const {
    freshen();
    float *pull = at<float>(b_.scratch, 0); // W^T W (x - m)
    const float whole = pull_of<P>(rows(), x, mean(), d_, pull);
    for (std::uint32_t i = 0; i < d_; ++i) {
        shares[i] = share(to_real(x[i]) * pull[i] - to_real(mean()[i]) * pull[i], whole);
    }
}

template <class P> void Mahalanobis<P>::new_epoch() {
    std::memset(b_.image, 0, s_.bytes);
    settle();
}

template <class P> tb_status Mahalanobis<P>::merge(const std::uint8_t *other, int sign) {
    if (sign < 0 && !P::exact_sums) {
        return TB_ERR_UNSUPPORTED;
    }
    const Theirs theirs = {other + s_.offset[State::sum], other + s_.offset[State::product],
                           peek<std::uint32_t>(other + s_.offset[State::count])};
    const std::int64_t n = std::int64_t{count()} + sign * std::int64_t{theirs.count};
    if (n < 0 || n > sum_frames || !moments().fits(theirs, count(), sign, static_cast<std::uint32_t>(n))) {
        return TB_ERR_RANGE;
    }
    moments().merge(theirs, count(), sign, static_cast<std::uint32_t>(n));
    count() = static_cast<std::uint32_t>(n);
    return TB_OK;
}

template <class P> tb_status Mahalanobis<P>::forget() {
    const Fade f = half_of(count(), 2);
    moments().fade(f, mean());
    count() = f.part;
    settle();
    return TB_OK;
}

} // namespace twinbit
