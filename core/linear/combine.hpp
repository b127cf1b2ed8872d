// y = V^T z, the sum of V's rows weighted by z, as samples: what lies beyond their range is limited to it.
//
// Scaling and overflow, fixed point: z becomes mantissas of 24 bits with one power of two (solve.hpp), V has 32 bits: k <=
// 256 products add up exactly in 64 bits, and are rounded once.
//   Q15  V as it is
//   Q31  V of n frames has 46 bits and those of n: its upper 31, rounded half up
//   F32  for each y_i, rows from first to last (matvec.hpp)
#pragma once

#include "linear/matvec.hpp"
#include "linear/solve.hpp"
#include "linear/sums.hpp"

namespace twinbit {

template <class P> struct Upper; // 32 bits of a sum over n frames, and how many bits are left out

template <class C> struct Upper<Q15With<C>> {
    int shift = 0;
    explicit Upper(std::uint32_t) {}
    std::int32_t operator()(std::int32_t sum) const { return sum; }
};
template <class C> struct Upper<Q31With<C>> {
    int shift;
    explicit Upper(std::uint32_t n) : shift(47 - leading_zeros(n)) {} // 46 bits, and 32 - leading_zeros(n); 31 stay
    std::int32_t operator()(std::int64_t sum) const { return clamp_to<std::int32_t, Saturate>(half_up(sum, shift)); }
};

// V has k rows of d sums over n frames with frac fraction bits. work: k numbers.
template <class P> struct Combine {
    using Sum = typename P::Sum;
    using Sample = typename P::Sample;

    static void rows(const Sum *v, int frac, std::uint32_t n, const float *z, std::int32_t *work, Sample *y,
                     std::uint32_t k, std::uint32_t d) {
        const int exponent = mantissas(z, work, k);
        const Upper<P> upper(n);
        for (std::uint32_t i = 0; i < d; ++i) {
            std::int64_t sum = 0;
            const Sum *column = v + i;
            for (std::uint32_t j = 0; j < k; ++j, column += d) {
                sum += std::int64_t{work[j]} * upper(*column);
            }
            y[i] = limited(sum, frac - upper.shift + exponent);
        }
    }

  private:
    static Sample limited(std::int64_t sum, int frac) {
        const std::int32_t v = round_into<Fixed<std::int32_t, Sample::frac>>(sum, frac).raw;
        constexpr std::int32_t limit = P::sample_limit;
        if (v > limit || v < -limit) {
            Sample::Clip::clipped();
            return {static_cast<typename Sample::Rep>(v < 0 ? -limit : limit)};
        }
        return {static_cast<typename Sample::Rep>(v)};
    }
};

template <> struct Combine<F32> {
    static void rows(const float *v, int, std::uint32_t, const float *z, std::int32_t *, float *y, std::uint32_t k,
                     std::uint32_t d) {
        constexpr float limit = F32::sample_limit;
        matvec(v, z, y, k, d);
        for (std::uint32_t i = 0; i < d; ++i) {
            y[i] = y[i] < limit ? (y[i] > -limit ? y[i] : -limit) : limit; // a forged image's no number too
        }
    }
};

} // namespace twinbit
