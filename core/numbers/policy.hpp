// The three arithmetics. A policy is only names for roles: stages are templates over it and see nothing else.
//
// role      F32              Q15                 Q31                 holds
// Raw       float            int32, 24 bits      int32, 24 bits      one input less its offset
// Sample    float, +-8       int16 Q3.12, +-8    int32 Q.20, +-8     a standardised feature
// Sum       float            int32, Q.12         int64, Q.20         sums of samples
// Product   float            int64, Q.24         int64, Q.40         sums of products of two samples
// Distance  float            uint64, Q.24        uint64, Q.24        squared distances and sums of them
// Weight    float            int16, 15 bits      int32, 24 bits      rows of a factor, each with its own power of two
//
// Sums of up to sum_frames frames are exact in fixed point.
//
// Samples are limited to +-(8 - 2^-12) in every arithmetic, and -32768 never occurs in Q15: a feature that was constant
// while the scaler learned may lie 1,700 deviations out later, and pair sums need the symmetric range.
#pragma once

#include "numbers/fixed.hpp"

namespace twinbit {

// Frames that sums are exact for, in every arithmetic: |sum| <= 2^16 * (2^15 - 1) < 2^31 in Q15.
inline constexpr std::uint32_t sum_frames = 65536;

struct F32 {
    using Raw = float;
    using Sample = float;
    using Sum = float;
    using WideSum = float; // holds the sum or difference of three sums
    using Product = float;
    using Distance = float;
    using Weight = float;
    static constexpr float sample_limit = 8.0f - 0x1p-12f;
    static constexpr int raw_bits = 48;
    static constexpr int sample_bits = 3; // magnitudes in an image: |v| <= 2^bits in float, < 2^bits in fixed point
    static constexpr int sum_bits = 21;
    static constexpr int product_bits = 24;
    static constexpr int distance_bits = 40;
    static constexpr bool exact_sums = false;
};

template <class C> struct Q15With {
    using Raw = std::int32_t;
    using Sample = Fixed<std::int16_t, 12, C>;
    using Sum = std::int32_t;
    using WideSum = std::int64_t;
    using Product = std::int64_t;
    using Distance = std::uint64_t;
    using Weight = std::int16_t;
    static constexpr int gain_bits = 15;   // of a scaler's gain mantissa
    static constexpr int weight_bits = 15; // magnitude of a Weight
    static constexpr std::int32_t sample_limit = 32767;
    static constexpr int raw_bits = 23;
    static constexpr int sample_bits = 15;
    static constexpr int sum_bits = 31;
    static constexpr int product_bits = 46;
    static constexpr int distance_bits = 62;
    static constexpr bool exact_sums = true;
};

template <class C> struct Q31With {
    using Raw = std::int32_t;
    using Sample = Fixed<std::int32_t, 20, C>;
    using Sum = std::int64_t;
    using WideSum = std::int64_t;
    using Product = std::int64_t;
    using Distance = std::uint64_t;
    using Weight = std::int32_t;
    static constexpr int gain_bits = 31;
    static constexpr int weight_bits = 24; // 24 bits of weight times 25 of a difference leave 14 for the sum: d <= 2^14
    static constexpr std::int32_t sample_limit = (8 << 20) - (1 << 8);
    static constexpr int raw_bits = 23;
    static constexpr int sample_bits = 23;
    static constexpr int sum_bits = 39;
    static constexpr int product_bits = 62;
    static constexpr int distance_bits = 62;
    static constexpr bool exact_sums = true;
};

using Q15 = Q15With<Saturate>;
using Q31 = Q31With<Saturate>;

// Raw inputs in fixed point have 24 bits: their squares sum to less than 2^63 over sum_frames / 2 frames.
inline constexpr std::int32_t raw_limit = (1 << 23) - 1;
inline constexpr std::uint32_t raw_sum_frames = 32768;

} // namespace twinbit
