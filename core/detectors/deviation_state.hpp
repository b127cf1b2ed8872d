// The block of a Deviation in the image, and its words.
//
// Memory, 8 channels: Q15 and Q31 408 B, F32 216 B.
#pragma once

#include "detectors/deviation_numbers.hpp"
#include "image/stage.hpp"

namespace twinbit {

// All of them are policy: none shapes the image.
struct DeviationWords {
    std::int32_t smoothing; // Q0.31
    std::int32_t settle;    // rows
    std::int32_t rate;      // Q0.31
};
inline constexpr std::uint32_t deviation_words = 3;
static_assert(sizeof(DeviationWords) == 4 * deviation_words, "words have no padding");

template <class P> struct DeviationState {
    using N = DeviationNumbers<P>;

    // rows: learned; settled: of them those whose average counts; started: 1 once `average` stands somewhere; moved:
    // how far the adapted mean lies from the learned one.
    enum : std::uint32_t { rows, settled, started, average, moved, sum, square, slow_sum, slow_square, fields };
    static constexpr std::uint32_t basis = 0;
    static constexpr Type level_type = type_of_number<typename N::Level>;
    static constexpr Field sum_field = {type_of_number<typename N::Sum>, Many::d, both(N::sum_bits)};
    static constexpr Field square_field = {type_of_number<typename N::Square>, Many::d, positive(N::square_bits)};
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, positive(16)},
        {Type::u32, Many::one, positive(16)},
        {Type::u32, Many::one, positive(1)},
        {level_type, Many::d, both(N::level_bits)},
        {level_type, Many::d, both(N::moved_bits)},
        sum_field,
        square_field,
        sum_field,
        square_field,
    };

    std::uint32_t channels, bytes;
    std::uint32_t offset[fields];

    explicit DeviationState(const Setup &s) : channels(s.inputs), bytes(place(table, fields, {0, channels}, offset)) {}
};

} // namespace twinbit
