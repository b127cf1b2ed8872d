// Envelope spectra against analytic signals by the definition in double precision, in both kinds of number.
#include "signal/envelope.hpp"

#include "spectra.hpp"

using namespace spectra;

namespace {

constexpr std::int32_t least = -(60 << 16);

struct Words {
    std::int32_t low = 20, high = 50, rectify = 0, size = 128, hop = 64, taper = 1, count = 16, first = 1, width = 2;

    std::vector<std::int32_t> list() const {
        return {low, high, rectify, size, hop, taper, 0, 0, 0, least, count, first, width};
    }
};

// Bands of one segment's envelope: RMS squared.
std::vector<double> powers(const Words &w, const Signal &x) {
    const std::size_t n = x.size();
    const std::size_t m = n / 2;
    const auto spectrum = definition({x.begin(), x.end()}, m, -1.0);
    std::vector<std::complex<double>> band(m);
    for (auto k = static_cast<std::size_t>(w.low); k < static_cast<std::size_t>(w.high); ++k) {
        band[k] = spectrum[k] * (2.0 / static_cast<double>(n));
    }
    Signal envelope;
    double mean = 0.0;
    for (const auto &z : definition(band, m, 1.0)) {
        envelope.push_back(w.rectify != 0 ? std::abs(z.real()) : std::abs(z));
        mean += envelope.back() / static_cast<double>(m);
    }
    std::vector<std::complex<double>> tapered(m);
    for (std::size_t j = 0; j < m; ++j) {
        tapered[j] = (envelope[j] - mean) * (w.taper == 0 ? 1.0 : hann(j, m) / std::sqrt(0.375));
    }
    const auto found = definition(tapered, m / 2 + 1, -1.0);
    std::vector<double> out;
    for (std::int32_t b = 0; b < w.count; ++b) {
        const auto edge = static_cast<std::size_t>(w.first + b * w.width);
        out.push_back(band_power(found, m, edge, edge + static_cast<std::size_t>(w.width)));
    }
    return out;
}

template <class T> void compare(const Words &w, const Signal &x, double tolerance) {
    const Rig<Envelope, T> rig(w.list(), 1, static_cast<std::uint32_t>(x.size()));
    REQUIRE(rig.good);
    std::vector<double> exact(static_cast<std::size_t>(w.count));
    int segments = 0;
    for (auto at = x.begin(); x.end() - at >= w.size; at += std::min<std::ptrdiff_t>(w.hop, x.end() - at), ++segments) {
        const std::vector<double> one = powers(w, Signal(at, at + w.size));
        for (std::size_t b = 0; b < one.size(); ++b) {
            exact[b] += one[b];
        }
    }
    const std::vector<double> found = rig.octaves({x});
    for (std::size_t b = 0; b < exact.size(); ++b) {
        CAPTURE(b, w.rectify, w.taper);
        CHECK(found[b] == Approx(0.5 * std::log2(exact[b] / segments)).margin(tolerance));
    }
}

// Whole numbers, so that both arithmetics see the same signal.
Signal whole(std::size_t n, double scale) {
    Signal x = tones(n, scale, 3);
    for (double &v : x) {
        v = std::round(v);
    }
    return x;
}

// Bursts of a tone at bin `carrier` of n, `rate` of them in n samples.
Signal bursts(std::size_t n, double carrier, double rate) {
    Signal x(n);
    for (std::size_t j = 0; j < n; ++j) {
        const double t = static_cast<double>(j) / static_cast<double>(n);
        const double since = std::fmod(t * rate, 1.0);
        x[j] = 10000.0 * std::exp(-8.0 * since) * std::sin(2.0 * pi * carrier * t);
    }
    return x;
}

} // namespace

TEST_CASE("envelopes are those of the definition", "[envelope]") {
    for (const std::int32_t rectify : {0, 1}) {
        for (const std::int32_t taper : {0, 1}) {
            Words w;
            w.rectify = rectify;
            w.taper = taper;
            compare<float>(w, whole(300, 1000.0), 1e-3);
            compare<std::int32_t>(w, whole(300, 1000.0), 2e-4);
            compare<std::int32_t>(w, whole(128, 8000000.0), 2e-4);
            w.size = 180;
            w.hop = 90;
            w.high = 90;
            compare<float>(w, whole(360, 1000.0), 1e-3);
            compare<std::int32_t>(w, whole(360, 50.0), 2e-4);
        }
    }
}

TEST_CASE("an envelope shows how often a band rings", "[envelope]") {
    Words w;
    w.size = 1024;
    w.hop = 512;
    w.low = 200;
    w.high = 300;
    w.first = 1;
    w.width = 1;
    w.count = 40;
    for (const int rate : {7, 13, 20}) {
        const Signal x = bursts(1024, 250.0, rate);
        const Rig<Envelope, std::int32_t> q15(w.list(), 1, 1024);
        const Rig<Envelope, float> f32(w.list(), 1, 1024);
        for (const std::vector<double> &v : {q15.octaves({x}), f32.octaves({x})}) {
            const auto top = std::max_element(v.begin(), v.end()) - v.begin() + 1;
            CHECK(top == rate);
        }
    }
}

TEST_CASE("an envelope of silence lies at the floor", "[envelope]") {
    const Words w;
    const Signal silence(128, 0.0);
    for (const double v : Rig<Envelope, std::int32_t>(w.list(), 1, 128).octaves({silence})) {
        CHECK(v == -60.0);
    }
    for (const double v : Rig<Envelope, float>(w.list(), 1, 128).octaves({silence})) {
        CHECK(v == -60.0);
    }
}

TEST_CASE("words of envelopes that make no sense are refused", "[envelope]") {
    const Words right;
    CHECK(Rig<Envelope, std::int32_t>(right.list(), 1, 128).good);
    const std::int32_t wrong[][2] = {{0, 0}, {0, 50}, {1, 20}, {1, 65}, {2, 2}, {2, -1}, {3, 90}, {10, 17}, {0, -5}};
    for (const auto &change : wrong) {
        std::vector<std::int32_t> words = right.list();
        words[static_cast<std::size_t>(change[0])] = change[1];
        CAPTURE(change[0], change[1]);
        CHECK(!Rig<Envelope, std::int32_t>(words, 1, 128).good);
    }
    CHECK(!Rig<Envelope, std::int32_t>({20, 50}, 1, 128).good);
}
