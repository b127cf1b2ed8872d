// sin and cos of every float of positive sign against libm in double, and their symmetry on samples of the others.
#include "check.hpp"
#include "numbers/float_sin.hpp"

namespace {

constexpr std::uint32_t nan_from = 0x7F800000u; // infinity and, from here to the sign bit, NaN

double sin_reference(float x) {
    const double d = static_cast<double>(x);
    return std::fabs(d) < 0x1p-10 ? d - d * d * d / 6.0 : std::sin(d);
}

double cos_reference(float x) {
    const double d = static_cast<double>(x);
    return std::fabs(d) < 0x1p-10 ? 1.0 - 0.5 * d * d : std::cos(d);
}

bool symmetric() {
    check::Report report("sin odd, cos even", 0);
    for (std::uint32_t b = 0; b < nan_from; b += 61) {
        const float x = twinbit::bits_float(b);
        using twinbit::float_bits;
        const bool odd = (float_bits(twinbit::sin(-x)) ^ float_bits(twinbit::sin(x))) == 0x80000000u;
        const bool even = float_bits(twinbit::cos(-x)) == float_bits(twinbit::cos(x));
        report.require(odd && even, static_cast<double>(x));
    }
    return report.passed();
}

bool not_finite() {
    check::Report report("sin, cos not finite", 0);
    for (std::uint64_t b = nan_from; b <= 0xFFFFFFFFu; ++b) {
        const float x = twinbit::bits_float(static_cast<std::uint32_t>(b));
        if (twinbit::is_finite(x)) {
            b = 0xFF7FFFFFu; // on to -infinity and the negative NaN
            continue;
        }
        const bool both =
            twinbit::float_bits(twinbit::sin(x)) == 0x7FC00000u && twinbit::float_bits(twinbit::cos(x)) == 0x7FC00000u;
        report.require(both, static_cast<double>(x));
    }
    return report.passed();
}

} // namespace

int main() {
    bool ok = check::all_floats(
        "sin", 1.1, [](float x) { return twinbit::sin(x); }, sin_reference, 0, nan_from - 1);
    ok &= check::all_floats(
        "cos", 1.1, [](float x) { return twinbit::cos(x); }, cos_reference, 0, nan_from - 1);
    ok &= symmetric();
    ok &= not_finite();
    return ok ? 0 : 1;
}
