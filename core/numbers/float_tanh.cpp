// Hyperbolic tangent and logistic function of a float: see float_tanh.hpp.
#include "numbers/float_tanh.hpp"

#include "numbers/float_exp.hpp"

namespace twinbit {

namespace {

// tanh(x)/x - 1 for |x| < 0.625, z = x^2: minimax of degree 5, 2^-27.8.
float tanh_small(float z) {
    float p = -0x1.767a14p-8f;
    p = p * z + 0x1.524c40p-6f;
    p = p * z - 0x1.b842c4p-5f;
    p = p * z + 0x1.11075ep-3f;
    p = p * z - 0x1.555534p-2f;
    return p * z;
}

} // namespace

float tanh(float x) {
    const std::uint32_t sign = float_bits(x) & 0x80000000u;
    const float a = bits_float(float_bits(x) ^ sign);
    if (is_nan(x)) {
        return canonical_nan();
    }
    if (a < 0x1p-13f) { // x - x^3/3 rounds to x, or nearly; keeps -0 and subnormals
        return x;
    }
    if (a < 0.625f) {
        return x + x * tanh_small(x * x);
    }
    const float y = a < 10.0f ? 1.0f - 2.0f / (exp(2.0f * a) + 1.0f) : 1.0f;
    return bits_float(float_bits(y) | sign);
}

float sigmoid(float x) {
    if (is_nan(x)) {
        return canonical_nan();
    }
    if (x >= 0.0f) {
        return 1.0f / (1.0f + exp(-x));
    }
    const float e = exp(x);
    const float y = e / (1.0f + e);
    // For small e the rounding of 1 + e weighs a whole ulp; y = e - e y moves it to a small term.
    return e < 0.375f ? e - e * y : y;
}

} // namespace twinbit
