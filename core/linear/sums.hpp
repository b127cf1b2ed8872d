// Running sums of samples and distances, and their means: the same names for every arithmetic.
#pragma once

#include "numbers/divide.hpp"
#include "numbers/policy.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

// Sums of untrusted images may be anything: they wrap, which is defined, and range checks of merges look before.
inline void add_sum(float &sum, float x) { sum += x; }
inline void add_sum(std::int32_t &sum, std::int32_t x) {
    sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum) + static_cast<std::uint32_t>(x));
}
inline void add_sum(std::int64_t &sum, std::int64_t x) {
    sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(sum) + static_cast<std::uint64_t>(x));
}

inline void accumulate(float &sum, float x) { sum += x; }
template <class Sum, class R, int F, class C> inline void accumulate(Sum &sum, Fixed<R, F, C> x) {
    add_sum(sum, x.raw);
}

// sum / n as a sample, rounded half up, n > 0, for many sums of one n.
template <class Sample, class Sum> class Means;

// A float sum is rounded at every step: its mean may leave the samples' range when all samples lie at its end.
template <> class Means<float, float> {
  public:
    explicit Means(std::uint32_t n) : n_(static_cast<float>(n)) {}
    float operator()(float sum) const {
        const float mean = sum / n_;
        constexpr float limit = F32::sample_limit;
        return mean > limit ? limit : (mean < -limit ? -limit : mean);
    }

  private:
    float n_;
};

template <class Sample> class Means<Sample, std::int32_t> {
  public:
    explicit Means(std::uint32_t n) : n_(n) {}
    Sample operator()(std::int32_t sum) const { return {static_cast<typename Sample::Rep>(n_.half_up(sum))}; }

  private:
    Reciprocal n_;
};

// 32-bit samples leave room above their range, which a forged image's sums would use: its means are limited as well.
template <class Sample> class Means<Sample, std::int64_t> {
  public:
    explicit Means(std::uint32_t n) : n_(n) {}
    Sample operator()(std::int64_t sum) const {
        constexpr std::int64_t limit = (std::int64_t{8} << Sample::frac) - 1;
        const std::int64_t mean = quotient_half_up(sum, n_);
        return {static_cast<typename Sample::Rep>(mean > limit ? limit : (mean < -limit ? -limit : mean))};
    }

  private:
    std::uint32_t n_;
};

// sum / n for distances, rounded down, n > 0.
inline float mean_distance(float sum, std::uint32_t n) { return sum / static_cast<float>(n); }
inline std::uint64_t mean_distance(std::uint64_t sum, std::uint32_t n) { return divide(sum, n); }

// n times a sample as a sum, exact in fixed point for n <= sum_frames.
template <class Sum> inline Sum times(float x, std::uint32_t n) { return x * static_cast<float>(n); }
template <class Sum, class R, int F, class C> inline Sum times(Fixed<R, F, C> x, std::uint32_t n) {
    return static_cast<Sum>(x.raw * static_cast<Sum>(n));
}

// The representation of a sample as stored in an image.
inline float raw_of(float x) { return x; }
template <class R, int F, class C> inline R raw_of(Fixed<R, F, C> x) { return x.raw; }

// Largest magnitude that a sum of n samples can have. Float sums are rounded at every step: twice the bound holds them.
template <class P> inline typename P::WideSum sum_limit(std::uint32_t n) {
    return static_cast<typename P::WideSum>(P::sample_limit) * static_cast<typename P::WideSum>(n);
}
template <> inline float sum_limit<F32>(std::uint32_t n) { return 16.0f * static_cast<float>(n); }

// Sums of products of two samples: exact in fixed point, |Q| <= n limit^2.
template <class R, int F, class C>
inline void accumulate_product(std::int64_t &sum, Fixed<R, F, C> a, Fixed<R, F, C> b) {
    add_sum(sum, std::int64_t{a.raw} * b.raw);
}
template <class P> inline typename P::Product product_limit(std::uint32_t n) {
    using Product = typename P::Product;
    return static_cast<Product>(P::sample_limit) * static_cast<Product>(P::sample_limit) * static_cast<Product>(n);
}
template <> inline float product_limit<F32>(std::uint32_t n) { return 128.0f * static_cast<float>(n); }

// What products of two samples sum to by the means alone: m_a s_b + m_b s_a - n m_a m_b, about the means m as rounded,
// modulo 2^64.
template <class Sum, class R, int F, class C>
inline std::uint64_t between_means(Sum sum_a, Sum sum_b, Fixed<R, F, C> mean_a, Fixed<R, F, C> mean_b,
                                   std::uint32_t n) {
    const auto a = static_cast<std::uint64_t>(std::int64_t{mean_a.raw});
    const auto b = static_cast<std::uint64_t>(std::int64_t{mean_b.raw});
    return a * static_cast<std::uint64_t>(std::int64_t{sum_b}) + b * static_cast<std::uint64_t>(std::int64_t{sum_a}) -
           n * a * b;
}

// Covariance of two features from their sums: (Q - m_a s_b - m_b s_a + n m_a m_b) / n, about the means m as rounded.
// In fixed point the bracket is an exact integer (modulo 2^64, and it fits); float comes last.
template <class Sum, class R, int F, class C>
inline float scatter(std::int64_t q, Sum sum_a, Sum sum_b, Fixed<R, F, C> mean_a, Fixed<R, F, C> mean_b,
                     std::uint32_t n) {
    const auto ma = static_cast<std::uint64_t>(std::int64_t{mean_a.raw});
    const auto mb = static_cast<std::uint64_t>(std::int64_t{mean_b.raw});
    const std::uint64_t v = static_cast<std::uint64_t>(q) - ma * static_cast<std::uint64_t>(std::int64_t{sum_b}) -
                            mb * static_cast<std::uint64_t>(std::int64_t{sum_a}) + n * ma * mb;
    return static_cast<float>(static_cast<std::int64_t>(v)) * pow2(-2 * F) / static_cast<float>(n);
}

// A sample as a float: exact, at most 24 bits.
inline float to_real(float x) { return x; }
template <class R, int F, class C> inline float to_real(Fixed<R, F, C> x) {
    return static_cast<float>(x.raw) * pow2(-F);
}

} // namespace twinbit
