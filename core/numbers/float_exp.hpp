// Exponential functions of a float, by float and integer operations only: the same bits on every target.
#pragma once

#include "numbers/float_nan.hpp"

namespace twinbit {

// e^x. Error below 0.9 ulp over all floats, also where the result is subnormal (checked exhaustively).
// x > 88.7228 gives +inf, x < -103.9721 gives 0, exp(0) = 1 exactly, NaN gives the canonical NaN.
float exp(float x);

// 2^x. Error below 1 ulp over all floats; exact for whole x. x >= 128 gives +inf, x <= -150 gives 0, NaN the
// canonical NaN.
float exp2(float x);

} // namespace twinbit
