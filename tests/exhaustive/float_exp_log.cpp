// exp, exp2, log, log2 of every float against libm in double (its own error is below 2^-28 ulp of a float).
#include "check.hpp"
#include "numbers/float_exp.hpp"
#include "numbers/float_log.hpp"

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

double log_reference(float x) { return x < 0 ? NAN : std::log(static_cast<double>(x)); }
double log2_reference(float x) { return x < 0 ? NAN : std::log2(static_cast<double>(x)); }

bool exact_values() {
    check::Report report("exact values", 0);
    for (int n = -149; n < 128; ++n) {
        const auto power = static_cast<float>(std::ldexp(1.0, n));
        report.require(twinbit::exp2(static_cast<float>(n)) == power, n);
        report.require(twinbit::log2(power) == static_cast<float>(n), n);
    }
    report.require(twinbit::exp(0.0f) == 1.0f && twinbit::exp(-0.0f) == 1.0f, 0);
    report.require(twinbit::float_bits(twinbit::log(1.0f)) == 0 && twinbit::float_bits(twinbit::log2(1.0f)) == 0, 1);
    return report.passed();
}

} // namespace

int main() {
    bool ok = exact_values();
    ok &= check::all_floats("exp", 0.9, [](float x) { return twinbit::exp(x); }, exp_reference);
    ok &= check::all_floats("exp2", 1.0, [](float x) { return twinbit::exp2(x); }, exp2_reference);
    ok &= check::all_floats("log", 0.85, [](float x) { return twinbit::log(x); }, log_reference);
    ok &= check::all_floats("log2", 0.9, [](float x) { return twinbit::log2(x); }, log2_reference);
    return ok ? 0 : 1;
}
