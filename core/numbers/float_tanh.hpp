// The two saturating curves of a float: hyperbolic tangent and logistic function. The same bits on every target.
#pragma once

#include "numbers/float_nan.hpp"

namespace twinbit {

// tanh(x). Error below 1.4 ulp over all floats (checked exhaustively); odd to the bit, +-1 from |x| = 10 on, tanh(-0) =
// -0, NaN gives the canonical NaN.
float tanh(float x);

// The same of n > 0 numbers, without a call for each.
void tanh(const float *x, float *y, std::uint32_t n);

// 1/(1 + e^-x). Error below 1.9 ulp over all floats, also where the result is subnormal; NaN gives the canonical NaN.
float sigmoid(float x);

} // namespace twinbit
