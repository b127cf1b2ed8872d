// A slow filter's step: what a value moves toward another, in each arithmetic.
//
// Slow filters want a coefficient of 31 bits (0.001 is 33 / 32768 in 15) and a state wider than what they follow: Q.16
// of a raw number of 24 bits. Measured: a state in the samples' own format is off by 4 of its units.
#pragma once

#include "numbers/float_scale.hpp"
#include "numbers/round.hpp"

namespace twinbit {

// floor(difference rate 2^-31 + 1/2), exact; |difference| <= 2^40, rate in 0 ... 2^31 - 1. The product has 71 bits: the
// lower 8 of the difference are multiplied apart, and what they leave below 2^-23 can't reach the rounding.
constexpr std::int64_t approach(std::int64_t difference, std::int32_t rate) {
    const std::int64_t low = (difference & 255) * rate;
    return half_up((difference >> 8) * rate + (low >> 8), 23);
}

// The same for |difference| < 2^62: what its upper part gives is whole, so only the lower 31 bits' product is rounded.
constexpr std::int64_t approach_wide(std::int64_t difference, std::int32_t rate) {
    constexpr std::int64_t half = std::int64_t{1} << 30;
    return (difference >> 31) * rate + (((difference & INT32_MAX) * rate + half) >> 31);
}

// The same in float: 2^31 - 1 stands for 1.
inline float approach(float difference, std::int32_t rate) {
    return difference * (static_cast<float>(rate) * 0x1p-31f);
}

} // namespace twinbit
