// The exponential average of scores (EWMA) that every decision begins with: smoothed += alpha (score - smoothed).
//
// Scores are Q15.16, the average Q7.24, alpha Q0.31; 2^31 - 1 smooths nothing.
#pragma once

#include "numbers/round.hpp"

namespace twinbit {

// Takes a score into the average, which begins with it if it is not started or `anew`; returns the average, Q15.16.
inline std::int32_t smooth_score(std::int32_t &smoothed, std::uint32_t &started, std::int32_t alpha, std::int32_t score,
                                 bool anew) {
    const auto x = static_cast<std::int32_t>(static_cast<std::uint32_t>(score) << 8); // scores end at 64 octaves
    if (started == 0 || anew || alpha == INT32_MAX) {
        smoothed = x;
        started = 1;
    } else {
        // wraps only where a forged image's average lies outside what scores can reach
        const auto step = static_cast<std::uint32_t>(half_up((std::int64_t{x} - smoothed) * alpha, 31));
        smoothed = static_cast<std::int32_t>(static_cast<std::uint32_t>(smoothed) + step);
    }
    return half_up(smoothed, 8);
}

} // namespace twinbit
