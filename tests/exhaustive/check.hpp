// What the exhaustive programs share: error in units of the last place, and one line of report a function.
#pragma once

#include "numbers/bits.hpp"

#include <chrono>
#include <cmath>
#include <cstdio>

namespace check {

// |y - reference| in units of the last place of a float at the reference. An infinite or too large value counts as
// 2^128 on both sides; two NaNs agree if y is the canonical one; anything else is wrong by "infinitely many".
inline double ulp_error(float y, double reference) {
    if (std::isnan(reference) || twinbit::is_nan(y)) {
        return std::isnan(reference) && twinbit::float_bits(y) == 0x7FC00000u ? 0.0 : HUGE_VAL;
    }
    constexpr double limit = 0x1p128;
    double a = static_cast<double>(y);
    a = a > limit ? limit : (a < -limit ? -limit : a);
    const double b = reference > limit ? limit : (reference < -limit ? -limit : reference);
    std::uint64_t bits;
    std::memcpy(&bits, &b, sizeof bits);
    int exponent = static_cast<int>((bits >> 52) & 0x7FFu) - 1023;
    exponent = exponent < -126 ? -126 : (exponent > 127 ? 127 : exponent);
    const std::uint64_t scale_bits = static_cast<std::uint64_t>(1023 + 23 - exponent) << 52; // 1 / ulp
    double scale;
    std::memcpy(&scale, &scale_bits, sizeof scale);
    return std::fabs(a - b) * scale;
}

// Collects the worst case of one function; prints the line when asked whether it passed.
class Report {
  public:
    Report(const char *name, double bound) : name_(name), bound_(bound), start_(std::chrono::steady_clock::now()) {}

    void add(double error, double where) {
        ++count_;
        if (!(error <= worst_)) {
            worst_ = error;
            where_ = where;
        }
    }

    // For properties that hold or not.
    void require(bool holds, double where) { add(holds ? 0.0 : HUGE_VAL, where); }

    bool passed() const {
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start_;
        const bool ok = count_ > 0 && worst_ <= bound_;
        std::printf("%-4s %-22s inputs %11llu  worst %8.4f  at %-18.10a bound %g  %.1f s\n", ok ? "ok" : "FAIL", name_,
                    static_cast<unsigned long long>(count_), worst_, where_, bound_, seconds.count());
        std::fflush(stdout);
        return ok;
    }

  private:
    const char *name_;
    double bound_;
    std::chrono::steady_clock::time_point start_;
    std::uint64_t count_ = 0;
    double worst_ = 0;
    double where_ = 0;
};

// The float nearest to a reference; equal bits need no closer look.
inline bool correctly_rounded(float y, double reference) {
    return twinbit::float_bits(y) == twinbit::float_bits(static_cast<float>(reference));
}

// Every float, in order of its bits: f(x) against reference(x), a double. A correctly rounded result counts as error 0,
// so "worst 0" means correctly rounded everywhere, and any other worst case is an exact one above 0.5.
template <class F, class Reference>
bool all_floats(const char *name, double bound, F f, Reference reference, std::uint64_t first = 0,
                std::uint64_t last = 0xFFFFFFFFu) {
    Report report(name, bound);
    for (std::uint64_t b = first; b <= last; ++b) {
        const float x = twinbit::bits_float(static_cast<std::uint32_t>(b));
        const float y = f(x);
        const double exact = reference(x);
        report.add(correctly_rounded(y, exact) ? 0.0 : ulp_error(y, exact), static_cast<double>(x));
    }
    return report.passed();
}

} // namespace check
