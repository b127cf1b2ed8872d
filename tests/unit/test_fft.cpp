// Real transforms against the definition in double precision: errors, sizes, quiet signals, planted errors.
#include "catch.hpp"

#include "signal/fft.hpp"
#include "signal/power.hpp"
#include "signal/taper.hpp"

#include <cmath>
#include <complex>
#include <random>
#include <vector>

using namespace twinbit;

namespace {

using Spectrum = std::vector<std::complex<double>>;

const double pi = std::acos(-1.0);

// X[k] = sum x[j] exp(-2 pi i k j / n) for k = 0 ... n/2, the angle from a table of n sines.
Spectrum naive(const std::vector<double> &x) {
    const std::size_t n = x.size();
    Spectrum circle(n);
    for (std::size_t j = 0; j < n; ++j) {
        circle[j] = std::polar(1.0, -2.0 * pi * static_cast<double>(j) / static_cast<double>(n));
    }
    Spectrum out(n / 2 + 1);
    for (std::size_t k = 0; k <= n / 2; ++k) {
        std::size_t turn = 0;
        for (std::size_t j = 0; j < n; ++j) {
            out[k] += x[j] * circle[turn];
            turn = turn + k < n ? turn + k : turn + k - n;
        }
    }
    return out;
}

// What Fft gives, as doubles in the definition's scale.
template <class T> Spectrum transformed(const std::vector<T> &x) {
    const auto n = static_cast<std::uint32_t>(x.size());
    std::vector<std::uint64_t> plan(fft_plan_bytes(n) / 8 + 1);
    const Fft<T> fft(reinterpret_cast<std::uint8_t *>(plan.data()), n);
    fft.settle();
    std::vector<T> in(n);
    std::vector<T> out(n);
    const std::int32_t e = load(x.data(), n, static_cast<const T *>(nullptr), in.data(), 1);
    fft.real(in.data(), out.data());
    const double unit = std::ldexp(std::is_same_v<T, float> ? 1.0 : static_cast<double>(n), e);
    Spectrum result(n / 2 + 1);
    for (std::uint32_t k = 1; k < n / 2; ++k) {
        result[k] = {out[2 * k] * unit, out[2 * k + 1] * unit};
    }
    result[0] = out[0] * unit;
    result[n / 2] = out[1] * unit;
    return result;
}

// Energy of the signal over that of the error, in dB.
double snr(const Spectrum &exact, const Spectrum &found) {
    double signal = 0.0;
    double error = 0.0;
    for (std::size_t k = 0; k < exact.size(); ++k) {
        signal += std::norm(exact[k]);
        error += std::norm(exact[k] - found[k]);
    }
    return 10.0 * std::log10(signal / error);
}

// Two tones, one between bins, and noise; |x| < 1.
std::vector<double> example(std::size_t n) {
    std::mt19937 random(static_cast<unsigned>(n));
    std::vector<double> x(n);
    for (std::size_t j = 0; j < n; ++j) {
        const double t = static_cast<double>(j) / static_cast<double>(n);
        const double noise = static_cast<double>(random()) / 4294967296.0 - 0.5;
        x[j] = 0.4 * std::sin(2.0 * pi * 7.0 * t) + 0.2 * std::cos(2.0 * pi * 20.3 * t) + 0.2 * noise;
    }
    return x;
}

template <class T> double snr_at(std::size_t n, double scale) {
    std::vector<T> x;
    std::vector<double> same;
    for (const double v : example(n)) {
        x.push_back(static_cast<T>(v * scale));
        same.push_back(static_cast<double>(x.back()));
    }
    return snr(naive(same), transformed(x));
}

std::vector<std::uint32_t> sizes() {
    std::vector<std::uint32_t> all;
    for (std::uint32_t n = fft_least; n <= fft_most; ++n) {
        if (is_fft_size(n)) {
            all.push_back(n);
        }
    }
    return all;
}

} // namespace

TEST_CASE("sizes of transforms are even and made of 2, 3 and 5", "[fft]") {
    for (const std::uint32_t n : {64u, 90u, 250u, 1024u, 2400u, 4096u}) {
        CHECK(is_fft_size(n));
    }
    for (const std::uint32_t n : {0u, 32u, 65u, 98u, 66u, 4098u, 5000u}) {
        CHECK(!is_fft_size(n));
    }
    CHECK(sizes().size() == 92);
}

TEST_CASE("a transform is the definition's, every size", "[fft]") {
    for (const std::uint32_t n : sizes()) {
        if (n > 1024 && n != 2000 && n != 4096) {
            continue; // the definition takes n^2
        }
        CAPTURE(n);
        CHECK(snr_at<float>(n, 1.0) > 130.0);
        CHECK(snr_at<std::int32_t>(n, 8388607.0) > 125.0);
    }
}

TEST_CASE("a transform keeps the bits of quiet signals", "[fft]") {
    for (const std::uint32_t n : {256u, 1024u, 4096u}) {
        for (const double db : {-40.0, -80.0, -120.0}) {
            CAPTURE(n, db);
            const double scale = std::pow(10.0, db / 20.0);
            CHECK(snr_at<float>(n, scale) > 130.0);
            CHECK(snr_at<std::int32_t>(n, 8388607.0 * scale) > 125.0);
        }
    }
}

TEST_CASE("nothing overflows in a transform of the largest samples", "[fft]") {
    for (const std::uint32_t n : {64u, 90u, 1024u}) {
        for (std::uint32_t tone = 0; tone <= n / 2; tone += n / 32) {
            std::vector<std::int32_t> x(n);
            std::vector<double> same(n);
            for (std::uint32_t j = 0; j < n; ++j) {
                const bool up = std::cos(2.0 * pi * tone * j / n) >= 0.0;
                x[j] = up ? (1 << 29) - 1 : -(1 << 29);
                same[j] = x[j];
            }
            CAPTURE(n, tone);
            CHECK(snr(naive(same), transformed(x)) > 125.0);
        }
    }
}

TEST_CASE("tapers are their sums of cosines", "[fft]") {
    const double a[tapers][5] = {{1, 0, 0, 0, 0},
                                 {0.5, 0.5, 0, 0, 0},
                                 {0.54, 0.46, 0, 0, 0},
                                 {0.42, 0.5, 0.08, 0, 0},
                                 {0.21557895, 0.41663158, 0.277263158, 0.083578947, 0.006947368}};
    for (int kind = 1; kind < tapers; ++kind) {
        for (const std::uint32_t n : {64u, 90u, 1000u}) {
            std::vector<float> f(n / 2 + 1);
            std::vector<std::int32_t> q(n / 2 + 1);
            make_taper(static_cast<Taper>(kind), n, f.data());
            make_taper(static_cast<Taper>(kind), n, q.data());
            double squares = 0.0;
            for (std::uint32_t k = 0; k < n; ++k) {
                double w = 0.0;
                for (int i = 0; i < 5; ++i) {
                    w += (i % 2 == 0 ? 1.0 : -1.0) * a[kind][i] * std::cos(2.0 * pi * i * k / n);
                }
                const std::uint32_t half = k <= n / 2 ? k : n - k;
                CHECK(f[half] == Approx(w).margin(1e-7));
                CHECK(q[half] / 2147483648.0 == Approx(w).margin(5e-9));
                squares += w * w / n;
            }
            CHECK(taper_loss(static_cast<Taper>(kind)) == Approx(-0.5 * std::log2(squares) * 65536.0).margin(1.0));
        }
    }
}

TEST_CASE("amounts add whatever their exponents", "[fft]") {
    for (int e = -40; e <= 40; ++e) {
        Amount<std::int32_t> a = {12345678901234567u, 3};
        const Amount<std::int32_t> b = {98765432109876543u, e};
        a.add(b);
        const double exact = std::ldexp(12345678901234567.0, 6) + std::ldexp(98765432109876543.0, 2 * e);
        CHECK(std::ldexp(static_cast<double>(a.m), 2 * a.e) == Approx(exact).epsilon(1e-12));
        Amount<float> f = {1.25f, 3};
        f.add({1.5f, e});
        const double sum = std::ldexp(1.25, 6) + std::ldexp(1.5, 2 * e);
        CHECK(std::ldexp(static_cast<double>(f.m), 2 * f.e) == Approx(sum).epsilon(1e-6));
    }
    Amount<std::int32_t> full = {(std::uint64_t{1} << 62) - 1, 0};
    for (int i = 0; i < 1000; ++i) {
        full.add({std::uint64_t{1} << 58, 1});
    }
    const double exact = std::ldexp(1.0, 62) + 1000.0 * std::ldexp(1.0, 60);
    CHECK(std::ldexp(static_cast<double>(full.m), 2 * full.e) == Approx(exact).epsilon(1e-12));
}
