// Hyperbolic tangent of many numbers at once, into 16 bits: the activation of a layer.
//
// Argument and result are raw: z 2^-places, places from 14 to 17, any z, n > 0; v 2^-15, within 1.7 units and +-32767,
// odd to the bit. A quadratic for each eighth, its coefficients a table of 360 bytes: 24 instructions on a Cortex-M4, where
// fixed_tanh.hpp's cubic takes 67, and four at once with Helium.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

namespace plain {
void tanh_q15(const std::int32_t *z, std::int16_t *v, std::uint32_t n, int places);
} // namespace plain

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
void tanh_q15(const std::int32_t *z, std::int16_t *v, std::uint32_t n, int places);
#else
using plain::tanh_q15;
#endif

} // namespace twinbit
