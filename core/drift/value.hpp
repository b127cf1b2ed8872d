// What a drift detector of single values watches: a score, or a number of its own.
#pragma once

#include "numbers/policy.hpp"

namespace twinbit {

// Limited to +-(2^23 - 1), the range of raw inputs and of every score: sums of 2^30 values stay below 2^53.
inline std::int32_t value_of(const void *x) {
    const std::int32_t v = *static_cast<const std::int32_t *>(x);
    return v > raw_limit ? raw_limit : (v < -raw_limit ? -raw_limit : v);
}

// Floats by themselves become floor(x 2^unit + 1/2): the first word of these detectors.
constexpr bool unit_ok(std::int32_t unit) { return unit >= -24 && unit <= 24; }

} // namespace twinbit
