// What a bank keeps of each mode's features, in each arithmetic: exact sums, and the scale that is made of them.
//
//   Q15, Q31   s = sum x, q = sum x^2: exact integers, so two modes' sums add exactly
//   F32        s the running mean, q the scatter about it (Welford, Technometrics 4(3), 1962), joined as in Chan,
//              Golub & LeVeque 1979
//
//   scatter    S = sum (x - m)^2 = q - 2 m s + n m^2, about the mean m as rounded: exact modulo 2^64, and it fits
//   variance   v = (S + w P) / (n + w), P the mean of all modes' scatter a frame, w = 32; at least 2^-24
//   standard   z = (x - m) / sqrt(v), limited to +-8
//
// Scaling and overflow: sums hold 2^16 frames. A gain 1 / sqrt(v) lies in 2^-4 ... 2^12 and is kept in Q13.18, so it
// has 14 bits and more; (x - m) gain fits 57 bits.
#pragma once

#include "detectors/fade.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/float_sqrt.hpp"

namespace twinbit {

// Frames that the pooled variance weighs as.
inline constexpr std::uint32_t bank_pull = 32;

template <class P> struct BankNumbers { // fixed point
    using Sample = typename P::Sample;
    using Sum = typename P::Sum;
    using Square = std::int64_t;
    using Spread = std::uint64_t;
    using Gain = std::int32_t; // Q13.18
    static constexpr int gain_bits = 31;

    static void add(Sum &s, Square &q, Sample x, std::uint32_t) {
        accumulate(s, x);
        accumulate_product(q, x, x);
    }
    static void join(Sum &s, Square &q, Sum other_s, Square other_q, std::uint32_t, std::uint32_t) {
        add_sum(s, other_s);
        add_sum(q, other_q);
    }
    static Means<Sample, Sum> means(std::uint32_t n) { return Means<Sample, Sum>(n); }

    static Spread scatter(Sum s, Square q, Sample mean, std::uint32_t n) {
        const auto m = static_cast<std::uint64_t>(std::int64_t{mean.raw});
        return static_cast<std::uint64_t>(q) - 2 * m * static_cast<std::uint64_t>(std::int64_t{s}) + n * m * m;
    }
    // The scatter shrinks, about the mean as rounded.
    static void fade(Sum &s, Square &q, const Fade &f) {
        if (f.whole == 0) {
            return;
        }
        const Sample m = means(f.whole)(s);
        const Spread left = faded(scatter(s, q, m, f.whole), f);
        s = faded(s, f);
        q = static_cast<Square>(left + between_means(s, s, m, m, f.part));
    }

    // Part of a sum over all modes, which has room for 16 of them.
    static Spread part(Spread scatter) { return scatter >> spare; }

    // own: scatter of n frames; total: the sum of all modes' parts over `all` frames.
    static Gain gain(Spread own, std::uint32_t n, Spread total, std::uint32_t all) {
        const Spread pooled = divide(total, all) << spare;
        const Spread least = Spread{n + bank_pull} << (2 * Sample::frac - 24);
        const Spread spread = own + bank_pull * pooled;
        return inverse_root(spread > least ? spread : least, n + bank_pull);
    }

    static Sample standard(Sample x, Sample mean, Gain gain) {
        const std::int64_t z = half_up((std::int64_t{x.raw} - mean.raw) * gain, gain_frac);
        constexpr std::int64_t limit = P::sample_limit;
        if (z > limit || z < -limit) {
            Sample::Clip::clipped();
        }
        return {static_cast<typename Sample::Rep>(z > limit ? limit : (z < -limit ? -limit : z))};
    }

  private:
    static constexpr int gain_frac = 18;
    static constexpr int spare = P::product_bits > 58 ? 4 : 0;

    // 1 / sqrt(spread / n). spread is raised to 63 or 64 bits first, so the root has 23 or more.
    static Gain inverse_root(Spread spread, std::uint32_t n) {
        const int up = leading_zeros(spread) & ~1;
        const std::uint32_t root = isqrt64(divide(spread << up, n)).root; // of the variance, times 2^(up/2)
        return clamp_to<Gain, Saturate>(static_cast<std::int64_t>(
            divide(std::uint64_t{1} << (gain_frac + Sample::frac + up / 2), root == 0 ? 1u : root)));
    }
};

template <> struct BankNumbers<F32> {
    using Sum = float;
    using Square = float;
    using Spread = float;
    using Gain = float;
    static constexpr int gain_bits = 13;

    static void add(float &s, float &q, float x, std::uint32_t n) {
        const float e = x - s;
        s += e / static_cast<float>(n);
        q += e * (x - s);
    }
    static void join(float &s, float &q, float other_s, float other_q, std::uint32_t n, std::uint32_t other_n) {
        const float e = other_s - s;
        const float part = static_cast<float>(other_n) / static_cast<float>(n + other_n);
        q += other_q + e * e * (static_cast<float>(n) * part);
        s += e * part;
    }
    static Means<float, float> means(std::uint32_t) { return Means<float, float>(1); } // the sum is a mean already

    static float scatter(float, float q, float, std::uint32_t) { return q; }
    static void fade(float &, float &q, const Fade &f) { q = faded(q, f); }
    static float part(float scatter) { return scatter; }

    static float gain(float own, std::uint32_t n, float total, std::uint32_t all) {
        constexpr float pull = bank_pull;
        const float v = (own + pull * (total / static_cast<float>(all))) / (static_cast<float>(n) + pull);
        return v > 0x1p-24f ? 1.0f / sqrt(v) : 0x1p12f;
    }

    static float standard(float x, float mean, float gain) {
        const float z = (x - mean) * gain;
        constexpr float limit = F32::sample_limit;
        return z > limit ? limit : (z < -limit ? -limit : z);
    }
};

} // namespace twinbit
