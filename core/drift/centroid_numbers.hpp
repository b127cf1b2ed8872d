// What a centroid drift detector needs of numbers, in each arithmetic: variances of single features, and the distance
// of a window's mean in units of them.
//
//   variance   v += (e^2 - v) / n: Q.24 in 32 bits, Q15 and Q31 alike; float in F32
//   unit       V_i = 1/2 (v_i + mean of v) + 2^-24
//   distance   sum_i e_i^2 / V_i: Q.16, each term limited to 2^24 so that 2^16 of them fit
#pragma once

#include "linear/distance.hpp"
#include "linear/sums.hpp"
#include "memory/fields.hpp"
#include "numbers/approach.hpp"

namespace twinbit {

template <class P> struct CentroidNumbers { // fixed point
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Variance = std::uint32_t;
    using Far = std::uint64_t;
    static constexpr Type variance_type = Type::u32;
    static constexpr Range variance_range = any;
    static constexpr Far far_one = 65536;

    static Variance flat(std::uint64_t spread, std::uint32_t d) {
        const std::uint64_t v = divide(spread, d);
        return static_cast<Variance>(v < UINT32_MAX ? v : UINT32_MAX);
    }

    // rate: 1 / n, Q0.31.
    static void follow(Variance &v, Sample x, Sample centroid, std::int32_t rate) {
        const auto square = static_cast<std::int64_t>(square_distance(&x, &centroid, 1));
        v = static_cast<Variance>(v + approach(square - v, rate));
    }

    // Of the mean of n frames, n > 0, about the centroid.
    static Far distance(const Sum *sum, std::uint32_t n, const Sample *centroid, const Variance *v, std::uint32_t d) {
        const Means<Sample, Sum> mean(n);
        const std::uint64_t whole = mean_of(v, d);
        Far far = 0;
        for (std::uint32_t i = 0; i < d; ++i) {
            const Sample m = mean(sum[i]);
            const std::uint64_t square = square_distance(&m, centroid + i, 1);
            const std::uint64_t unit = ((v[i] + whole) >> 1) + 1;
            const std::uint64_t z =
                divide(square << 16, static_cast<std::uint32_t>(unit < UINT32_MAX ? unit : UINT32_MAX));
            far += z < most ? z : most;
        }
        return far + 1; // has a logarithm
    }

  private:
    static constexpr std::uint64_t most = std::uint64_t{1} << 40;

    static std::uint64_t mean_of(const Variance *v, std::uint32_t d) {
        std::uint64_t sum = 0;
        for (std::uint32_t i = 0; i < d; ++i) {
            sum += v[i];
        }
        return divide(sum, d);
    }
};

template <> struct CentroidNumbers<F32> {
    using Variance = float;
    using Far = float;
    static constexpr Type variance_type = Type::f32;
    static constexpr Range variance_range = positive(9);
    static constexpr float far_one = 1.0f;

    static float flat(float spread, std::uint32_t d) {
        const float v = spread / static_cast<float>(d);
        return v < 256.0f ? v : 256.0f;
    }

    static void follow(float &v, float x, float centroid, std::int32_t rate) {
        const float e = x - centroid;
        v += approach(e * e - v, rate);
    }

    static float distance(const float *sum, std::uint32_t n, const float *centroid, const float *v, std::uint32_t d) {
        const Means<float, float> mean(n);
        const float whole = lane_sum(d, [=](std::size_t i) { return v[i]; }) / static_cast<float>(d);
        const float far = lane_sum(d, [=](std::size_t i) {
            const float e = mean(sum[i]) - centroid[i];
            const float z = e * e / ((v[i] + whole) * 0.5f + 0x1p-24f);
            return z < 0x1p24f ? z : 0x1p24f;
        });
        return far + 0x1p-16f;
    }
};

} // namespace twinbit
