// Sums over frames of products a x^T, where a is a hidden layer's output: a row at a time, in each arithmetic.
//
// Scaling and overflow
//   Q15  16-bit numbers within +-32767: each product is rounded half up to 15 bits less. |half_up(32767^2, 15)| = 32766,
//        and 2^16 * 32766 < 2^31: sums of 32 bits are exact for 2^16 frames.
//   Q31  24-bit numbers within +-(2^23 - 1): products of 46 bits, sums of 2^16 frames below 2^62, nothing is rounded.
//   F32  products of numbers within +-8; compensated sums (Kahan, Comm. ACM 8(1), 1965): what a sum lost is kept in
//        `rest` and given back with the next product. Plain float sums of 10,000 frames make reconstructions of an ELM
//        30 times less exact.
// Sums of untrusted images may be anything: they wrap, which is defined.
#pragma once

#include "linear/sums.hpp"
#include "memory/layout.hpp"

namespace twinbit {

// How far a sum has its point left of the two factors' together.
template <class P> inline constexpr int outer_shift = 0;
template <class C> inline constexpr int outer_shift<Q15With<C>> = 15;

// Magnitudes in an image, as in policy.hpp.
template <class P> inline constexpr int outer_bits = 62;
template <class C> inline constexpr int outer_bits<Q15With<C>> = 31;
template <> inline constexpr int outer_bits<F32> = 23;

// Largest magnitude of a sum over n frames. Float sums are rounded: twice the bound holds them.
template <class P> inline typename P::WideSum outer_limit(std::uint32_t n) {
    constexpr std::int64_t square = std::int64_t{(1 << 23) - 1} * ((1 << 23) - 1);
    return (outer_shift<P> == 0 ? square : 32766) * std::int64_t{n};
}
template <> inline float outer_limit<F32>(std::uint32_t n) { return 128.0f * static_cast<float>(n); }

// The integer of a number, of a sample or bare.
inline std::int32_t integer_of(std::int32_t v) { return v; }
template <class R, int F, class C> inline std::int32_t integer_of(Fixed<R, F, C> v) { return v.raw; }

// A sum with frac fraction bits as a float, rounded once.
template <class Int> inline float real_sum(Int sum, int frac) { return static_cast<float>(sum) * pow2(-frac); }
inline float real_sum(float sum, int) { return sum; }

// Some of the sums of an image. `rest` is not used in fixed point.
template <class P> struct OuterSums {
    using Sum = typename P::Sum;
    Sum *sum;
    Sum *rest;

    // sum_i += a x_i for i < n. The half may be added before the shift: a product of 31 bits leaves room for it.
    template <class X> void add(std::int16_t a, const X *x, std::uint32_t n) const {
        static_assert(sizeof(X) == 2, "products of 30 bits");
        for (std::size_t i = 0; i < n; ++i) {
            add_sum(sum[i], (a * integer_of(x[i]) + (1 << 14)) >> 15);
        }
    }
    template <class X> void add(std::int32_t a, const X *x, std::uint32_t n) const {
        for (std::size_t i = 0; i < n; ++i) {
            add_sum(sum[i], std::int64_t{a} * integer_of(x[i]));
        }
    }

    // Halves, rounded half up, lie within the limit of (n + 1) / 2 frames if the sums did within that of n.
    void halve(std::uint32_t n) const {
        for (std::size_t i = 0; i < n; ++i) {
            sum[i] = half_up(sum[i], 1);
        }
    }

    void clear(std::uint32_t first, std::uint32_t n) const { std::memset(sum + first, 0, n * sizeof(Sum)); }

    // Those of another image, of any alignment, are added or taken out; they lie at `theirs`.
    bool fits(const std::uint8_t *theirs, std::uint32_t n, int sign, std::uint32_t frames) const {
        const std::int64_t most = outer_limit<P>(frames);
        for (std::uint32_t i = 0; i < n; ++i) {
            const std::int64_t v = merged(theirs, i, sign);
            if (v > most || v < -most) {
                return false;
            }
        }
        return true;
    }
    void merge(const std::uint8_t *theirs, const std::uint8_t *, std::uint32_t n, int sign) const {
        for (std::uint32_t i = 0; i < n; ++i) {
            sum[i] = static_cast<Sum>(merged(theirs, i, sign));
        }
    }

  private:
    // Wraps where a forged sum has learned on: then it lies beyond every limit.
    std::int64_t merged(const std::uint8_t *theirs, std::uint32_t i, int sign) const {
        std::int64_t all = sum[i];
        add_sum(all, sign * std::int64_t{peek<Sum>(theirs + i * sizeof(Sum))});
        return all;
    }
};

template <> struct OuterSums<F32> {
    float *sum;
    float *rest; // that the sum has too much

    void add(float a, const float *x, std::uint32_t n) const {
        for (std::size_t i = 0; i < n; ++i) {
            put(i, a * x[i] - rest[i]);
        }
    }

    void halve(std::uint32_t n) const {
        for (std::size_t i = 0; i < n; ++i) {
            sum[i] *= 0.5f;
            rest[i] *= 0.5f;
        }
    }

    void clear(std::uint32_t first, std::uint32_t n) const {
        std::memset(sum + first, 0, n * sizeof(float));
        std::memset(rest + first, 0, n * sizeof(float));
    }

    bool fits(const std::uint8_t *theirs, std::uint32_t n, int, std::uint32_t frames) const {
        const float most = outer_limit<F32>(frames);
        for (std::uint32_t i = 0; i < n; ++i) {
            const float v = sum[i] + peek<float>(theirs + i * sizeof(float));
            if (!(v >= -most && v <= most)) {
                return false;
            }
        }
        return true;
    }
    void merge(const std::uint8_t *theirs, const std::uint8_t *their_rest, std::uint32_t n, int) const {
        for (std::uint32_t i = 0; i < n; ++i) {
            const std::size_t at = i * sizeof(float);
            put(i, peek<float>(theirs + at) - (rest[i] + peek<float>(their_rest + at)));
        }
    }

  private:
    void put(std::size_t i, float y) const {
        const float t = sum[i] + y;
        rest[i] = (t - sum[i]) - y;
        sum[i] = t;
    }
};

} // namespace twinbit
