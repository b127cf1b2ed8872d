// sqrt of every float against the correctly rounded root; the form without float hardware against the other.
#include "numbers/float_sqrt.hpp"
#include "check.hpp"

namespace {

// A double root rounded to float is the correctly rounded float root: 53 bits are at least 2 * 24 + 2.
double sqrt_reference(float x) {
    return x < 0 ? NAN : static_cast<double>(static_cast<float>(std::sqrt(static_cast<double>(x))));
}

// The integer form, slow on a host: every mantissa at both parities of the exponent, all subnormals, every exponent.
bool sqrt_integers() {
    check::Report report("sqrt_by_integers", 0);
    const auto same = [&report](std::uint32_t b) {
        const float x = twinbit::bits_float(b);
        const std::uint32_t y = twinbit::float_bits(twinbit::sqrt_by_integers(x));
        report.require(y == twinbit::float_bits(twinbit::sqrt(x)), static_cast<double>(x));
    };
    for (std::uint32_t b = 0; b < 0x00800000u; ++b) {
        same(b);
        same(0x3F800000u + b);
        same(0x40000000u + b);
    }
    for (std::uint64_t b = 0; b <= 0xFFFFFFFFu; b += 4999) {
        same(static_cast<std::uint32_t>(b));
    }
    return report.passed();
}

} // namespace

int main() {
    bool ok = check::all_floats(
        "sqrt", 0.0, [](float x) { return twinbit::sqrt(x); }, sqrt_reference);
    ok &= sqrt_integers();
    return ok ? 0 : 1;
}
