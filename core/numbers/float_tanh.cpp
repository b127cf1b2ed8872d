// Hyperbolic tangent and logistic function of a float: see float_tanh.hpp.
#include "numbers/float_tanh.hpp"

#include "numbers/float_exp.hpp"
#include "numbers/float_exp_parts.hpp"

namespace twinbit {

namespace {

// tanh(x)/x - 1 for |x| < 0.625, z = x^2: minimax of degree 5, 2^-27.8.
inline __attribute__((always_inline)) float tanh_small(float z) {
    float p = -0x1.767a14p-8f;
    p = p * z + 0x1.524c40p-6f;
    p = p * z - 0x1.b842c4p-5f;
    p = p * z + 0x1.11075ep-3f;
    p = p * z - 0x1.555534p-2f;
    return p * z;
}

// Ranges are told apart by the bits: comparing integers is cheaper than comparing floats on small cores.
inline __attribute__((always_inline)) float tanh_of(float x) {
    const std::uint32_t magnitude = float_bits(x) & 0x7FFFFFFFu;
    if (magnitude < 0x3F200000u) {     // 0.625
        if (magnitude < 0x39000000u) { // 2^-13: x - x^3/3 rounds to x, or nearly; keeps -0 and subnormals
            return x;
        }
        return x + x * tanh_small(x * x);
    }
    float y = 1.0f;
    if (magnitude < 0x41200000u) { // 10
        const detail::ExpParts e = detail::exp_parts(2.0f * bits_float(magnitude));
        const int n = detail::whole_part(e.rounded);
        y = 1.0f - 2.0f / (bits_float(float_bits(e.fraction) + (static_cast<std::uint32_t>(n) << 23)) + 1.0f);
    } else if (magnitude > 0x7F800000u) {
        return canonical_nan();
    }
    return bits_float(float_bits(y) | (float_bits(x) & 0x80000000u));
}

} // namespace

float tanh(float x) { return tanh_of(x); }

void tanh(const float *x, float *y, std::uint32_t n) {
    const float *const end = x + n;
    do {
        *y++ = tanh_of(*x);
    } while (++x != end);
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
