// Samples into the range of a transform, and powers out of it, for both number types.
//
//           sample kept                       power of a point            sum of powers
//   float   x 2^-e, |..| < 2                  float                       lanes (lanes.hpp)
//   int32   half_up(x w 2^-e), |..| <= 2^29   uint64, re^2 + im^2 <= 2^59   exact: by Parseval at most 2^58 for all points
//
// e is chosen for each segment by its largest sample (block scaling). An Amount carries it along as m 4^e, and aligns
// when it adds: the smaller one loses bits below 2^-57 of the larger.
#pragma once

#include "linear/lanes.hpp"
#include "numbers/fixed_log2.hpp"
#include "numbers/fixed_scale.hpp"
#include "numbers/float_log.hpp"
#include "numbers/float_scale.hpp"

namespace twinbit {

template <class T> struct Power;

template <> struct Power<std::int32_t> {
    using Sum = std::uint64_t;

    static Sum of(std::int32_t re, std::int32_t im) {
        return static_cast<Sum>(std::int64_t{re} * re) + static_cast<Sum>(std::int64_t{im} * im);
    }
    static Sum half(Sum p) { return p >> 1; }
    template <class Term> static Sum sum(std::uint32_t n, Term term) {
        Sum total = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            total += term(i);
        }
        return total;
    }
    // m / 4^places
    static Sum lower(Sum m, std::int32_t places) { return places < 32 ? m >> (2 * places) : 0; }
    static bool is_large(Sum m) { return m >> 62 != 0; }
    // log2 sqrt m + offset 2^-16, Q15.16; at least `floor`.
    static std::int32_t octaves(Sum m, std::int32_t offset, std::int32_t floor) {
        if (m == 0) {
            return floor;
        }
        const std::int32_t v = half_up(log2_q24(m), 9) + offset;
        return v > floor ? v : floor;
    }
};

template <> struct Power<float> {
    using Sum = float;

    static Sum of(float re, float im) { return re * re + im * im; }
    static Sum half(Sum p) { return 0.5f * p; }
    template <class Term> static Sum sum(std::uint32_t n, Term term) { return lane_sum(n, term); }
    static Sum lower(Sum m, std::int32_t places) { return scale_pow2(m, -2 * places); }
    static bool is_large(Sum m) { return m >= 0x1p62f; }
    static float octaves(Sum m, std::int32_t offset, std::int32_t floor) {
        const float least = static_cast<float>(floor) * 0x1p-16f;
        const float v = 0.5f * log2(m) + static_cast<float>(offset) * 0x1p-16f;
        return v > least ? v : least; // also for -inf
    }
};

// m 4^e
template <class T> struct Amount {
    typename Power<T>::Sum m;
    std::int32_t e;

    void add(Amount other) {
        using P = Power<T>;
        if (other.m == 0) {
            return;
        }
        if (m == 0 || other.e > e) {
            const Amount mine = *this;
            *this = other;
            other = mine;
        }
        if (other.m != 0) {
            m += P::lower(other.m, e - other.e);
        }
        if (P::is_large(m)) {
            m = P::lower(m, 1);
            ++e;
        }
    }
};

// n samples into every step-th place of `out`, times the taper (values for 0 ... n/2, or null), and normalised; returns e.
std::int32_t load(const std::int32_t *x, std::uint32_t n, const std::int32_t *taper, std::int32_t *out,
                  std::uint32_t step);
std::int32_t load(const float *x, std::uint32_t n, const float *taper, float *out, std::uint32_t step);

// Sum of x^2; float: normalised as above. int32: |x| < 2^24 (23 bits that were detrended), n <= 2^16: below 2^64.
Amount<std::int32_t> energy(const std::int32_t *x, std::uint32_t n);
Amount<float> energy(const float *x, std::uint32_t n);

// log2 sqrt(n) in Q15.16: what a mean over n takes from a sum of powers.
inline std::int32_t half_log2(std::uint32_t n) { return half_up(log2_q24(std::uint64_t{n}), 9); }

// Octaves, Q15.16, that a transform of n points adds to what enters it: fixed point divides by n.
inline std::int32_t transform_gain(const std::int32_t *, std::uint32_t) { return 0; }
inline std::int32_t transform_gain(const float *, std::uint32_t n) { return 2 * half_log2(n); }

} // namespace twinbit
