// Logarithms of a float: see float_log.hpp.
//
// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)); s = f/(2 + f); log(1 + f) = log((1 + s)/(1 - s)) = 2s + s R(s^2).
// Since 2s = f - s f and f^2/2 is nearly s f, it is summed as f - (f^2/2 - s (f^2/2 + R)), whose small terms carry the
// rounding errors (the scheme of FreeBSD's msun; coefficients refitted).
#include "numbers/float_log.hpp"

namespace twinbit {

namespace {

struct Reduced {
    float f;
    float k;
};

// x positive and finite.
Reduced reduce(float x) {
    std::uint32_t bits = float_bits(x);
    int k = -127;
    if (bits < 0x00800000u) { // subnormal
        bits = float_bits(x * 0x1p25f);
        k -= 25;
    }
    constexpr std::uint32_t root_half = 0x3F3504F3u; // sqrt(1/2)
    bits += 0x3F800000u - root_half;
    k += static_cast<int>(bits >> 23);
    return {bits_float((bits & 0x007FFFFFu) + root_half) - 1.0f, static_cast<float>(k)};
}

// s (f^2/2 + R): R(z) minimax of degree 4 in z = s^2, 2^-34 absolute.
float correction(float f, float half_square) {
    const float s = f / (2.0f + f);
    const float z = s * s;
    float r = 0x1.f13b22p-3f;
    r = r * z + 0x1.23d3e0p-2f;
    r = r * z + 0x1.999c26p-2f;
    r = r * z + 0x1.555554p-1f;
    return s * (half_square + r * z);
}

// What log and log2 share: arguments that are not positive and finite.
bool special(float x, float &y) {
    const std::uint32_t bits = float_bits(x);
    if (bits - 1u < infinity_bits - 1u) { // positive and finite
        return false;
    }
    if ((bits & 0x7FFFFFFFu) == 0) {
        y = -infinity();
    } else {
        y = bits == infinity_bits ? x : canonical_nan();
    }
    return true;
}

} // namespace

float log(float x) {
    float y;
    if (special(x, y)) {
        return y;
    }
    const Reduced v = reduce(x);
    const float half_square = 0.5f * v.f * v.f;
    // ln 2 in two parts: k times the first, of 16 bits, is exact.
    const float low = correction(v.f, half_square) + v.k * 0x1.2fefa2p-17f;
    return v.k * 0x1.62e3p-1f - ((half_square - low) - v.f);
}

float log2(float x) {
    float y;
    if (special(x, y)) {
        return y;
    }
    const Reduced v = reduce(x);
    const float half_square = 0.5f * v.f * v.f;
    // log(1 + f) as high + low with 12 bits in high, times 1/ln 2 in two parts, 12 bits in the first: exact product.
    const float high = bits_float(float_bits(v.f - half_square) & 0xFFFFF000u);
    const float low = ((v.f - high) - half_square) + correction(v.f, half_square);
    const float small = (low + high) * -0x1.7135a8p-13f + low * 0x1.716p+0f;
    return (small + high * 0x1.716p+0f) + v.k;
}

} // namespace twinbit
