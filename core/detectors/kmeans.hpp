// Sequential k-means (MacQueen 1967): normal is a few typical points; far from all of them is anomalous.
//
//   assign   c = argmin_j |x - m_j|^2, the first of equals
//   learn    n_c += 1;  S_c += x;  D_c += |x - m_c|^2 (before the move);  m_c = S_c / n_c
//   score    1/2 log2( |x - m_c|^2 / s_c ),   s_c = (D_c + w P) / (n_c + w),   P = sum D / sum n,   w = 32
//
// s_c is the cluster's own spread, drawn to the pooled one while it has few frames: with w = 0 a young cluster's spread
// is noise, and false alarms on SKAB's valve1 rise by half.
//
// Seeding, on line and without a buffer: the first K distinct frames open clusters. Later a frame that is farther
// from its centroid than the two closest centroids are from each other, and than twice the pooled spread, opens a
// cluster of its own, and those two are merged exactly: n = n_p + n_q, S = S_p + S_q, D = D_p + D_q + n_p n_q / n
// |m_p - m_q|^2.
// From the first epoch on (tb_new_epoch) clusters stay, and each starts with min(n, prior) frames' weight.
//
// Scaling and overflow: sums are exact for 2^16 frames a cluster; later frames of a full cluster are not learned.
// Merge: statistics are sums; adding those of another image with the same start is order-free. It equals learning on
// the union when centroids are frozen for the epoch (word `frozen`), since assignments move with centroids otherwise.
// Cost: K d multiplications a frame, K d more and K^2 d only when a far frame comes while seeding.
// Forget: what was learned since the epoch began is halved (fade.hpp). Clusters are drawn more to the pooled spread then.
// Blind to: what lies between clusters that are far apart and wide; correlations (see mahalanobis.hpp).
#pragma once

#include "detectors/fade.hpp"
#include "detectors/kmeans_state.hpp"
#include "detectors/level.hpp"
#include "detectors/modes.hpp"

namespace twinbit {

template <class P> class KMeans {
  public:
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Distance = typename P::Distance;

    explicit KMeans(const Block &block) : b_(block), s_(block.setup) {}

    bool ready() const { return open() > 0; }
    std::uint32_t &open() const { return *array<std::uint32_t>(State::open); }
    Sample *centroid(std::uint32_t j) const { return array<Sample>(State::centroid) + j * s_.features; }

    tb_status learn(const Sample *x, std::int32_t *score);
    std::int32_t score(const Sample *x) const { return score(nearest(x)); }
    void explain(const Sample *x, std::int32_t *shares) const;
    void settle();
    void new_epoch();
    tb_status merge(const std::uint8_t *other, int sign);
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }
    tb_status forget();

  private:
    static constexpr std::uint32_t shrink = 32;
    static constexpr Distance most_distance = static_cast<Distance>((std::int64_t{1} << P::distance_bits) - 1);

    using Nearest = twinbit::Nearest<Distance>;
    using Pair = ModePair<Distance>;
    using State = KMeansState<P>;

    template <class T> T *array(std::uint32_t field) const { return at<T>(b_.image, s_.offset[field]); }
    std::uint32_t &epoch() const { return *array<std::uint32_t>(State::epoch); }
    std::uint32_t &count(std::uint32_t j) const { return array<std::uint32_t>(State::count)[j]; }
    std::uint32_t &weight(std::uint32_t j) const { return array<std::uint32_t>(State::weight)[j]; }
    Distance &spread(std::uint32_t j) const { return array<Distance>(State::spread)[j]; }
    Distance &start_spread(std::uint32_t j) const { return array<Distance>(State::start_spread)[j]; }
    Distance &pooled() const { return *array<Distance>(State::pooled); }
    Sum *sum(std::uint32_t j) const { return array<Sum>(State::sum) + j * s_.features; }
    Sample *start(std::uint32_t j) const { return array<Sample>(State::start) + j * s_.features; }
    std::uint32_t prior() const { return static_cast<std::uint32_t>(b_.setup.words[1]); }
    bool frozen() const { return b_.setup.words[2] != 0 && epoch() != 0; }

    Nearest nearest(const Sample *x) const { return nearest_mode<Distance>(*this, x, s_.features); }
    std::int32_t score(const Nearest &n) const;
    bool opens(const Nearest &n, Pair &pair) const;
    void fuse(const Pair &pair);
    void begin_cluster(std::uint32_t j, const Sample *x);
    void assign(const Nearest &n, const Sample *x);
    void move_centroid(std::uint32_t j, bool stay = false);
    void pool();
    typename P::WideSum merged(const std::uint8_t *other, std::uint32_t j, std::uint32_t i, int sign) const;
    bool can_merge(const std::uint8_t *other, std::uint32_t j, int sign) const;
    Distance their_spread(const std::uint8_t *other, std::uint32_t j) const {
        return s_.template peek_at<Distance>(other, State::spread, j);
    }

    Block b_;
    KMeansState<P> s_;
};

template <class P> std::int32_t KMeans<P>::score(const Nearest &n) const {
    const std::uint32_t j = n.mode;
    const Distance own = mean_distance(spread(j) + pooled() * Distance{shrink}, count(j) + shrink);
    const Distance least = least_distance<Distance>(s_.features);
    return level_of(n.distance + least, own + least);
}

template <class P> bool KMeans<P>::opens(const Nearest &n, Pair &pair) const {
    if (epoch() != 0 || open() < 2 || !(n.distance > pooled() * Distance{4})) {
        return false;
    }
    pair = closest_modes<Distance>(*this, s_.features);
    return n.distance > pair.distance && count(pair.p) + count(pair.q) - 1 < sum_frames; // 0 only in a forged image
}

// The pair's clusters become one, in p.
template <class P> void KMeans<P>::fuse(const Pair &pair) {
    const std::uint32_t n = count(pair.p) + count(pair.q);
    spread(pair.p) += spread(pair.q) + weighted(pair.distance, count(pair.p), n) * Distance(count(pair.q));
    count(pair.p) = n;
    for (std::uint32_t i = 0; i < s_.features; ++i) {
        add_sum(sum(pair.p)[i], sum(pair.q)[i]);
    }
    move_centroid(pair.p);
}

template <class P> void KMeans<P>::begin_cluster(std::uint32_t j, const Sample *x) {
    count(j) = 1;
    spread(j) = 0;
    for (std::uint32_t i = 0; i < s_.features; ++i) {
        sum(j)[i] = times<Sum>(x[i], 1);
    }
    move_centroid(j); // from the sum, as settle() does it: a float -0 becomes +0 either way
}

// The mean of what it learned; with stay, where the epoch began.
template <class P> void KMeans<P>::move_centroid(std::uint32_t j, bool stay) {
    const bool back = stay || count(j) == 0;
    const Means<Sample, Sum> mean(back ? 1 : count(j));
    for (std::uint32_t i = 0; i < s_.features; ++i) {
        centroid(j)[i] = back ? start(j)[i] : mean(sum(j)[i]);
    }
}

template <class P> void KMeans<P>::assign(const Nearest &n, const Sample *x) {
    const std::uint32_t j = n.mode;
    ++count(j);
    spread(j) += n.distance;
    for (std::uint32_t i = 0; i < s_.features; ++i) {
        accumulate(sum(j)[i], x[i]);
    }
    if (!frozen()) {
        move_centroid(j);
    }
}

template <class P> void KMeans<P>::pool() {
    Distance total = 0;
    std::uint32_t n = 0;
    for (std::uint32_t j = 0; j < open(); ++j) {
        total += spread(j);
        n += count(j);
    }
    pooled() = n > 0 ? mean_distance(total, n) : Distance{0};
}

template <class P> tb_status KMeans<P>::learn(const Sample *x, std::int32_t *score_out) {
    Nearest n = {0, 0};
    if (ready()) {
        n = nearest(x);
        if (score_out != nullptr) {
            *score_out = score(n);
        }
    }
    Pair pair = {0, 0, Distance{0}};
    if (epoch() == 0 && open() < s_.clusters && (open() == 0 || n.distance > Distance{0})) {
        begin_cluster(open()++, x);
    } else if (opens(n, pair)) {
        fuse(pair);
        begin_cluster(pair.q, x);
    } else if (count(n.mode) < sum_frames) {
        assign(n, x);
    } else {
        return TB_ERR_RANGE;
    }
    pool();
    return TB_OK;
}

template <class P> void KMeans<P>::explain(const Sample *x, std::int32_t *shares) const {
    const Nearest n = nearest(x);
    for (std::uint32_t i = 0; i < s_.features; ++i) {
        shares[i] = share(square_distance(x + i, centroid(n.mode) + i, 1), n.distance);
    }
}

template <class P> void KMeans<P>::settle() {
    for (std::uint32_t j = 0; j < open(); ++j) {
        move_centroid(j, frozen());
    }
    pool();
}

template <class P> void KMeans<P>::new_epoch() {
    if (open() == 0) {
        return; // nothing to stand on: seeding goes on
    }
    for (std::uint32_t j = 0; j < open(); ++j) {
        move_centroid(j);
        const std::uint32_t w = count(j) < prior() ? count(j) : prior();
        start_spread(j) = w > 0 ? weighted_sum(spread(j), w, count(j)) : Distance{0};
        weight(j) = w;
        count(j) = w;
        spread(j) = start_spread(j);
        for (std::uint32_t i = 0; i < s_.features; ++i) {
            start(j)[i] = centroid(j)[i];
            sum(j)[i] = times<Sum>(start(j)[i], w);
        }
    }
    epoch() = epoch() == UINT32_MAX ? 1 : epoch() + 1;
    settle(); // w start / w may differ from start in float: centroids are always what settle() makes of the sums
}

// What sum i would become: own + sign * (theirs - what both began with).
template <class P>
typename P::WideSum KMeans<P>::merged(const std::uint8_t *other, std::uint32_t j, std::uint32_t i, int sign) const {
    using Wide = typename P::WideSum;
    const auto theirs = static_cast<Wide>(s_.template peek_at<Sum>(other, State::sum, j * s_.features + i));
    const Wide more = theirs - times<Wide>(start(j)[i], weight(j));
    return static_cast<Wide>(sum(j)[i]) + static_cast<Wide>(sign) * more;
}

// Count and sums of cluster j end between what the epoch began with and what sums are exact for.
template <class P> bool KMeans<P>::can_merge(const std::uint8_t *other, std::uint32_t j, int sign) const {
    const std::int64_t more = std::int64_t{s_.template peek_at<std::uint32_t>(other, State::count, j)} - weight(j);
    const std::int64_t n = count(j) + sign * more;
    if (n < weight(j) || n > sum_frames) {
        return false;
    }
    const Distance theirs = their_spread(other, j);
    const Distance own = spread(j);
    if (theirs < start_spread(j) || own < start_spread(j) ||
        (sign < 0 ? own - start_spread(j) < theirs - start_spread(j)
                  : own > most_distance - (theirs - start_spread(j)))) {
        return false;
    }
    const auto limit = sum_limit<P>(static_cast<std::uint32_t>(n));
    for (std::uint32_t i = 0; i < s_.features; ++i) {
        const auto v = merged(other, j, i, sign);
        if (!(v >= -limit && v <= limit)) {
            return false;
        }
    }
    return true;
}

template <class P> tb_status KMeans<P>::merge(const std::uint8_t *other, int sign) {
    if (sign < 0 && !P::exact_sums) {
        return TB_ERR_UNSUPPORTED;
    }
    if (epoch() == 0) {
        return TB_ERR_BASIS; // clusters that began on their own have nothing in common
    }
    for (std::uint32_t j = 0; j < open(); ++j) {
        if (!can_merge(other, j, sign)) {
            return TB_ERR_RANGE;
        }
    }
    for (std::uint32_t j = 0; j < open(); ++j) {
        for (std::uint32_t i = 0; i < s_.features; ++i) {
            sum(j)[i] = static_cast<Sum>(merged(other, j, i, sign));
        }
        const std::uint32_t more = s_.template peek_at<std::uint32_t>(other, State::count, j) - weight(j);
        const Distance farther = their_spread(other, j) - start_spread(j);
        count(j) = sign > 0 ? count(j) + more : count(j) - more;
        spread(j) = sign > 0 ? spread(j) + farther : spread(j) - farther;
    }
    return TB_OK;
}

// Halves what was learned since the epoch began: its start is the images' basis and keeps its weight.
template <class P> tb_status KMeans<P>::forget() {
    using Wide = typename P::WideSum;
    for (std::uint32_t j = 0; j < open(); ++j) {
        const Fade f = half_of(count(j) > weight(j) ? count(j) - weight(j) : 0); // fewer only in a forged image
        for (std::uint32_t i = 0; i < s_.features; ++i) {
            const Wide begun = times<Wide>(start(j)[i], weight(j));
            sum(j)[i] = static_cast<Sum>(begun + faded(static_cast<Wide>(sum(j)[i]) - begun, f));
        }
        spread(j) = start_spread(j) + faded(spread(j) - start_spread(j), f);
        count(j) -= f.whole - f.part;
    }
    settle();
    return TB_OK;
}

} // namespace twinbit
