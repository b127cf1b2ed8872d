// exp and exp2 of every float against libm in double (its own error is below 2^-28 ulp of a float).
#include "numbers/float_exp.hpp"
#include "check.hpp"

namespace {

// Where the answer is known without libm, which saves most of the time.
double exp_reference(float x) {
    const double d = static_cast<double>(x);
    if (d > 100.0 || d < -120.0) {
        return d > 0 ? HUGE_VAL : 0.0;
    }
    return std::fabs(d) < 0x1p-30 ? 1.0 + d : std::exp(d);
}

double exp2_reference(float x) {
    const double d = static_cast<double>(x);
    if (d > 140.0 || d < -170.0) {
        return d > 0 ? HUGE_VAL : 0.0;
    }
    return std::fabs(d) < 0x1p-30 ? 1.0 + 0.6931471805599453 * d : std::exp2(d);
}

bool exact_values() {
    check::Report report("exp, exp2 exact", 0);
    for (int n = -149; n < 128; ++n) {
        report.require(twinbit::exp2(static_cast<float>(n)) == static_cast<float>(std::ldexp(1.0, n)), n);
    }
    report.require(twinbit::exp(0.0f) == 1.0f && twinbit::exp(-0.0f) == 1.0f, 0);
    return report.passed();
}

} // namespace

int main() {
    bool ok = exact_values();
    ok &= check::all_floats(
        "exp", 0.9, [](float x) { return twinbit::exp(x); }, exp_reference);
    ok &= check::all_floats(
        "exp2", 1.0, [](float x) { return twinbit::exp2(x); }, exp2_reference);
    return ok ? 0 : 1;
}
