// Mean and deviation of raw features in float32, by Welford's update (Technometrics 4(3), 1962): no cancellation
// where a sensor's offset is large against its movement.
//
//   mean += (x - mean) / n;  scatter += (x - mean_before) (x - mean_after);  z = (x - mean) / sqrt(scatter / n)
//
// Range: |x| <= 2^48, so scatter <= 2^16 (2^49)^2 is finite. A channel that moved by less than 2^-20 of its mean, or
// 2^-60, counts as moving by that much.
//
// Block: f32 mean[d], f32 gain[d] (the basis); f32 scatter[d], u32 count.
#pragma once

#include "monitor/scaler_fixed.hpp"
#include "numbers/float_sqrt.hpp"

namespace twinbit {

template <> struct Moments<F32> {
    enum : std::uint32_t { mean, gain, scatter, count, fields };
    static constexpr std::uint32_t basis = scatter;
    static constexpr Field table[fields] = {
        {Type::f32, Many::d, both(49)},
        {Type::f32, Many::d, positive(61)},
        {Type::f32, Many::d, positive(120)},
        {Type::u32, Many::one, positive(17)},
    };
    std::uint32_t offset[fields];

    explicit Moments(std::uint32_t d) { place(table, fields, {0, d}, offset); }

    float &number(std::uint8_t *block, std::uint32_t field, std::uint32_t i) const {
        return at<float>(block, offset[field])[i];
    }

    static constexpr std::uint32_t max_frames = sum_frames;

    // n frames with this one.
    void add(std::uint8_t *block, const float *x, std::uint32_t d, std::uint32_t n) const {
        for (std::uint32_t i = 0; i < d; ++i) {
            float &m = number(block, mean, i);
            const float before = x[i] - m;
            m += before / static_cast<float>(n);
            number(block, scatter, i) += before * (x[i] - m);
        }
    }

    void freeze(std::uint8_t *block, std::uint32_t i, std::uint32_t n) const {
        const float m = number(block, mean, i);
        const float least = (m < 0 ? -m : m) * 0x1p-20f;
        float deviation = sqrt(number(block, scatter, i) / static_cast<float>(n));
        deviation = deviation > least ? deviation : least;
        number(block, gain, i) = 1.0f / (deviation > 0x1p-60f ? deviation : 0x1p-60f);
    }

    float apply(std::uint8_t *block, std::uint32_t i, float x) const {
        const float z = (x - number(block, mean, i)) * number(block, gain, i);
        return z > F32::sample_limit ? F32::sample_limit : (z < -F32::sample_limit ? -F32::sample_limit : z);
    }
};

} // namespace twinbit
