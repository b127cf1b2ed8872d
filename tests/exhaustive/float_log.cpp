// log and log2 of every float against libm in double (its own error is below 2^-28 ulp of a float).
#include "numbers/float_log.hpp"
#include "check.hpp"

namespace {

double log_reference(float x) { return x < 0 ? NAN : std::log(static_cast<double>(x)); }
double log2_reference(float x) { return x < 0 ? NAN : std::log2(static_cast<double>(x)); }

bool exact_values() {
    check::Report report("log, log2 exact", 0);
    for (int n = -149; n < 128; ++n) {
        const auto power = static_cast<float>(std::ldexp(1.0, n));
        report.require(twinbit::log2(power) == static_cast<float>(n), n);
    }
    report.require(twinbit::float_bits(twinbit::log(1.0f)) == 0 && twinbit::float_bits(twinbit::log2(1.0f)) == 0, 1);
    return report.passed();
}

} // namespace

int main() {
    bool ok = exact_values();
    ok &= check::all_floats(
        "log", 0.85, [](float x) { return twinbit::log(x); }, log_reference);
    ok &= check::all_floats(
        "log2", 0.9, [](float x) { return twinbit::log2(x); }, log2_reference);
    return ok ? 0 : 1;
}
