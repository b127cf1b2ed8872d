// Square root of a float without float hardware: see float_sqrt.hpp.
#include "numbers/float_sqrt.hpp"

#include "numbers/fixed_sqrt.hpp"

namespace twinbit {

// x = m * 2^e with e even and m of 47 or 48 bits: the root of m has 24 bits and is rounded to the nearest by its rest
// (a tie cannot happen). The result is never subnormal, and never overflows.
float sqrt_by_integers(float x) {
    const std::uint32_t bits = float_bits(x);
    if ((bits & 0x7FFFFFFFu) == 0 || bits == infinity_bits) {
        return x;
    }
    if (bits > infinity_bits) { // negative or NaN
        return canonical_nan();
    }
    std::uint32_t mantissa = bits & 0x007FFFFFu;
    int exponent = static_cast<int>(bits >> 23);
    if (exponent == 0) {
        const int zeros = leading_zeros(mantissa) - 8;
        mantissa <<= zeros;
        exponent = 1 - zeros;
    }
    mantissa |= 0x00800000u;
    exponent -= 127 + 23; // x = mantissa * 2^exponent
    const int shift = (exponent & 1) != 0 ? 23 : 24;
    const std::uint64_t root = isqrt64_rounded(std::uint64_t{mantissa} << shift);
    const int half = (exponent - shift) / 2; // exact: even
    // root in 2^23 ... 2^24; its top bit adds itself to the exponent field.
    return bits_float((static_cast<std::uint32_t>(half + 23 + 126) << 23) + static_cast<std::uint32_t>(root));
}

} // namespace twinbit
