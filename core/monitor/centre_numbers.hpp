// Means of raw features that keep their unit, in each arithmetic.
//
//   mean    fixed point floor(sum / n + 1/2) of exact sums; F32 mean += (x - mean) / n
//   sample  (raw - mean) 2^gain, in octaves: raw features are Q15.16 in fixed point; limited to +-8
//
// Scaling and overflow: |raw| < 2^23, so |sum| < 2^38 over 2^15 frames; later frames are not learned.
#pragma once

#include "memory/fields.hpp"
#include "numbers/divide.hpp"
#include "numbers/float_scale.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

template <class P> struct CentreNumbers {
    using Sample = typename P::Sample;

    // The mean is the basis; sum is its statistics.
    enum : std::uint32_t { mean, sum, count, fields };
    static constexpr std::uint32_t basis = sum;
    static constexpr Field table[fields] = {
        {Type::i32, Many::d, both(23)}, {Type::i64, Many::d, both(39)}, {Type::u32, Many::one, positive(16)}};
    static constexpr std::uint32_t max_frames = raw_sum_frames;
    std::uint32_t offset[fields];

    explicit CentreNumbers(std::uint32_t d) { place(table, fields, {0, d}, offset); }

    void add(std::uint8_t *block, std::uint32_t i, std::int32_t x, std::uint32_t) const {
        at<std::int64_t>(block, offset[sum])[i] += x;
    }
    void freeze(std::uint8_t *block, std::uint32_t i, std::uint32_t n) const {
        const std::int64_t m = quotient_half_up(at<std::int64_t>(block, offset[sum])[i], n);
        at<std::int32_t>(block, offset[mean])[i] =
            static_cast<std::int32_t>(m > raw_limit ? raw_limit : (m < -raw_limit ? -raw_limit : m)); // forged
    }
    Sample apply(std::uint8_t *block, std::uint32_t i, std::int32_t x, std::int32_t gain) const {
        const std::int64_t d = std::int64_t{x} - at<std::int32_t>(block, offset[mean])[i];
        constexpr int up = 8 + Sample::frac - 16; // a gain of 2^8 is a shift of this many places to the left
        constexpr int left = up > 0 ? up : 0;
        const std::int64_t z = half_up(d * (1 << left), left + 16 - Sample::frac - gain);
        constexpr std::int64_t limit = P::sample_limit;
        if (z > limit || z < -limit) {
            Sample::Clip::clipped();
        }
        return {static_cast<typename Sample::Rep>(z > limit ? limit : (z < -limit ? -limit : z))};
    }
};

template <> struct CentreNumbers<F32> {
    enum : std::uint32_t { mean, count, fields };
    static constexpr std::uint32_t basis = count;
    static constexpr Field table[fields] = {{Type::f32, Many::d, both(49)}, {Type::u32, Many::one, positive(17)}};
    static constexpr std::uint32_t max_frames = sum_frames;
    std::uint32_t offset[fields];

    explicit CentreNumbers(std::uint32_t d) { place(table, fields, {0, d}, offset); }

    void add(std::uint8_t *block, std::uint32_t i, float x, std::uint32_t n) const {
        float &m = at<float>(block, offset[mean])[i];
        m += (x - m) / static_cast<float>(n);
    }
    void freeze(std::uint8_t *, std::uint32_t, std::uint32_t) const {}
    float apply(std::uint8_t *block, std::uint32_t i, float x, std::int32_t gain) const {
        const float z = (x - at<float>(block, offset[mean])[i]) * pow2(gain);
        return z > F32::sample_limit ? F32::sample_limit : (z < -F32::sample_limit ? -F32::sample_limit : z);
    }
};

} // namespace twinbit
