// tanh and sigmoid of every float against libm in double.
#include "check.hpp"
#include "numbers/float_tanh.hpp"

namespace {

double tanh_reference(float x) {
    const double d = static_cast<double>(x);
    if (std::fabs(d) > 25.0) {
        return d > 0 ? 1.0 : -1.0;
    }
    return std::fabs(d) < 0x1p-10 ? d - d * d * d / 3.0 : std::tanh(d);
}

double sigmoid_reference(float x) {
    const double d = static_cast<double>(x);
    if (std::fabs(d) > 120.0) {
        return d > 0 ? 1.0 : 0.0;
    }
    return std::fabs(d) < 0x1p-30 ? 0.5 + 0.25 * d : 1.0 / (1.0 + std::exp(-d));
}

bool odd() {
    check::Report report("tanh is odd", 0);
    for (std::uint32_t b = 0; b <= 0x7F800000u; ++b) {
        const float x = twinbit::bits_float(b);
        const std::uint32_t plus = twinbit::float_bits(twinbit::tanh(x));
        const std::uint32_t minus = twinbit::float_bits(twinbit::tanh(-x));
        report.require((plus ^ minus) == 0x80000000u, static_cast<double>(x));
    }
    return report.passed();
}

} // namespace

int main() {
    bool ok = check::all_floats(
        "tanh", 1.4, [](float x) { return twinbit::tanh(x); }, tanh_reference);
    ok &= check::all_floats(
        "sigmoid", 1.9, [](float x) { return twinbit::sigmoid(x); }, sigmoid_reference);
    ok &= odd();
    return ok ? 0 : 1;
}
