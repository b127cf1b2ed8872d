// The framer: keeps the last `window` samples of each axis in a ring and says when a window is due.
//
//   a window is due once the ring is full and `hop` samples have come since the last one
//   dt of a window = sum of the samples' dt since the last one; hop_ms if none was known
//   a sample whose dt is above gap_ms empties the ring first: no window has a hole
//
// Words: axes, window, hop, detrend | policy: hop_ms, gap_ms. A push costs the same at every sample: one store an axis.
//
// Block: u32 at (where the next sample goes), u32 filled, u32 since, u32 elapsed (ms), then the ring, axis by axis.
// `at` may be equal to the window, which is 0.
//
// Overflow: in Q15 samples are limited to 16 bits, in Q31 to 24. A forged `since` or `elapsed` stops at its limit.
#pragma once

#include "image/stage.hpp"
#include "signal/column.hpp"

namespace twinbit {

inline constexpr std::uint32_t max_axes = 64;
inline constexpr std::uint32_t max_ring = 65536; // numbers

// What the ring holds.
template <class P> struct Ring;
template <> struct Ring<F32> {
    using Stored = float;
    static constexpr int bits = F32::raw_bits;
};
template <> struct Ring<Q15> {
    using Stored = std::int16_t;
    static constexpr int bits = 15;
};
template <> struct Ring<Q31> {
    using Stored = std::int32_t;
    static constexpr int bits = Q31::raw_bits;
};

inline void store_raw(float &place, float x) { place = x; }
inline void store_raw(std::int32_t &place, std::int32_t x) { place = x; }
inline void store_raw(std::int16_t &place, std::int32_t x) {
    place = static_cast<std::int16_t>(x > INT16_MAX ? INT16_MAX : (x < -INT16_MAX ? -INT16_MAX : x));
}

struct FramerWords {
    std::int32_t axes, window, hop, detrend;
    std::int32_t hop_ms, gap_ms;
};
inline constexpr std::uint32_t framer_words = 6;
static_assert(sizeof(FramerWords) == 4 * framer_words, "words have no padding");

struct FramerState {
    std::uint32_t at;
    std::uint32_t filled;  // samples in the ring
    std::uint32_t since;   // samples since the last window; stops at the window's length
    std::uint32_t elapsed; // ms since the last window; stops at 2^32 - 1
};
inline constexpr std::uint32_t ring_at = 16;
static_assert(sizeof(FramerState) == ring_at, "no padding: see capi/IMAGE.md");

inline const FramerWords &framer_words_of(const Setup &s) { return *reinterpret_cast<const FramerWords *>(s.words); }

bool framer_shape(const Setup &, Shape &);

// The part of a push that does not depend on the arithmetic: where the sample goes, and whether a window is due then,
// with the time since the last one.
struct Push {
    std::uint32_t place;
    bool due;
};
Push advance_ring(FramerState &, const FramerWords &, std::uint32_t &dt_ms);

template <class P> struct Framer {
    using Raw = typename P::Raw;
    using Stored = typename Ring<P>::Stored;

    static constexpr std::uint32_t fields = 3;
    static constexpr Field table[fields] = {
        {Type::u32, Many::two, most_k},
        {Type::u32, Many::two, any},
        {type_of_number<Stored>, Many::kd, both(Ring<P>::bits)},
    };

    static bool push(const Block &b, const void *raw, std::uint32_t &dt_ms) {
        const FramerWords &w = framer_words_of(b.setup);
        const Push push = advance_ring(*at<FramerState>(b.image, 0), w, dt_ms);
        auto *place = at<Stored>(b.image, ring_at) + push.place;
        for (std::int32_t axis = 0; axis < w.axes; ++axis, place += w.window) {
            store_raw(*place, static_cast<const Raw *>(raw)[axis]);
        }
        return push.due;
    }

    static void column(const Block &b, std::uint32_t axis, void *out) {
        const auto n = static_cast<std::uint32_t>(framer_words_of(b.setup).window);
        const Stored *ring = at<Stored>(b.image, ring_at) + std::size_t{axis} * n;
        unroll(ring, n, at<FramerState>(b.image, 0)->at, static_cast<Raw *>(out));
    }

    static void put(const Block &, const void *raw, std::uint32_t i, void *column) {
        Stored stored = 0;
        store_raw(stored, *static_cast<const Raw *>(raw));
        static_cast<Raw *>(column)[i] = stored;
    }

    static void take_trend(const Block &b, void *column) {
        const FramerWords &w = framer_words_of(b.setup);
        detrend(static_cast<Raw *>(column), static_cast<std::uint32_t>(w.window), static_cast<Detrend>(w.detrend));
    }
};

} // namespace twinbit
