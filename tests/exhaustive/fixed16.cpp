// The 16-bit functions over all 2^16 inputs (products and quotients over all 2^32 pairs) against double and integers.
// The error is that of the result against the exact value limited to the format, in units of the result.
#include "check.hpp"
#include "numbers/division.hpp"
#include "numbers/fixed_exp.hpp"
#include "numbers/fixed_sin.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/fixed_tanh.hpp"

namespace {

template <int F> using Short = twinbit::Fixed<std::int16_t, F>;
using Q12 = Short<12>;
using Q15 = Short<15>;

template <class To> double units(To y, double exact, double low) {
    const double limited = std::fmin(std::fmax(std::ldexp(exact, To::frac), low), To::max().raw);
    return std::fabs(y.raw - limited);
}

// f(x) against reference(x) for every x of the format From with x <= last.
template <class From, class To, class F, class Reference>
bool all_shorts(const char *name, double bound, F f, Reference reference, int first = -32768, int last = 32767) {
    check::Report report(name, bound);
    for (int raw = first; raw <= last; ++raw) {
        const double x = std::ldexp(raw, -From::frac);
        const To y = f(From::from_raw(static_cast<std::int16_t>(raw)));
        report.add(units(y, reference(x), -To::max().raw), x);
    }
    return report.passed();
}

template <class From, class To> bool curves(const char *tanh_name, const char *sigmoid_name) {
    bool ok = all_shorts<From, To>(
        tanh_name, 0.9, [](From a) { return twinbit::tanh<To>(a); }, [](double x) { return std::tanh(x); });
    ok &= all_shorts<From, To>(
        sigmoid_name, 0.9, [](From a) { return twinbit::sigmoid<To>(a); },
        [](double x) { return 1.0 / (1.0 + std::exp(-x)); });
    return ok;
}

bool exponentials() {
    const auto e = [](double x) { return std::exp(x); };
    bool ok = all_shorts<Q12, Q15>(
        "exp Q12 -> Q15", 0.51, [](Q12 a) { return twinbit::exp<Q15>(a); }, e, -32768, 0);
    ok &= all_shorts<Q12, Short<2>>(
        "exp Q12 -> Q2", 0.51, [](Q12 a) { return twinbit::exp<Short<2>>(a); }, e);
    ok &= all_shorts<Q12, Short<11>>(
        "log2 Q12 -> Q11", 0.51, [](Q12 a) { return twinbit::log2<Short<11>>(a); },
        [](double x) { return std::log2(x); }, 1);
    return ok;
}

template <class To> bool roots(const char *name) {
    return all_shorts<Q12, To>(
        name, 0.5, [](Q12 a) { return twinbit::sqrt<To>(a); }, [](double x) { return std::sqrt(x); }, 0);
}

bool phases() {
    check::Report report("sin, cos -> Q15", 0.51);
    for (std::uint64_t p = 0; p <= 0xFFFFFFFFu; p += 77) {
        const auto turns = static_cast<std::uint32_t>(p);
        const double angle = static_cast<double>(static_cast<std::int32_t>(turns)) * (3.14159265358979323846 / 0x1p31);
        report.add(units(twinbit::sin<Q15>(turns), std::sin(angle), -32767), angle);
        report.add(units(twinbit::cos<Q15>(turns), std::cos(angle), -32767), angle);
    }
    return report.passed();
}

// floor(n / d + 1/2) limited to 16 bits, by the definition.
std::int64_t rounded_quotient(std::int64_t n, std::int64_t d) {
    const std::int64_t up = 2 * n + d;
    std::int64_t q = up / (2 * d);
    q -= up % (2 * d) < 0 ? 1 : 0;
    return q > 32767 ? 32767 : (q < -32768 ? -32768 : q);
}

bool products() {
    check::Report report("mul Q12 * Q12 -> Q12", 0);
    for (int a = -32768; a <= 32767; ++a) {
        bool holds = true;
        for (int b = -32768; b <= 32767; ++b) {
            const auto x = Q12::from_raw(static_cast<std::int16_t>(a));
            const auto y = Q12::from_raw(static_cast<std::int16_t>(b));
            std::int64_t exact = (static_cast<std::int64_t>(a) * b + 2048) >> 12;
            exact = exact > 32767 ? 32767 : (exact < -32768 ? -32768 : exact);
            holds = holds && twinbit::mul<Q12>(x, y).raw == exact;
        }
        report.require(holds, a);
    }
    return report.passed();
}

bool quotients() {
    check::Report report("div Q12 / Q15 -> Q12", 0);
    for (int a = -32768; a <= 32767; a += 13) {
        bool holds = true;
        for (int b = -32768; b <= 32767; ++b) {
            const auto x = Q12::from_raw(static_cast<std::int16_t>(a));
            const auto y = Q15::from_raw(static_cast<std::int16_t>(b));
            const std::int64_t n = (b < 0 ? -std::int64_t{a} : std::int64_t{a}) * 32768;
            const std::int64_t zero = a == 0 ? 0 : (a > 0 ? 32767 : -32768);
            const std::int64_t exact = b == 0 ? zero : rounded_quotient(n, b < 0 ? -b : b);
            holds = holds && twinbit::div<Q12>(x, y).raw == exact;
        }
        report.require(holds, a);
    }
    return report.passed();
}

} // namespace

int main() {
    bool ok = curves<Q12, Q15>("tanh Q12 -> Q15", "sigmoid Q12 -> Q15");
    ok &= curves<Short<8>, Q15>("tanh Q8 -> Q15", "sigmoid Q8 -> Q15");
    ok &= curves<Q15, Q15>("tanh Q15 -> Q15", "sigmoid Q15 -> Q15");
    ok &= exponentials();
    ok &= roots<Q12>("sqrt Q12 -> Q12");
    ok &= roots<Short<13>>("sqrt Q12 -> Q13");
    ok &= roots<Short<3>>("sqrt Q12 -> Q3");
    ok &= phases();
    ok &= products();
    ok &= quotients();
    return ok ? 0 : 1;
}
