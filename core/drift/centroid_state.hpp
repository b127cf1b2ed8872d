// The words and the memory of a centroid drift detector.
//
//   image   the fields below, then one block for each of its windows: how many frames each mode has in it, and their
//           sums. While it learns, the first window's sums are those of the modes themselves.
//
// Memory, 4 modes of 8 features and 1 window: Q15 464 B, Q31 656 B, F32 512 B; 8 modes of 64 features and 2 windows:
// Q15 7,424 B, Q31 12,544 B, F32 8,416 B.
#pragma once

#include "drift/centroid_numbers.hpp"
#include "image/stage.hpp"

namespace twinbit {

struct CentroidWords {
    std::int32_t modes, windows; // these shape the image
    std::int32_t window;         // frames
    std::int32_t learning, calibrating;
    std::int32_t rate;   // Q0.31 a frame
    std::int32_t margin; // octaves, Q15.16
    std::int32_t seed;
};
inline constexpr std::uint32_t centroid_words = 8;
static_assert(sizeof(CentroidWords) == 4 * centroid_words, "words have no padding");

inline const CentroidWords &centroid_words_of(const Setup &s) {
    return *reinterpret_cast<const CentroidWords *>(s.words);
}

enum class CentroidPhase : std::uint32_t { learning, calibrating, watching };

template <class P> struct CentroidFields {
    using Rep = decltype(raw_of(typename P::Sample{}));

    // taken: frames of the phase, up to 2^16. draws: the generator's state. replicates, roots, squares: distances seen
    // while calibrating (centroid_threshold.hpp). threshold: octaves, Q15.16. frames, spread: learned. weight: frames
    // that the variances are made of.
    enum : std::uint32_t {
        phase,
        taken,
        open,
        draws,
        replicates,
        roots,
        squares,
        threshold,
        frames,
        spread,
        weight,
        centroid,
        variance,
        fields
    };
    static constexpr Field table[fields] = {
        {Type::u32, Many::one, positive(2)},
        {Type::u32, Many::one, positive(17)},
        {Type::u32, Many::one, most_k},
        {Type::u32, Many::one, any},
        {Type::u32, Many::one, positive(16)},
        {Type::u64, Many::one, positive(39)},
        {Type::u64, Many::one, positive(62)},
        {Type::i32, Many::one, any},
        {Type::u32, Many::k, positive(17)},
        {type_of_number<typename P::Distance>, Many::k, positive(P::distance_bits)},
        {Type::u32, Many::k, positive(17)},
        {type_of_number<Rep>, Many::kd, both(P::sample_bits)},
        {CentroidNumbers<P>::variance_type, Many::kd, CentroidNumbers<P>::variance_range},
    };

    // Of a window. count: frames that a mode has in it; below 0: frames of the mode that it still leaves out.
    enum : std::uint32_t { count, sum, window_fields };
    static constexpr Field window_table[window_fields] = {
        {Type::i32, Many::k, both(13)},
        {type_of_number<typename P::Sum>, Many::kd, both(P::sum_bits)},
    };
};

template <class P> struct CentroidState : CentroidFields<P> {
    using Fields = CentroidFields<P>;
    static constexpr std::int32_t max_modes = 32;
    static constexpr std::int32_t max_windows = 8;
    static constexpr std::int32_t max_window = 4096;

    std::uint32_t modes, windows, features;
    std::uint32_t offset[Fields::fields];
    std::uint32_t window_offset[Fields::window_fields];
    std::uint32_t first, bytes; // where the windows begin, and how long one is

    explicit CentroidState(const Setup &s)
        : modes(static_cast<std::uint32_t>(centroid_words_of(s).modes)),
          windows(static_cast<std::uint32_t>(centroid_words_of(s).windows)), features(s.inputs),
          first(place(Fields::table, Fields::fields, {modes, features}, offset)),
          bytes(place(Fields::window_table, Fields::window_fields, {modes, features}, window_offset)) {}

    std::uint32_t size() const { return first + windows * bytes; }
};

} // namespace twinbit
