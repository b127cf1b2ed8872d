// Scores: half the base-2 logarithm of a ratio of squared distances, in octaves, Q15.16.
#pragma once

#include "numbers/fixed_log2.hpp"

namespace twinbit {

// A squared distance of 1.
template <class Distance> constexpr Distance distance_one();
template <> constexpr float distance_one<float>() { return 1.0f; }
template <> constexpr std::uint64_t distance_one<std::uint64_t>() { return std::uint64_t{1} << 24; }

// Half the difference of two logarithms in Q7.24.
inline std::int32_t level_between(std::int32_t log_a, std::int32_t log_b) {
    return static_cast<std::int32_t>(half_up(std::int64_t{log_a} - log_b, 9));
}

// log2 sqrt(a / b), a and b above 0 and in one scale; |result| < 64.
template <class Distance> inline std::int32_t level_of(Distance a, Distance b) {
    return level_between(log2_q24(a), log2_q24(b));
}

// The smallest variance worth the name: what rounding to 2^-12 leaves in each of d features, 2^-24 d.
template <class Distance> inline Distance least_distance(std::uint32_t d);
template <> inline float least_distance<float>(std::uint32_t d) { return static_cast<float>(d) * 0x1p-24f; }
template <> inline std::uint64_t least_distance<std::uint64_t>(std::uint32_t d) { return d; }

} // namespace twinbit
