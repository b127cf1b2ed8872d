// KissFFT as it is acquired and renamed: a 64-point transform in each scalar against the definition.
// Compiled twice, with float and with 32-bit fixed-point names; both objects are in one program.
#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <kiss_fft.h>

namespace {

constexpr std::size_t points = 64;

#ifdef FIXED_POINT
constexpr const char *scalar = "Q31";
constexpr double unit = 2147483648.0; // raw value of 1.0
constexpr double scale = points;      // the fixed-point transform divides by its size
constexpr double tolerance = 1e-7;    // of the largest output; 6 stages of one rounding each are about 2^-27
#else
constexpr const char *scalar = "float";
constexpr double unit = 1.0;
constexpr double scale = 1.0;
constexpr double tolerance = 1e-6;
#endif

using Signal = std::vector<std::complex<double>>;

// Two tones and a ramp, |x| < 1.
Signal example() {
    Signal signal(points);
    for (std::size_t i = 0; i < points; ++i) {
        const double t = static_cast<double>(i) / points;
        signal[i] = {0.4 * std::sin(40.0 * t) + 0.3 * t, 0.2 * std::cos(90.0 * t)};
    }
    return signal;
}

// The definition: X[k] = sum x[n] exp(-2 pi i k n / N).
Signal naive(const Signal &in) {
    const double turn = -2.0 * std::acos(-1.0) / points;
    Signal out(points);
    for (std::size_t k = 0; k < points; ++k) {
        for (std::size_t n = 0; n < points; ++n) {
            out[k] += in[n] * std::polar(1.0, turn * static_cast<double>(k * n % points));
        }
    }
    return out;
}

Signal transform(const Signal &in) {
    std::size_t bytes = 0;
    REQUIRE(kiss_fft_alloc(points, 0, nullptr, &bytes) == nullptr);
    std::vector<std::max_align_t> memory(bytes / sizeof(std::max_align_t) + 1);
    const kiss_fft_cfg plan = kiss_fft_alloc(points, 0, memory.data(), &bytes);
    REQUIRE(plan != nullptr);

    std::vector<kiss_fft_cpx> from(points);
    std::vector<kiss_fft_cpx> to(points);
    for (std::size_t i = 0; i < points; ++i) {
        from[i].r = static_cast<kiss_fft_scalar>(in[i].real() * unit);
        from[i].i = static_cast<kiss_fft_scalar>(in[i].imag() * unit);
    }
    kiss_fft(plan, from.data(), to.data());

    Signal out(points);
    for (std::size_t k = 0; k < points; ++k) {
        out[k] = std::complex<double>(static_cast<double>(to[k].r), static_cast<double>(to[k].i)) * (scale / unit);
    }
    return out;
}

} // namespace

TEST_CASE(std::string("KissFFT transforms 64 points in ") + scalar, "[kissfft]") {
    const Signal expected = naive(example());
    const Signal actual = transform(example());
    double largest = 0.0;
    double error = 0.0;
    for (std::size_t k = 0; k < points; ++k) {
        largest = std::max(largest, std::abs(expected[k]));
        error = std::max(error, std::abs(expected[k] - actual[k]));
    }
    REQUIRE(largest > 1.0);
    REQUIRE(error < tolerance * largest);
}

TEST_CASE(std::string("KissFFT never allocates in ") + scalar, "[kissfft]") {
    REQUIRE(kiss_fft_alloc(points, 0, nullptr, nullptr) == nullptr);
}
