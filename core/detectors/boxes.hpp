// Novelty of a vector against boxes around what was seen (fuzzy adaptive resonance, boxes_codebook.hpp): up to 32 raw
// features, each on its own running range.
//
//   score = log2( average of the mean distance of a feature outside of the nearest box )    in shares of the feature's
//           range, octaves Q15.16; -32 where nothing is new
//
// After learning it may go on: not at all, with calm frames only, or with all frames; then what is new is novel once.
//
// Scaling and overflow: box sides are numbers of 16 bits on each feature's range, at least 2^-15 of it; boxes are rewritten
// when a range doubles. Distances are exact integers in every arithmetic.
// Memory: image 16 + 4 b + (4 b + 24) d bytes (F32: 12 d), b boxes, d features; scratch 40 + 20 d (32 d). Cost: about 10 d b
// instructions, less where boxes are told apart by their first features.
// Blind to: what lies inside of a box though nothing was there, features whose range one outlier has blown up.
#pragma once

#include "detectors/boxes_codebook.hpp"
#include "image/stage.hpp"
#include "linear/distance.hpp"

#include <cstddef>

namespace twinbit {

struct BoxesWords {
    std::int32_t boxes;                // layout
    std::int32_t side, average, adapt; // Q0.16 of each range; frames; 0 never, 1 calm frames, 2 always
};
inline constexpr std::uint32_t boxes_words = 4;
inline constexpr std::int32_t adapt_calm = 1;
inline constexpr std::int32_t adapt_always = 2;

// The running range of a feature, from its first value.
template <class P> struct Reach {
    typename Average<P>::State least, most, origin;

    typename Average<P>::State range() const { return most - least; }
    void extend(typename Average<P>::State x, bool first) {
        if (first) {
            *this = {x, x, x};
        }
        least = x < least ? x : least;
        most = x > most ? x : most;
    }
};
inline constexpr std::uint32_t max_box_features = 32;

template <class P> struct BoxesState {
    using State = typename Average<P>::State;
    enum : std::uint32_t { frames, novelty, least, most, origin, low, high, used, fields };
    static constexpr std::uint32_t basis = 0;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, any},
        {Type::u32, Many::one, positive(novelty_bits)},
        {type_of_number<State>, Many::d, both(Average<P>::bits)},
        {type_of_number<State>, Many::d, both(Average<P>::bits)},
        {type_of_number<State>, Many::d, both(Average<P>::bits)},
        {Type::i16, Many::kd, both(15)},
        {Type::i16, Many::kd, both(15)},
        {Type::u32, Many::k, any},
    };

    std::uint32_t offset[fields];
    std::uint32_t bytes;
    BoxesState(std::uint32_t k, std::uint32_t d) : bytes(place(table, fields, {k, d}, offset)) {}
};

// One frame against the boxes: made by score() or learn(), taken over by follow() or learn().
struct BoxesLook {
    Nearest near;
    std::uint32_t novelty;
    std::uint32_t zero;
    Coordinate x[max_box_features]; // as many as there are features
};
inline std::uint32_t looked(std::uint32_t features) {
    return align8(static_cast<std::uint32_t>(offsetof(BoxesLook, x) + features * sizeof(Coordinate)));
}

template <class P> class Boxes {
  public:
    using Raw = typename P::Raw;
    using A = Average<P>;

    explicit Boxes(const Block &block)
        : b_(block), w_(*reinterpret_cast<const BoxesWords *>(block.setup.words)), d_(block.setup.inputs),
          s_(static_cast<std::uint32_t>(w_.boxes), d_) {}

    bool ready() const { return frames() != 0; }
    tb_status learn(const Raw *x, std::int32_t *score_out) {
        const std::int32_t seen = see(x);
        if (score_out != nullptr && ready()) {
            *score_out = seen;
        }
        keep(x);
        return TB_OK;
    }
    std::int32_t score(const Raw *x) const { return see(x); }
    // Of the frame that score() saw last: its scratch is as that left it. The average moves in any case.
    void follow(const Raw *x, bool calm) {
        novelty() = look().novelty;
        if (w_.adapt == adapt_always || (w_.adapt == adapt_calm && calm)) {
            keep(x);
        }
    }
    void settle() {}
    void explain(const Raw *x, std::int32_t *shares) const;
    void new_epoch() { std::memset(b_.image, 0, s_.bytes); }
    tb_status merge(const std::uint8_t *, int) { return TB_ERR_UNSUPPORTED; }
    tb_status prune(std::uint32_t) { return TB_ERR_UNSUPPORTED; }

  private:
    using S = BoxesState<P>;
    template <class T> T *field(std::uint32_t i) const { return at<T>(b_.image, s_.offset[i]); }
    std::uint32_t &frames() const { return *field<std::uint32_t>(S::frames); }
    std::uint32_t &novelty() const { return *field<std::uint32_t>(S::novelty); }
    BoxesLook &look() const { return *at<BoxesLook>(b_.scratch, 0); }
    Codebook codebook() const {
        return {field<std::int16_t>(S::low),
                field<std::int16_t>(S::high),
                field<std::uint32_t>(S::used),
                static_cast<std::uint32_t>(w_.boxes),
                d_,
                d_};
    }
    using State = typename A::State;
    Reach<P> reach(std::uint32_t j) const {
        return {field<State>(S::least)[j], field<State>(S::most)[j], field<State>(S::origin)[j]};
    }
    Reach<P> reach_with(std::uint32_t j, State x) const {
        Reach<P> r = reach(j);
        r.extend(x, frames() == 0);
        return r;
    }

    std::int32_t see(const Raw *x) const;
    void keep(const Raw *x);

    Block b_;
    const BoxesWords &w_;
    std::uint32_t d_;
    S s_;
};

template <class P> std::int32_t Boxes<P>::see(const Raw *x) const {
    BoxesLook &l = look();
    for (std::uint32_t j = 0; j < d_; ++j) {
        const State v = A::of(x[j]);
        const Reach<P> r = reach_with(j, v);
        l.x[j] = coordinate_of<P>(v - r.origin, r.range(), frames() == 0 ? State{} : reach(j).range());
    }
    l.near = codebook().nearest(l.x);
    l.novelty = next_novelty(novelty(), l.near, d_, w_.average);
    return novelty_octaves(l.novelty);
}

// Takes in what see() looked at.
template <class P> void Boxes<P>::keep(const Raw *x) {
    const BoxesLook &l = look();
    const std::uint32_t now = one_more(frames());
    codebook().learn(l.x, l.near, side_limit(w_.side, d_), now);
    for (std::uint32_t j = 0; j < d_; ++j) {
        const Reach<P> r = reach_with(j, A::of(x[j]));
        field<State>(S::least)[j] = r.least;
        field<State>(S::most)[j] = r.most;
        field<State>(S::origin)[j] = r.origin;
    }
    novelty() = l.novelty;
    frames() = now;
}

// Each feature's part of this frame's distance.
template <class P> void Boxes<P>::explain(const Raw *x, std::int32_t *shares) const {
    see(x);
    const BoxesLook &l = look();
    for (std::uint32_t j = 0; j < d_; ++j) {
        const bool known = l.near.box < static_cast<std::uint32_t>(w_.boxes);
        const std::uint32_t part = known ? codebook().part(l.near.box, j, l.x[j]) : 0;
        shares[j] = share(std::uint64_t{part}, std::uint64_t{l.near.distance});
    }
}

} // namespace twinbit
