// What a distance to modes needs of numbers, in each arithmetic: means that follow slowly, a covariance that all modes
// share, and scaled distances.
//
//   moved     how far a mode's mean has followed, Q4.27 in Q15 and Q31: eight (16) bits wider than samples, so that
//             steps of a slow rate are not lost
//   shared    Q15, Q31   Q = sum x x^T over all modes: an exact integer. The scatter within modes is
//                        Q - sum_k (m_k s_k^T + s_k m_k^T - n_k m_k m_k^T), exact modulo 2^64 about means as rounded,
//                        and it fits
//             F32        Q is the scatter within modes (Welford 1962; joined as in Chan, Golub & LeVeque 1979)
//   scaled    z = (x - m) gain (bank_numbers.hpp), Q.16, limited to +-2^14 so that 1,024 squares fit 62 bits
#pragma once

#include "detectors/bank_numbers.hpp"
#include "detectors/comoments.hpp"
#include "linear/distance.hpp"
#include "linear/lanes.hpp"
#include "numbers/approach.hpp"

namespace twinbit {

// Sums and means of the modes, as they lie in the image.
template <class P> struct ModeSums {
    const std::uint32_t *frames;
    const typename P::Sum *sum; // K rows of d
    std::uint32_t modes, d;
};

template <class P> struct DistanceNumbers { // fixed point
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Product = typename P::Product;
    using Moved = std::int32_t; // Q4.27
    using Gain = typename BankNumbers<P>::Gain;
    static constexpr int moved_bits = 31;

    static Sample adapted(Sample mean, Moved moved) {
        const std::int64_t m = half_up(wide(mean) + moved, spare);
        constexpr std::int64_t limit = P::sample_limit;
        return {static_cast<typename Sample::Rep>(m > limit ? limit : (m < -limit ? -limit : m))};
    }
    static Moved follow(Sample x, Sample mean, Moved moved, std::int32_t rate) {
        return clamp_to<Moved, Saturate>(moved + approach(wide(x) - wide(mean) - moved, rate));
    }

    // Sums of mode p take those of mode q. Q knows nothing of modes.
    static void join(Sum *p, const Sum *q, Product *, std::uint32_t, std::uint32_t, std::uint32_t d) {
        for (std::uint32_t i = 0; i < d; ++i) {
            add_sum(p[i], q[i]);
        }
    }

    static void fade(Sum &s, const Fade &f) { s = faded(s, f); }

    // Q becomes the scatter within modes (`out`), or Q again out of that.
    static void centre(Product *q, const ModeSums<P> &s, bool out) {
        for (std::uint32_t i = 0; i < s.d; ++i) {
            for (std::uint32_t j = 0; j <= i; ++j, ++q) {
                const std::uint64_t v = between(s, i, j);
                add_sum(*q, static_cast<std::int64_t>(out ? 0 - v : v));
            }
        }
    }

    // Covariance of features i and j within modes, n frames in all.
    static float covariance(const Product *q, const ModeSums<P> &s, std::uint32_t i, std::uint32_t j, std::uint32_t n) {
        const std::uint64_t v = static_cast<std::uint64_t>(q[triangle_at(i, j)]) - between(s, i, j);
        return static_cast<float>(static_cast<std::int64_t>(v)) * pow2(-2 * Sample::frac) / static_cast<float>(n);
    }

    static std::uint64_t square_scaled(const Sample *x, const Sample *m, const Gain *gain, std::uint32_t d) {
        std::uint64_t sum = 0;
        for (std::uint32_t i = 0; i < d; ++i) {
            constexpr std::int64_t limit = std::int64_t{1} << 30;
            const std::int64_t far = half_up((std::int64_t{x[i].raw} - m[i].raw) * gain[i], 2 + Sample::frac);
            const std::int64_t z = far > limit ? limit : (far < -limit ? -limit : far);
            if (z != far) {
                Sample::Clip::clipped();
            }
            sum += half_up(static_cast<std::uint64_t>(z * z), 8);
        }
        return sum;
    }

    // share() takes parts of 48 bits: a feature that never moved and now does brings up to 52.
    static std::int32_t share_of(std::uint64_t part, std::uint64_t whole) {
        const int down = whole >> 48 != 0 ? 14 : 0;
        return share(part >> down, whole >> down);
    }

  private:
    static constexpr int spare = 27 - Sample::frac;
    static std::int64_t wide(Sample x) { return std::int64_t{x.raw} * (1 << spare); }

    // What the modes' means add to the sum of products of features i and j.
    static std::uint64_t between(const ModeSums<P> &s, std::uint32_t i, std::uint32_t j) {
        std::uint64_t v = 0;
        for (std::uint32_t k = 0; k < s.modes; ++k) {
            const Sum a = s.sum[k * s.d + i];
            const Sum b = s.sum[k * s.d + j];
            if (s.frames[k] != 0) {
                const Means<Sample, Sum> mean(s.frames[k]);
                v += between_means(a, b, mean(a), mean(b), s.frames[k]);
            }
        }
        return v;
    }
};

template <> struct DistanceNumbers<F32> {
    using Moved = float;
    static constexpr int moved_bits = 4;

    static float adapted(float mean, float moved) {
        constexpr float limit = F32::sample_limit;
        const float m = mean + moved;
        return m > limit ? limit : (m < -limit ? -limit : m);
    }
    static float follow(float x, float mean, float moved, std::int32_t rate) {
        const float v = moved + approach(x - mean - moved, rate);
        return v > 16.0f ? 16.0f : (v < -16.0f ? -16.0f : v);
    }

    static void join(float *p, const float *q, float *product, std::uint32_t np, std::uint32_t nq, std::uint32_t d) {
        const float part = static_cast<float>(nq) / static_cast<float>(np + nq);
        const float weight = static_cast<float>(np) * part;
        for (std::uint32_t i = 0; i < d; ++i) {
            for (std::uint32_t j = 0; j <= i; ++j) {
                *product++ += (q[i] - p[i]) * (q[j] - p[j]) * weight;
            }
        }
        for (std::uint32_t i = 0; i < d; ++i) {
            p[i] += (q[i] - p[i]) * part;
        }
    }

    static void fade(float &, const Fade &) {}                  // it is the mean
    static void centre(float *, const ModeSums<F32> &, bool) {} // it is the scatter

    static float covariance(const float *q, const ModeSums<F32> &, std::uint32_t i, std::uint32_t j, std::uint32_t n) {
        return q[triangle_at(i, j)] / static_cast<float>(n);
    }

    static float square_scaled(const float *x, const float *m, const float *gain, std::uint32_t d) {
        return lane_sum(d, [=](std::size_t i) {
            const float z = (x[i] - m[i]) * gain[i];
            return z * z;
        });
    }

    static std::int32_t share_of(float part, float whole) { return share(part, whole); }
};

} // namespace twinbit
