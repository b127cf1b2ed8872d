// Logarithms of a float, by float and integer operations only: the same bits on every target.
#pragma once

#include "numbers/float_nan.hpp"

namespace twinbit {

// Natural logarithm. Error below 0.85 ulp over all floats, subnormals too (checked exhaustively).
// log(1) = +0, log(+-0) = -inf, log(+inf) = +inf; negative x and NaN give the canonical NaN.
float log(float x);

// Base-2 logarithm. Error below 0.9 ulp over all floats; exact for powers of two; otherwise as log.
float log2(float x);

} // namespace twinbit
