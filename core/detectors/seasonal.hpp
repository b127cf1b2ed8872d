// Deviation from what is usual at this time of day: a level, an offset for each bin of the day, and a scale, each moving
// slowly; the worst of up to 32 channels. Formulas: seasonal_baseline.hpp.
//
//   score = log2 max_j |average of z_j|        octaves of spreads, Q15.16; -32 where nothing deviates
//
// Learns while the monitor learns, and of calm frames while it monitors.
//
// Scaling and overflow: seasonal_average.hpp. Brings its own scale, so raw numbers of any unit go in, no scaler.
// Memory: image 8 + 40 d + bins (16 d + 8) bytes (F32: 20 d and 8 d), d channels. Cost: about 6 divisions a
// channel.
// Blind to: what the average of z does not see (quick spikes up and down), and with bins = 1 to the time of day.
#pragma once

#include "detectors/seasonal_baseline.hpp"

namespace twinbit {

template <class P> struct SeasonalState {
    enum : std::uint32_t { frames, channels, fields };
    static constexpr std::uint32_t basis = 0;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, any},
        {type_of_number<typename Average<P>::State>, Many::kd, both(Average<P>::bits)},
    };

    std::uint32_t offset[fields];
    std::uint32_t bytes;
    explicit SeasonalState(std::uint32_t d) : bytes(place(table, fields, {channel_states, d}, offset)) {}
};

struct SeasonalWords {
    std::int32_t bins; // layout
    BaselineWords baseline;
};
inline constexpr std::uint32_t seasonal_words = 1 + baseline_words;

template <class P> class Seasonal {
  public:
    using Raw = typename P::Raw;
    using A = Average<P>;
    using State = typename A::State;

    explicit Seasonal(const Block &block)
        : b_(block), w_(*reinterpret_cast<const SeasonalWords *>(block.setup.words)),
          d_(block.setup.inputs - (w_.bins > 1 ? 1 : 0)), s_(d_), bin_(d_) {}

    bool ready() const { return frames() >= 2; }
    tb_status learn(const Raw *x, std::int32_t *score_out) {
        if (score_out != nullptr && ready()) {
            *score_out = score(x);
        }
        keep(x);
        return TB_OK;
    }
    std::int32_t score(const Raw *x) const {
        State worst = {};
        for (std::uint32_t j = 0; j < d_; ++j) {
            const State z = deviation(x, j);
            worst = z > worst ? z : worst;
        }
        return A::octaves(worst);
    }
    void follow(const Raw *x, bool calm) {
        if (calm) {
            keep(x);
        } else { // what is anomalous is averaged, so that it ends when it does, and not learned
            for (std::uint32_t j = 0; j < d_; ++j) {
                channels()[j].deviation = with(x, j).deviation;
            }
        }
    }
    void settle() {}
    void explain(const Raw *x, std::int32_t *shares) const;
    void new_epoch() { std::memset(b_.image, 0, s_.bytes + bin_.bytes * static_cast<std::uint32_t>(w_.bins)); }
    tb_status merge(const std::uint8_t *, int) { return TB_ERR_UNSUPPORTED; }
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }

  private:
    using S = SeasonalState<P>;
    std::uint32_t &frames() const { return *at<std::uint32_t>(b_.image, s_.offset[S::frames]); }
    Channel<P> *channels() const { return at<Channel<P>>(b_.image, s_.offset[S::channels]); }
    std::uint32_t bin_at(const Raw *x) const {
        const auto bins = static_cast<std::uint32_t>(w_.bins);
        return s_.bytes + bin_.bytes * (bins > 1 ? A::bin(x[d_], bins) : 0);
    }
    Bin<P> *bins_of(const Raw *x) const { return at<Bin<P>>(b_.image, bin_at(x) + bin_.offset[BinState<P>::numbers]); }
    std::uint32_t &visits(const Raw *x) const {
        return *at<std::uint32_t>(b_.image, bin_at(x) + bin_.offset[BinState<P>::visits]);
    }
    Baseline<P> baseline(const Raw *x) const { return {w_.baseline, frames(), visits(x)}; }
    // Channel j with x in it.
    Channel<P> with(const Raw *x, std::uint32_t j) const {
        Channel<P> c = channels()[j];
        baseline(x).look(c, bins_of(x)[j], A::of(x[j]));
        return c;
    }
    State deviation(const Raw *x, std::uint32_t j) const { return A::magnitude(with(x, j).deviation); }
    void keep(const Raw *x) {
        for (std::uint32_t j = 0; j < d_; ++j) {
            Channel<P> &c = channels()[j];
            Bin<P> &bin = bins_of(x)[j];
            const Residue<P> r = baseline(x).look(c, bin, A::of(x[j]));
            baseline(x).learn(c, bin, A::of(x[j]), r);
        }
        visits(x) = one_more(visits(x));
        frames() = one_more(frames());
    }

    Block b_;
    const SeasonalWords &w_;
    std::uint32_t d_;
    S s_;
    BinState<P> bin_;
};

// The worst channel has it all: the score is its own.
template <class P> void Seasonal<P>::explain(const Raw *x, std::int32_t *shares) const {
    std::uint32_t worst = 0;
    State most = {};
    for (std::uint32_t j = 0; j < b_.setup.inputs; ++j) {
        shares[j] = 0;
        const State z = j < d_ ? deviation(x, j) : State{};
        worst = z > most ? j : worst;
        most = z > most ? z : most;
    }
    shares[worst] = most > State{} ? 65536 : 0;
}

} // namespace twinbit
