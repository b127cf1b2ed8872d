// The words and the memory of a distance to modes.
//
//   image   the fields below, then what its kind sums: squares of each mode (diagonal), or one triangle of products
//           (shared)
//   plan    u32 settled; diagonal: gain[K d]; shared: weight[d (d + 1) / 2] by rows, i32 exponent[d]
//
// Memory: diagonal, one mode of 22 features: Q15 480 B, Q31 648 B, F32 472 B; shared, 16 modes of 30: Q15 9,568 B.
#pragma once

#include "detectors/distance_numbers.hpp"
#include "image/stage.hpp"
#include "linear/whiten.hpp"

namespace twinbit {

struct DistanceWords {
    std::int32_t modes;
    std::int32_t kind;
    std::int32_t shrinkage; // Q0.16
    std::int32_t rate;      // Q0.31
    std::int32_t few;       // frames
};
inline constexpr std::uint32_t distance_words = 5;
static_assert(sizeof(DistanceWords) == 4 * distance_words, "words have no padding");

enum DistanceKind : std::int32_t { diagonal, shared };

inline const DistanceWords &distance_words_of(const Setup &s) {
    return *reinterpret_cast<const DistanceWords *>(s.words);
}

template <class P> struct DistanceFields {
    using N = DistanceNumbers<P>;
    using Rep = decltype(raw_of(typename P::Sample{}));

    // epoch, open, start: the basis: modes as they stood when the epoch began. scatter: of all frames about their
    // modes, for the rule that opens modes. mean: derived from sum and moved.
    enum : std::uint32_t { epoch, open, start, frames, scatter, sum, moved, mean, fields };
    static constexpr std::uint32_t basis = frames; // what comes before it
    static constexpr Type sample_type = type_of_number<Rep>;
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, any},
        {Type::u32, Many::one, most_k},
        {sample_type, Many::kd, both(P::sample_bits)},
        {Type::u32, Many::k, positive(17)},
        {type_of_number<typename P::Distance>, Many::one, positive(P::distance_bits)},
        {type_of_number<typename P::Sum>, Many::kd, both(P::sum_bits)},
        {type_of_number<typename N::Moved>, Many::kd, both(N::moved_bits)},
        {sample_type, Many::kd, both(P::sample_bits)},
    };
    // After them, by kind.
    static constexpr Field spread_table[2] = {
        {type_of_number<typename BankNumbers<P>::Square>, Many::kd, positive(P::product_bits)},
        {type_of_number<typename P::Product>, Many::triangle_d, both(P::product_bits)},
    };
};

template <class P> struct DistanceState : DistanceFields<P> {
    using Fields = DistanceFields<P>;
    static constexpr std::int32_t max_modes = 16;

    std::uint32_t modes, features;
    DistanceKind kind;
    std::uint32_t offset[Fields::fields];
    std::uint32_t spread, bytes; // where squares or products begin, and the block ends

    explicit DistanceState(const Setup &s)
        : modes(static_cast<std::uint32_t>(distance_words_of(s).modes)), features(s.inputs),
          kind(distance_words_of(s).kind == shared ? shared : diagonal),
          spread(place(Fields::table, Fields::fields, {modes, features}, offset)),
          bytes(spread + bytes_of_fields(Fields::spread_table + kind, 1, {modes, features})) {}

    bool is_shared() const { return kind == shared; }
};

template <class P> struct DistancePlan {
    std::uint32_t settled, factor, exponent, bytes; // factor: gains or weights

    explicit DistancePlan(const DistanceState<P> &s) {
        Layout l;
        settled = l.add<std::uint32_t>(1);
        factor = s.is_shared() ? l.add<typename P::Weight>(triangle(s.features))
                               : l.add<typename BankNumbers<P>::Gain>(s.modes * s.features);
        exponent = l.add<std::int32_t>(s.is_shared() ? s.features : 0);
        bytes = l.bytes();
    }
};

} // namespace twinbit
