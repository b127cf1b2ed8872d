// How one number of a frame becomes a raw feature, for each arithmetic. See capi/RECIPE.md, "input".
//
//   fixed point   count = floor(x 2^unit + 1/2) for a float x;  raw = floor((count - offset) 2^shift + 1/2), 24 bits
//   float32       value = (count - offset) 2^-unit for a count; x - offset 2^-unit for a float x (shift is not used)
#pragma once

#include "image/stage.hpp"
#include "numbers/policy.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

// A channel's words.
struct Channel {
    std::int32_t offset;
    std::int32_t shift;
    std::int32_t unit;
};

// v limited to +-limit; tells when it was.
inline std::int32_t limit_raw(std::int64_t v, std::int32_t limit, bool &clipped) {
    clipped = clipped || v > limit || v < -limit;
    return v > limit ? limit : (v < -limit ? -limit : static_cast<std::int32_t>(v));
}

template <class P> struct RawInput { // fixed point
    static constexpr std::int32_t limit = raw_limit;
    static std::int32_t count(std::int32_t v, const Channel &c, bool &clipped) {
        const std::int64_t d = std::int64_t{v} - c.offset;
        return limit_raw(c.shift >= 0 ? d * (1 << c.shift) : half_up(d, -c.shift), raw_limit, clipped);
    }
    static std::int32_t real(float x, const Channel &c, bool &clipped) {
        const std::int32_t v = quantise(x, c.unit);
        clipped = clipped || v == INT32_MAX || v == -INT32_MAX;
        return count(v, c, clipped);
    }
    // A number of Q1.30 (cos, sin) in the samples' own scale.
    static std::int32_t unit_q30(std::int32_t v) { return half_up(v, 30 - P::Sample::frac); }
    static typename P::Sample sample(std::int32_t raw) {
        bool clipped = false;
        return {static_cast<typename P::Sample::Rep>(limit_raw(raw, P::sample_limit, clipped))};
    }
};

template <> struct RawInput<F32> {
    // Far beyond any sensor, and small enough for the scaler's sum of squares to stay finite: 2^16 (2^49)^2 < 2^128.
    static constexpr float limit = 0x1p48f;
    static float count(std::int32_t v, const Channel &c, bool &clipped) {
        const std::int64_t d = std::int64_t{v} - c.offset;
        return limited(static_cast<float>(limit_raw(d, INT32_MAX, clipped)) * pow2(-c.unit), clipped);
    }
    static float real(float x, const Channel &c, bool &clipped) {
        return limited(c.offset == 0 ? x : x - static_cast<float>(c.offset) * pow2(-c.unit), clipped);
    }
    static float limited(float v, bool &clipped) {
        clipped = clipped || v > limit || v < -limit;
        return v > limit ? limit : (v < -limit ? -limit : v);
    }
    static float unit_q30(std::int32_t v) { return static_cast<float>(v) * 0x1p-30f; }
    static float sample(float x) {
        return x > F32::sample_limit ? F32::sample_limit : (x < -F32::sample_limit ? -F32::sample_limit : x);
    }
};

} // namespace twinbit
