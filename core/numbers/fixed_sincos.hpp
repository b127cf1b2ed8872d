// Sine and cosine of a phase: a turn is 2^32, so phases wrap by themselves and no argument is out of range.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

// cos and sin of 2 pi phase / 2^32, Q1.30, within 12 units of 2^-30.
struct CosSin {
    std::int32_t cos;
    std::int32_t sin;
};
CosSin cos_sin_q30(std::uint32_t phase);

} // namespace twinbit
