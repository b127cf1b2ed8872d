// One slow measurement with a day in it: load, temperature, requests. Three views of it, each as rare as it is among all
// frames so far, added (sketched on NAB, the Numenta Anomaly Benchmark; facts in core/DESIGN.md).
//
//   S   deviation from level and time of day, averaged                             seasonal_baseline.hpp
//   F   novelty of means and mean deviations of x over three times (6 features), on the running range of x
//   H   novelty of the same and of means and mean deviations of z over two times (10 features)
//       mean += (x - mean) / n;  away += (|x - mean| - away) / n;  novelty: distance outside of the nearest box of
//       a codebook, boxes_codebook.hpp, averaged
//   score = rarity(S) + rarity(F) + rarity(H)   octaves: -log2 of three tail probabilities   tail_counts.hpp
//
// It always learns: a frame is scored against what came before it, then taken in, over the threshold or not. What is
// new becomes old in the times of its words.
//
// Scaling and overflow: averages as in seasonal_average.hpp. Boxes have 16 bits a side on the running range of x (z: 2^-11)
// and are rewritten when the range outgrows them. Novelties and tails are integers in every arithmetic.
// Memory: image about 700 + 72 boxes + 24 bins bytes. Cost: the boxes' sides compared, 16 boxes of them, and a few hundred
// instructions.
// Blind to: what stays within habits at the wrong time if there is no clock, slower changes than the level's time, more
// than one channel (a monitor each).
#pragma once

#include "detectors/univariate_state.hpp"

namespace twinbit {

template <class P> class Univariate {
  public:
    using Raw = typename P::Raw;
    using A = Average<P>;
    using State = typename A::State;

    explicit Univariate(const Block &block)
        : b_(block), w_(*reinterpret_cast<const UnivariateWords *>(block.setup.words)),
          s_(static_cast<std::uint32_t>(w_.boxes)), bin_(1) {}

    bool ready() const { return frames() != 0; }
    tb_status learn(const Raw *x, std::int32_t *score);
    std::int32_t score(const Raw *x) const;
    void follow(const Raw *x, bool calm); // of the frame that score() saw last: its scratch is as that left it
    void settle() {}
    void explain(const Raw *x, std::int32_t *shares) const;
    void new_epoch();
    tb_status merge(const std::uint8_t *, int) { return TB_ERR_UNSUPPORTED; }
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }

  private:
    using S = UnivariateState<P>;
    using Look = UnivariateLook<P>;
    static constexpr int z_exponent = -11; // units of z in a box: 16 deviations are 2^15
    static constexpr std::uint32_t features[2] = {value_features, value_features + z_features};

    template <class T> T *field(std::uint32_t i) const { return at<T>(b_.image, s_.offset[i]); }
    std::uint32_t &frames() const { return *field<std::uint32_t>(S::frames); }
    TailCounts tail(std::uint32_t i) const { return TailCounts(field<std::uint16_t>(S::tail + i)); }
    Codebook values() const {
        return {field<std::int16_t>(S::low),
                field<std::int16_t>(S::high),
                field<std::uint32_t>(S::used),
                static_cast<std::uint32_t>(w_.boxes),
                all_sides,
                value_features};
    }
    Codebook deviations() const {
        return {field<std::int16_t>(S::low) + value_features,
                field<std::int16_t>(S::high) + value_features,
                field<std::uint32_t>(S::used_z),
                static_cast<std::uint32_t>(w_.boxes),
                all_sides,
                value_features + z_features};
    }
    Look &look() const { return *at<Look>(b_.scratch, 0); }

    std::uint32_t bin_at(const Raw *x) const {
        const auto bins = static_cast<std::uint32_t>(w_.bins);
        return s_.bytes + bin_.bytes * (bins > 1 ? A::bin(x[1], bins) : 0);
    }
    Bin<P> &bin(const Raw *x) const { return *at<Bin<P>>(b_.image, bin_at(x) + bin_.offset[BinState<P>::numbers]); }
    std::uint32_t &visits(const Raw *x) const {
        return *at<std::uint32_t>(b_.image, bin_at(x) + bin_.offset[BinState<P>::visits]);
    }

    Baseline<P> baseline(const Raw *x) const { return {w_.baseline, frames(), visits(x)}; }

    std::int32_t see(const Raw *x) const;
    void average(Averages<P> &a, State x, State z) const;
    void place_features(Look &l, State before) const;
    void keep(const Raw *x);

    Block b_;
    const UnivariateWords &w_;
    S s_;
    BinState<P> bin_;
};

template <class P> void Univariate<P>::average(Averages<P> &a, State x, State z) const {
    const std::uint32_t n = one_more(frames());
    for (std::uint32_t i = 0; i < 3; ++i) {
        a.value[i].move(x, at_most(n, w_.time[i]));
    }
    for (std::uint32_t i = 0; i < 2; ++i) {
        a.z[i].move(z, at_most(n, w_.time_z[i]));
    }
}

// before: the range that the boxes are in.
template <class P> void Univariate<P>::place_features(Look &l, State before) const {
    const Averages<P> &a = l.next;
    const State range = a.channel.most - a.channel.least;
    for (std::uint32_t i = 0; i < 3; ++i) {
        l.x[2 * i] = coordinate_of<P>(a.value[i].mean - a.origin, range, before);
        l.x[2 * i + 1] = coordinate_of<P>(a.value[i].away, range, before);
    }
    const auto gain = static_cast<std::uint32_t>(w_.deviation) >> 1; // 2^26 deviation 2^-16 / 2^11
    for (std::uint32_t i = 0; i < 2; ++i) {
        l.x[value_features + 2 * i] = {gain, A::coordinate(a.z[i].mean, z_exponent), 0};
        l.x[value_features + 2 * i + 1] = {gain, A::coordinate(a.z[i].away, z_exponent), 0};
    }
}

// Looks at a frame, and leaves in scratch what keep() needs.
template <class P> std::int32_t Univariate<P>::see(const Raw *x) const {
    Look &l = look();
    const State v = A::of(x[0]);
    l.next = *field<Averages<P>>(S::averages);
    const State before = l.next.channel.most - l.next.channel.least;
    l.residue = baseline(x).look(l.next.channel, bin(x), v);
    l.next.origin = frames() == 0 ? v : l.next.origin;
    average(l.next, v, l.residue.z);
    place_features(l, before);
    l.near[0] = values().nearest(l.x);
    l.near[1] = deviations().nearest(l.x);
    l.octaves[0] = A::octaves(l.next.channel.deviation);
    std::int32_t sum = tail(0).rarity(l.octaves[0]);
    for (std::uint32_t i = 0; i < 2; ++i) {
        l.novelty[i] = next_novelty(field<std::uint32_t>(S::novelty)[i], l.near[i], features[i], w_.novelty);
        l.octaves[i + 1] = novelty_octaves(l.novelty[i]);
        sum += tail(i + 1).rarity(l.octaves[i + 1]);
    }
    return sum;
}

// Takes in what see() looked at.
template <class P> void Univariate<P>::keep(const Raw *x) {
    Look &l = look();
    const std::uint32_t now = one_more(frames());
    baseline(x).learn(l.next.channel, bin(x), A::of(x[0]), l.residue);
    *field<Averages<P>>(S::averages) = l.next;
    values().learn(l.x, l.near[0], side_limit(w_.side, features[0]), now);
    deviations().learn(l.x, l.near[1], side_limit(w_.side, features[1]), now);
    field<std::uint32_t>(S::novelty)[0] = l.novelty[0];
    field<std::uint32_t>(S::novelty)[1] = l.novelty[1];
    for (std::uint32_t i = 0; i < 3; ++i) {
        tail(i).count(l.octaves[i], w_.forget);
    }
    visits(x) = one_more(visits(x));
    frames() = now;
}

template <class P> tb_status Univariate<P>::learn(const Raw *x, std::int32_t *score_out) {
    const bool scored = score_out != nullptr && ready();
    const std::int32_t seen = see(x);
    if (scored) {
        *score_out = seen;
    }
    keep(x);
    return TB_OK;
}

template <class P> std::int32_t Univariate<P>::score(const Raw *x) const { return see(x); }

template <class P> void Univariate<P>::follow(const Raw *x, bool) { keep(x); }

// There is one measurement; the clock has no share.
template <class P> void Univariate<P>::explain(const Raw *, std::int32_t *shares) const {
    shares[0] = 65536;
    if (b_.setup.inputs > 1) {
        shares[1] = 0;
    }
}

template <class P> void Univariate<P>::new_epoch() {
    std::memset(b_.image, 0, s_.bytes + bin_.bytes * static_cast<std::uint32_t>(w_.bins));
}

} // namespace twinbit
