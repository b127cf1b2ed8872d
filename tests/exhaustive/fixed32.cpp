// The 32-bit functions: all inputs where there is time, else a stride through the whole range and every boundary,
// against double, long double and 128-bit integers. Errors in units of the result.
#include "check.hpp"
#include "numbers/fixed_exp.hpp"
#include "numbers/fixed_sin.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/fixed_tanh.hpp"

#include <initializer_list>

namespace {

template <int F> using Long = twinbit::Fixed<std::int32_t, F>;

template <class To> double units(To y, double exact) {
    const double most = To::max().raw;
    return std::fabs(y.raw - std::fmin(std::fmax(std::ldexp(exact, To::frac), -most), most));
}

// f against reference over the whole format From: every value from -2^16 to 2^16, and a stride.
template <class From, class To, class F, class Reference>
bool stride(const char *name, double bound, F f, Reference reference, std::int64_t last = INT32_MAX) {
    check::Report report(name, bound);
    const auto one = [&](std::int64_t raw) {
        const double x = std::ldexp(static_cast<double>(raw), -From::frac);
        report.add(units<To>(f(From::from_raw(static_cast<std::int32_t>(raw))), reference(x)), x);
    };
    for (std::int64_t raw = INT32_MIN; raw <= last; raw += 331) {
        one(raw);
    }
    for (std::int64_t raw = -65536; raw <= 65536 && raw <= last; ++raw) {
        one(raw);
    }
    one(last);
    return report.passed();
}

bool curves() {
    using Q20 = Long<20>;
    using Q23 = Long<23>;
    const auto tanh = [](double x) { return std::tanh(x); };
    const auto sigmoid = [](double x) { return 1.0 / (1.0 + std::exp(-x)); };
    bool ok = stride<Q20, Q23>(
        "tanh Q20 -> Q23", 0.625, [](Q20 a) { return twinbit::tanh<Q23>(a); }, tanh);
    ok &= stride<Long<28>, Long<30>>(
        "tanh Q28 -> Q30", 36, [](Long<28> a) { return twinbit::tanh<Long<30>>(a); }, tanh);
    ok &= stride<Q20, Q23>(
        "sigmoid Q20 -> Q23", 0.625, [](Q20 a) { return twinbit::sigmoid<Q23>(a); }, sigmoid);
    ok &= stride<Q20, Long<31>>(
        "exp Q20 -> Q31", 17, [](Q20 a) { return twinbit::exp<Long<31>>(a); }, [](double x) { return std::exp(x); }, 0);
    return ok;
}

bool logarithms() {
    check::Report integers("log2_q24 of integers", 0.6);
    for (std::uint64_t v = 1; v <= 0xFFFFFFFFu; v += 83) {
        const double exact = std::ldexp(std::log2(static_cast<double>(v)), 24);
        integers.add(std::fabs(twinbit::log2_q24(v) - exact), static_cast<double>(v));
        const std::uint64_t wide = v * 4294967311u; // a prime above 2^32: all 64 bits in use
        const auto exact_wide = std::ldexp(static_cast<double>(std::log2(static_cast<long double>(wide))), 24);
        integers.add(std::fabs(twinbit::log2_q24(wide) - exact_wide), static_cast<double>(wide));
    }
    check::Report floats("log2_q24 of floats", 0.6);
    for (std::uint32_t b = 0x00200000u; b < 0x7F7FFFFFu; b += 37) {
        const float x = twinbit::bits_float(b);
        const double exact = std::ldexp(std::log2(static_cast<double>(x)), 24);
        floats.add(std::fabs(twinbit::log2_q24(x) - exact), static_cast<double>(x));
    }
    const bool ok = integers.passed();
    return floats.passed() && ok;
}

bool powers() {
    check::Report report("exp2_q16", 0.51); // less 2^-27 of the value
    for (std::int64_t x = -20 * 65536; x < 16 * 65536; ++x) {
        const double exact = std::exp2(static_cast<double>(x) / 65536.0) * 65536.0;
        const double y = twinbit::exp2_q16(static_cast<std::int32_t>(x));
        report.add(std::fabs(y - exact) - exact * 0x1p-27, static_cast<double>(x) / 65536.0);
    }
    return report.passed();
}

bool phases() {
    check::Report report("sin, cos -> Q31", 1.2);
    for (std::uint64_t p = 0; p <= 0xFFFFFFFFu; p += 131) {
        const auto turns = static_cast<std::uint32_t>(p);
        const double angle = static_cast<double>(static_cast<std::int32_t>(turns)) * (3.14159265358979323846 / 0x1p31);
        report.add(units(twinbit::sin<Long<31>>(turns), std::sin(angle)), angle);
        report.add(units(twinbit::cos<Long<31>>(turns), std::cos(angle)), angle);
    }
    return report.passed();
}

// r is the floor of the root if r^2 <= v < (r + 1)^2; the rounded root moves up at r^2 + r + 1.
bool integer_roots() {
    check::Report report("isqrt64", 0);
    const auto one = [&report](std::uint64_t v) {
        __extension__ using Wide = unsigned __int128;
        const twinbit::Root r = twinbit::isqrt64(v);
        const Wide root = r.root;
        const bool holds = root * root <= v && v < (root + 1) * (root + 1) && r.rest == v - root * root;
        const bool up = Wide{v} >= root * root + root + 1;
        report.require(holds && twinbit::isqrt64_rounded(v) == std::uint64_t{r.root} + (up ? 1u : 0u),
                       static_cast<double>(v));
    };
    for (std::uint64_t k = 1; k <= 0xFFFFFFFFu; k += 10007) {
        for (std::uint64_t v : {k * k - 1, k * k, k * k + k, k * k + k + 1}) {
            one(v);
        }
    }
    for (std::uint64_t v = 0; v <= 100000; ++v) {
        one(v);
        one(UINT64_MAX - v);
    }
    return report.passed();
}

template <class To, int F> bool roots(const char *name) {
    check::Report report(name, 0);
    for (std::int64_t raw = 1; raw <= INT32_MAX; raw += 2003) {
        const auto y = twinbit::sqrt<To>(Long<F>::from_raw(static_cast<std::int32_t>(raw))).raw;
        // floor(root + 1/2) = y if (2y - 1)^2 <= 4 raw 2^shift < (2y + 1)^2.
        constexpr int shift = 2 * To::frac - F;
        __extension__ using Wide = __int128;
        const Wide scaled = (Wide{raw} * 4) << (shift > 0 ? shift : 0);
        const Wide down = Wide{1} << (shift < 0 ? -shift : 0);
        const Wide low = (Wide{2} * y - 1) * (Wide{2} * y - 1) * down;
        const Wide high = (Wide{2} * y + 1) * (Wide{2} * y + 1) * down;
        const bool holds = (y == 0 || low <= scaled) && (scaled < high || y == To::max().raw);
        report.require(holds, static_cast<double>(raw));
    }
    return report.passed();
}

} // namespace

int main() {
    bool ok = curves();
    ok &= logarithms();
    ok &= powers();
    ok &= phases();
    ok &= integer_roots();
    ok &= roots<Long<20>, 20>("sqrt Q20 -> Q20");
    ok &= roots<Long<31>, 30>("sqrt Q30 -> Q31");
    ok &= roots<Long<5>, 20>("sqrt Q20 -> Q5");
    ok &= roots<Long<0>, 31>("sqrt Q31 -> Q0");
    return ok ? 0 : 1;
}
