// The baseline of one channel: a level, an offset for each bin of the time of day, and how far values spread about both.
//
//   e      = x - level - offset[bin]
//   scale  = 5/4 (share spread[bin] + (1 - share) spread) + 2^-10 range      spreads are means of |e|
//   z      = e / scale, limited to +-8
//   then     level += (x - level) / n_level;  offset[bin] += e' / n_bin;  spreads += (|e'| - spread) / n
//   deviation = average of z
//
// e' is e limited to +-4 scale once 50 frames are known: what is anomalous shall not become normal at once. All averages
// begin as plain means. n_bin counts frames of that bin.
#pragma once

#include "detectors/seasonal_average.hpp"
#include "image/stage.hpp"

namespace twinbit {

// Words, in frames; share in Q0.16.
struct BaselineWords {
    std::int32_t level, bin, spread, share, average;
};
inline constexpr std::uint32_t baseline_words = 5;
inline constexpr std::int32_t max_bins = 96;

inline bool baseline_ok(const std::int32_t *w) {
    return frames_ok(w, 3) && w[3] >= 0 && w[3] <= 65536 && frames_ok(w + 4, 1);
}

template <class P> struct Channel { typename Average<P>::State level, spread, deviation, least, most; };
inline constexpr std::uint32_t channel_states = 5;

template <class P> struct Bin { typename Average<P>::State offset, spread; };

// The block of one bin: its two numbers for each of d channels (k = 2), then the frames seen in it.
template <class P> struct BinState {
    enum : std::uint32_t { numbers, visits, fields };
    static constexpr Field table[fields] = {
        {type_of_number<typename Average<P>::State>, Many::kd, both(Average<P>::bits)},
        {Type::u32, Many::one, any},
    };
    std::uint32_t offset[fields];
    std::uint32_t bytes;
    explicit BinState(std::uint32_t channels) : bytes(place(table, fields, {2, channels}, offset)) {}
    static Inner inner(std::uint32_t channels, std::uint32_t bins) { return {table, fields, {2, channels}, bins}; }
};

// What a value is against the baseline.
template <class P> struct Residue { typename Average<P>::State e, scale, z; };

template <class P> class Baseline {
  public:
    using A = Average<P>;
    using State = typename A::State;

    // frames: seen before this one; visits: those in this bin
    Baseline(const BaselineWords &w, std::uint32_t frames, std::uint32_t visits)
        : w_(w), frames_(frames), visits_(visits) {}

    // The channel with x in it, as far as its deviation and its range go.
    Residue<P> look(Channel<P> &c, const Bin<P> &bin, State x) const {
        if (frames_ == 0) {
            c = {x, State{}, State{}, x, x};
        }
        c.least = x < c.least ? x : c.least;
        c.most = x > c.most ? x : c.most;
        const State e = x - c.level - bin.offset;
        const State mean = visits_ == 0 ? c.spread : A::blend(bin.spread, c.spread, w_.share);
        const State scale = A::spread(mean, c.most - c.least);
        const State z = frames_ < 2 ? State{} : A::ratio(e, scale);
        c.deviation = A::toward(c.deviation, z, static_cast<std::uint32_t>(w_.average));
        return {e, scale, z};
    }

    // Learns x, after look().
    void learn(Channel<P> &c, Bin<P> &bin, State x, const Residue<P> &r) const {
        const State e = frames_ < settled ? r.e : A::limited(r.e, r.scale, learn_limit);
        const std::uint32_t n = at_most(one_more(visits_), w_.bin);
        bin.offset = A::toward(bin.offset, bin.offset + e, n);
        bin.spread = A::toward(bin.spread, A::magnitude(e), n);
        c.spread = A::toward(c.spread, A::magnitude(e), at_most(one_more(frames_), w_.spread));
        c.level = A::toward(c.level, x, at_most(one_more(frames_), w_.level));
    }

  private:
    static constexpr std::uint32_t settled = 50;
    const BaselineWords &w_;
    std::uint32_t frames_, visits_;
};

} // namespace twinbit
