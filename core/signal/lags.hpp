// The transform `lags`, for slow process data: what was seen some frames ago, and the differences to it.
//
//   now        x(t)
//   lagged_k   x(t - k step)              k = 1 ... lags
//   difference_k   x(t) - x(t - k step)
//
// Before k step frames were seen the oldest one stands for it; the first frame stands for itself.
//
// Words: lags, step, what (1 now + 2 lagged + 4 differences). Out: now, then for each k: lagged, differences.
// Block: u32 at, u32 filled, then a ring of lags step frames. Overflow: differences are limited to 24 bits (F32 2^48).
#pragma once

#include "image/stage.hpp"
#include "memory/bytes.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

inline constexpr std::uint32_t max_lags = 16;
inline constexpr std::uint32_t max_history = 1024; // frames
inline constexpr std::uint32_t max_history_numbers = 65536;

struct LagWords {
    std::int32_t lags, step, what;
};
inline constexpr std::uint32_t lag_words = 3;
static_assert(sizeof(LagWords) == 4 * lag_words, "words have no padding");
inline constexpr std::int32_t what_now = 1, what_lagged = 2, what_differences = 4;

struct LagState {
    std::uint32_t at;     // where the next frame goes; may be the ring's length, which is 0
    std::uint32_t filled; // frames in the ring
};
inline constexpr std::uint32_t history_at = 8;
static_assert(sizeof(LagState) == history_at, "no padding: see capi/IMAGE.md");

inline float less(float a, float b) {
    constexpr float limit = 0x1p48f;
    const float d = a - b;
    return d > limit ? limit : (d < -limit ? -limit : d);
}
inline std::int32_t less(std::int32_t a, std::int32_t b) {
    const std::int32_t d = a - b;
    return d > raw_limit ? raw_limit : (d < -raw_limit ? -raw_limit : d);
}

template <class P> struct Lags {
    using Raw = typename P::Raw;

    static constexpr std::uint32_t fields = 2;
    static constexpr Field table[fields] = {
        {Type::u32, Many::two, most_k},
        {type_of_number<Raw>, Many::kd, both(P::raw_bits)},
    };

    static const LagWords &words(const Setup &s) { return *reinterpret_cast<const LagWords *>(s.words); }
    static std::uint32_t frames(const LagWords &w) { return static_cast<std::uint32_t>(w.lags * w.step); }

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != lag_words) {
            return false;
        }
        const LagWords &w = words(s);
        if (w.lags < 1 || w.lags > static_cast<std::int32_t>(max_lags) || w.step < 1 ||
            w.step > static_cast<std::int32_t>(max_history) || frames(w) > max_history || w.what < 1 || w.what > 7 ||
            frames(w) * s.inputs > max_history_numbers) {
            return false;
        }
        const std::uint32_t each_lag =
            ((w.what & what_lagged) != 0 ? 1u : 0u) + ((w.what & what_differences) != 0 ? 1u : 0u);
        const std::uint32_t now = (w.what & what_now) != 0 ? 1 : 0;
        out.set(s.inputs * (now + static_cast<std::uint32_t>(w.lags) * each_lag), {frames(w), s.inputs}, fields);
        return true;
    }

    // The frame seen `back` frames ago, 1 ... frames; the oldest one if there are fewer, `now` if there is none.
    static const Raw *past(const Block &b, const Raw *now, std::uint32_t back) {
        const LagState &state = *at<LagState>(b.image, 0);
        if (state.filled == 0) {
            return now;
        }
        const std::uint32_t n = frames(words(b.setup));
        back = back < state.filled ? back : state.filled;
        const std::uint32_t place = state.at >= back ? state.at - back : state.at + n - back;
        return at<Raw>(b.image, history_at) + std::size_t{place} * b.setup.inputs;
    }

    static void apply(const Block &b, const void *in, std::uint32_t, void *out) {
        const LagWords &w = words(b.setup);
        const std::uint32_t d = b.setup.inputs;
        const auto *now = static_cast<const Raw *>(in);
        auto *feature = static_cast<Raw *>(out);
        if ((w.what & what_now) != 0) {
            copy_words(feature, now, d);
            feature += d;
        }
        for (std::int32_t k = 1; k <= w.lags; ++k) {
            const Raw *then = past(b, now, static_cast<std::uint32_t>(k * w.step));
            if ((w.what & what_lagged) != 0) {
                copy_words(feature, then, d);
                feature += d;
            }
            if ((w.what & what_differences) != 0) {
                for (std::uint32_t i = 0; i < d; ++i) {
                    *feature++ = less(now[i], then[i]);
                }
            }
        }
    }

    static void remember(const Block &b, const void *in) {
        const std::uint32_t n = frames(words(b.setup));
        LagState &state = *at<LagState>(b.image, 0);
        const std::uint32_t place = state.at < n ? state.at : 0;
        Raw *history = at<Raw>(b.image, history_at) + std::size_t{place} * b.setup.inputs;
        copy_words(history, in, b.setup.inputs);
        state.at = place + 1;
        state.filled += state.filled < n ? 1 : 0;
    }
};

} // namespace twinbit
