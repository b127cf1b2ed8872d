// Base-2 logarithm and power of integers by shifts and additions, one table of 56 bytes. Made for machines without a
// wide multiplier: about 100 instructions on a Cortex-M0.
//
// Pseudo-division (Briggs 1624; Muller, Elementary Functions, ch. 7): x in [1/2, 1) is driven to 1 by factors
// 1 + 2^-k, k = 1 ... 14, whose logarithms are tabulated. Each factor is needed at most once, and what is left,
// 1 - x <= 1/(2^14 + 1), is so small that -log2(x) = (1 - x)/ln 2 to 2^-28.
#pragma once

#include "numbers/bits.hpp"
#include "numbers/round.hpp"

namespace twinbit {

namespace detail {

inline constexpr int log2_steps = 14;

// log2(1 + 2^-k) in Q2.30.
inline constexpr std::uint32_t log2_factor[log2_steps] = {628098702, 345667660, 182455581, 93912511, 47667823,
                                                          24017256,  12055174,  6039314,   3022600,  1512037,
                                                          756203,    378148,    189085,    94546};

} // namespace detail

// log2(m / 2^31) in Q2.30 for m >= 2^31, so in 0 ... 2^30; error below 2^-27.
std::int32_t log2_mantissa(std::uint32_t m);

// 2^(f / 2^30) in Q1.31 for f in 0 ... 2^30 - 1, so in 2^31 ... 2^32 - 1; relative error below 2^-27.
std::uint32_t exp2_mantissa(std::uint32_t f);

// log2(v) in Q7.24, error below 0.6 units of 2^-24; exact for powers of two. v = 0 gives INT32_MIN.
std::int32_t log2_q24(std::uint64_t v);

// The same of a float, by its bits (no float arithmetic is linked). Limited to Q7.24: below 2^-128 the result is
// INT32_MIN (-128), also for 0 and negative x; from 2^128 * (1 - 2^-26) on, infinity and NaN it is INT32_MAX.
std::int32_t log2_q24(float x);

// 2^(x / 2^16) in Q16.16, rounded half up: x in Q15.16, useful from -17 to 16; below gives 0, above UINT32_MAX.
// Error below 0.51 units plus 2^-27 relative.
std::uint32_t exp2_q16(std::int32_t x);

} // namespace twinbit
