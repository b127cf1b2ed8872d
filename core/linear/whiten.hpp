// |W (x - m)|^2 for a lower triangle W: the Mahalanobis distance once the covariance is factored.
//
// Scaling and overflow, fixed point: row i is kept as mantissas with one exponent, w = mantissa 2^-e. A row's sum
// is exact in 64 bits; z = W (x - m) is rounded once to Q15.16 and limited to 32 bits; z^2 is in Q.32, summed in 64
// bits as Q.24.
#pragma once

#include "linear/cholesky.hpp"
#include "linear/lanes.hpp"
#include "linear/sums.hpp"

namespace twinbit {

// The rows of W where they lie in the plan.
template <class P> struct WhitenRows {
    typename P::Weight *weight;
    std::int32_t *exponent;

    static constexpr int max_exponent = 60;

    // Mantissas with the exponent that lets the largest of the row use all bits.
    void set(const float *w, std::uint32_t n) const {
        for (std::uint32_t i = 0; i < n; ++i) {
            const float *row = w + triangle(i);
            std::uint32_t most = 0;
            for (std::uint32_t j = 0; j <= i; ++j) {
                const std::uint32_t bits = float_bits(row[j]) & 0x7FFFFFFFu;
                most = bits > most ? bits : most;
            }
            const int e = P::weight_bits - (static_cast<int>(most >> 23) - 126); // |row| < 2^(field - 126)
            exponent[i] = e < 0 ? 0 : (e > max_exponent ? max_exponent : e);
            for (std::uint32_t j = 0; j <= i; ++j) {
                const auto v = static_cast<std::int64_t>(is_finite(row[j]) ? quantise(row[j], exponent[i]) : 0);
                weight[triangle(i) + j] = clamp_to<typename P::Weight, typename P::Sample::Clip>(v);
            }
        }
    }

    // z_i in Q15.16
    std::int32_t row(std::uint32_t i, const typename P::Sample *x, const typename P::Sample *m) const {
        const typename P::Weight *w = weight + triangle(i);
        std::int64_t sum = 0;
        for (std::uint32_t j = 0; j <= i; ++j) {
            sum += std::int64_t{w[j]} * (x[j].raw - m[j].raw);
        }
        return round_into<Fixed<std::int32_t, 16, typename P::Sample::Clip>>(sum, exponent[i] + P::Sample::frac).raw;
    }

    std::uint64_t square(std::uint32_t i, const typename P::Sample *x, const typename P::Sample *m) const {
        const std::int64_t z = row(i, x, m);
        return half_up(static_cast<std::uint64_t>(z * z), 8);
    }

    float real_row(std::uint32_t i, const typename P::Sample *x, const typename P::Sample *m) const {
        return static_cast<float>(row(i, x, m)) * 0x1p-16f;
    }
    float real_weight(std::uint32_t i, std::uint32_t j) const {
        return static_cast<float>(weight[triangle_at(i, j)]) * pow2(-exponent[i]);
    }
};

template <> struct WhitenRows<F32> {
    float *weight;
    std::int32_t *exponent; // not used

    void set(const float *w, std::uint32_t n) const {
        for (std::uint32_t i = 0; i < triangle(n); ++i) {
            weight[i] = w[i];
        }
    }
    float row(std::uint32_t i, const float *x, const float *m) const {
        const float *w = weight + triangle(i);
        return lane_sum(i + 1, [=](std::size_t j) { return w[j] * (x[j] - m[j]); });
    }
    float square(std::uint32_t i, const float *x, const float *m) const {
        const float z = row(i, x, m);
        return z * z;
    }
    float real_row(std::uint32_t i, const float *x, const float *m) const { return row(i, x, m); }
    float real_weight(std::uint32_t i, std::uint32_t j) const { return weight[triangle_at(i, j)]; }
};

// |W (x - m)|^2, rows added from first to last.
template <class P>
typename P::Distance square_whitened(const WhitenRows<P> &rows, const typename P::Sample *x,
                                     const typename P::Sample *m, std::uint32_t n) {
    typename P::Distance sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += rows.square(i, x, m);
    }
    return sum;
}

// pull = W^T W (x - m); returns (x - m)^T pull.
template <class P>
float pull_of(const WhitenRows<P> &rows, const typename P::Sample *x, const typename P::Sample *m, std::uint32_t n,
              float *pull) {
    float whole = 0.0f;
    for (std::uint32_t i = 0; i < n; ++i) {
        pull[i] = 0.0f;
    }
    for (std::uint32_t i = 0; i < n; ++i) {
        const float z = rows.real_row(i, x, m);
        whole += z * z;
        for (std::uint32_t j = 0; j <= i; ++j) {
            pull[j] += rows.real_weight(i, j) * z;
        }
    }
    return whole;
}

} // namespace twinbit
