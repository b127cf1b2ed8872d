// Mean and deviation of raw features in float32, by Welford's update (Technometrics 4(3), 1962): no cancellation where a
// sensor's offset is large against its movement.
//
//   mean += (x - mean) / n;  scatter += (x - mean_before) (x - mean_after);  z = (x - mean) / sqrt(scatter / n)
//
// Range: |x| <= 2^48, so scatter <= 2^16 (2^49)^2 is finite. A channel that moved by less than 2^-20 of its mean, or
// 2^-60, counts as moving by that much.
//
// Block: f32 mean[d], f32 gain[d] (the basis); f32 scatter[d], u32 count, u32 zero.
#pragma once

#include "monitor/scaler_fixed.hpp"
#include "numbers/float_sqrt.hpp"

namespace twinbit {

template <> struct Moments<F32> {
    std::uint32_t mean, gain, basis, scatter, count, bytes;

    explicit Moments(std::uint32_t d) {
        Layout l;
        mean = l.add<float>(d);
        gain = l.add<float>(d);
        basis = l.bytes();
        scatter = l.add<float>(d);
        count = l.add<std::uint32_t>(2);
        bytes = l.bytes();
    }

    static constexpr std::uint32_t max_frames = sum_frames;

    void add(std::uint8_t *block, std::uint32_t i, float x, std::uint32_t n) const {
        float &m = at<float>(block, mean)[i];
        const float before = x - m;
        m += before / static_cast<float>(n);
        at<float>(block, scatter)[i] += before * (x - m);
    }

    void freeze(std::uint8_t *block, std::uint32_t i, std::uint32_t n) const {
        const float m = at<float>(block, mean)[i];
        const float least = (m < 0 ? -m : m) * 0x1p-20f;
        float deviation = sqrt(at<float>(block, scatter)[i] / static_cast<float>(n));
        deviation = deviation > least ? deviation : least;
        at<float>(block, gain)[i] = 1.0f / (deviation > 0x1p-60f ? deviation : 0x1p-60f);
    }

    float apply(const std::uint8_t *block, std::uint32_t i, float x) const {
        const float z = (x - at<float>(block, mean)[i]) * at<float>(block, gain)[i];
        return z > F32::sample_limit ? F32::sample_limit : (z < -F32::sample_limit ? -F32::sample_limit : z);
    }

    bool valid(const std::uint8_t *block, std::uint32_t d) const {
        return all_within<float>(block + mean, d, -0x1p49f, 0x1p49f) && padding_zero<float>(block, mean, d) &&
               all_within<float>(block + gain, d, 0.0f, 0x1p61f) && padding_zero<float>(block, gain, d) &&
               all_within<float>(block + scatter, d, 0.0f, 0x1p120f) && padding_zero<float>(block, scatter, d) &&
               all_within<std::uint32_t>(block + count, 1, 0, max_frames) && all_zero(block + count + 4, 4);
    }
};

} // namespace twinbit
