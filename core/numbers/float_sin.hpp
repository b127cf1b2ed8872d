// Sine and cosine of a float in radians. The same bits on every target.
#pragma once

#include "numbers/float_nan.hpp"

namespace twinbit {

// Error below 1.1 ulp over ALL floats: the argument is reduced exactly, by integers, however large it is.
// sin is odd to the bit, sin(-0) = -0; infinities and NaN give the canonical NaN.
float sin(float x);
float cos(float x);

} // namespace twinbit
