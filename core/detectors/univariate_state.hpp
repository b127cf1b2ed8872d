// The memory of a univariate detector: its words, its block in the image and what it works with for one frame.
//
//   image   u32 frames, u32 novelty[2] Q.26, averages[16], i16 low[boxes][16], i16 high[boxes][16], u32 used[boxes] of
//           the first codebook and of the second, u16 counts[96] of three tails; then a block a bin: its offset and
//           spread, u32 visits
//
// A box has 16 sides: 6 of the first codebook, then 10 of the second, whose first 6 are of the same features.
#pragma once

#include "detectors/boxes_codebook.hpp"
#include "detectors/seasonal_baseline.hpp"
#include "detectors/tail_counts.hpp"

namespace twinbit {

struct UnivariateWords {
    std::int32_t bins, boxes;     // layout
    BaselineWords baseline;       // policy from here on
    std::int32_t time[3];         // frames: averages of the value
    std::int32_t time_z[2];       // frames: averages of z
    std::int32_t novelty;         // frames
    std::int32_t side, deviation; // Q0.16: of a box, of one z in a box
    std::int32_t forget;          // frames, 0 never
};
inline constexpr std::uint32_t univariate_words = 16;
static_assert(sizeof(UnivariateWords) == 4 * univariate_words, "words have no padding");

inline constexpr std::uint32_t value_features = 6;
inline constexpr std::uint32_t z_features = 4;
inline constexpr std::uint32_t all_sides = 2 * value_features + z_features;

// An average and the mean distance from it.
template <class P> struct Pair {
    typename Average<P>::State mean, away;

    void move(typename Average<P>::State x, std::uint32_t n) {
        mean = Average<P>::toward(mean, x, n);
        away = Average<P>::toward(away, Average<P>::magnitude(x - mean), n);
    }
};

template <class P> struct Averages {
    Channel<P> channel;
    typename Average<P>::State origin; // the first value
    Pair<P> value[3];
    Pair<P> z[2];
};
inline constexpr std::uint32_t average_states = 16;

template <class P> struct UnivariateState {
    using State = typename Average<P>::State;
    static_assert(sizeof(Averages<P>) == average_states * sizeof(State), "averages have no padding");

    enum : std::uint32_t { frames, novelty, averages, low, high, used, used_z, tail, tail_f, tail_h, fields };
    static constexpr std::uint32_t basis = 0;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, any},
        {Type::u32, Many::two, positive(novelty_bits)},
        {type_of_number<State>, Many::d, both(Average<P>::bits)},
        {Type::i16, Many::kd, both(15)},
        {Type::i16, Many::kd, both(15)},
        {Type::u32, Many::k, any},
        {Type::u32, Many::k, any},
        {Type::u16, Many::tail, any},
        {Type::u16, Many::tail, any},
        {Type::u16, Many::tail, any},
    };

    std::uint32_t offset[fields];
    std::uint32_t bytes;

    explicit UnivariateState(std::uint32_t boxes) : bytes(place(table, fields, {boxes, average_states}, offset)) {}
};

// One frame against what is known: made by score() or learn(), taken over by follow() or learn().
template <class P> struct UnivariateLook {
    Averages<P> next;
    Residue<P> residue;
    Coordinate x[value_features + z_features];
    Nearest near[2];
    std::uint32_t novelty[2];
    std::int32_t octaves[3]; // of the deviation and of the novelties
    std::uint32_t zero;
};
// No padding and no pointer: a recipe needs the same scratch everywhere.
template <class P>
inline constexpr std::uint32_t look_bytes = (average_states + 3) * sizeof(typename Average<P>::State) + 120;

} // namespace twinbit
