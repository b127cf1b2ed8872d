// How one number of a frame becomes a raw feature, for each arithmetic. See capi/RECIPE.md, "input".
//
//   fixed point   count = floor(x 2^unit + 1/2) for a float x;  raw = floor((count - offset) 2^shift + 1/2), 24 bits
//                 (with shift > 0 the largest multiple of 2^shift below)
//   float32       value = (count - offset) 2^-unit for a count; x - offset 2^-unit for a float x (shift is not used)
#pragma once

#include "image/stage.hpp"
#include "numbers/policy.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

// Words: channels, missing, then three a channel.
inline constexpr std::uint32_t input_head = 2;
inline constexpr std::uint32_t channel_words = 3;

enum class Missing : std::uint8_t { refuse, hold, skip };

struct Channel {
    std::int32_t offset;
    std::int32_t shift;
    std::int32_t unit;
};

inline std::uint32_t channels(const Setup &s) { return static_cast<std::uint32_t>(s.words[0]); }
inline Missing missing_of(const Setup &s) { return static_cast<Missing>(s.words[1]); }
inline Channel channel(const Setup &s, std::uint32_t i) {
    const std::int32_t *w = s.words + input_head + channel_words * i;
    return {w[0], w[1], w[2]};
}

inline bool is_missing(std::int32_t count) { return count == TB_MISSING_I32; }
inline bool is_missing(float x) { return is_nan(x); }
inline bool is_finite(std::int32_t) { return true; }

// v limited to +-limit; tells when it was.
inline std::int32_t limit_raw(std::int32_t v, std::int32_t limit, bool &clipped) {
    clipped = clipped || v > limit || v < -limit;
    return v > limit ? limit : (v < -limit ? -limit : v);
}

// count - offset, limited to 32 bits.
inline std::int32_t less_offset(std::int32_t count, std::int32_t offset, bool &clipped) {
    std::int32_t d = 0;
    if (__builtin_sub_overflow(count, offset, &d)) {
        clipped = true;
        return count < 0 ? -INT32_MAX : INT32_MAX;
    }
    return d;
}

template <class P> struct RawInput { // fixed point
    // A float that was limited on its way to a count arrives as +-(2^31 - 1).
    static std::int32_t raw(std::int32_t count, const Channel &c, bool &clipped) {
        const std::int32_t d = less_offset(count, c.offset, clipped);
        clipped = clipped || count == INT32_MAX || count == -INT32_MAX;
        if (c.shift <= 0) {
            return limit_raw(half_up(d, -c.shift), raw_limit, clipped);
        }
        return limit_raw(d, raw_limit >> c.shift, clipped) * (1 << c.shift);
    }
    static tb_status refusal(std::int32_t) { return TB_ERR_MISSING; }
    // A number of Q1.30 (cos, sin) in the samples' own scale.
    static std::int32_t unit_q30(std::int32_t v) { return half_up(v, 30 - P::Sample::frac); }
    static std::int32_t clock(std::uint32_t turn_q23) { return static_cast<std::int32_t>(turn_q23); }
    static typename P::Sample sample(std::int32_t raw) {
        bool clipped = false;
        return {static_cast<typename P::Sample::Rep>(limit_raw(raw, P::sample_limit, clipped))};
    }
};

template <> struct RawInput<F32> {
    // Far beyond any sensor, and small enough for the scaler's sum of squares to stay finite: 2^16 (2^49)^2 < 2^128.
    static constexpr float limit = 0x1p48f;
    static float raw(std::int32_t count, const Channel &c, bool &clipped) {
        return limited(static_cast<float>(less_offset(count, c.offset, clipped)) * pow2(-c.unit), clipped);
    }
    static tb_status refusal(std::int32_t) { return TB_ERR_MISSING; }
    static tb_status refusal(float) { return TB_ERR_NOT_FINITE; }
    static float raw(float x, const Channel &c, bool &clipped) {
        return limited(c.offset == 0 ? x : x - static_cast<float>(c.offset) * pow2(-c.unit), clipped);
    }
    static float limited(float v, bool &clipped) {
        clipped = clipped || v > limit || v < -limit;
        return v > limit ? limit : (v < -limit ? -limit : v);
    }
    static float unit_q30(std::int32_t v) { return static_cast<float>(v) * 0x1p-30f; }
    static float clock(std::uint32_t turn_q23) { return static_cast<float>(turn_q23) * 0x1p-23f; }
    static float sample(float x) {
        return x > F32::sample_limit ? F32::sample_limit : (x < -F32::sample_limit ? -F32::sample_limit : x);
    }
};

} // namespace twinbit
