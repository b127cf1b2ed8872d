// Band energies against spectra by the definition in double precision, in both kinds of number.
#include "signal/bands.hpp"

#include "spectra.hpp"

using namespace spectra;

namespace {

constexpr std::int32_t least = -(60 << 16);

// As the words stand in a recipe.
struct Words {
    std::int32_t size = 128, hop = 64, taper = 1, fused = 0, shape = 0, level = 0, floor = least, count = 8, first = 1,
                 width = 8;
    std::vector<std::int32_t> edges;

    std::vector<std::int32_t> list() const {
        std::vector<std::int32_t> all = {size, hop, taper, fused, shape, level, floor, count, first, width};
        all.insert(all.end(), edges.begin(), edges.end());
        return all;
    }
    std::vector<std::size_t> bins() const {
        std::vector<std::size_t> all(edges.begin(), edges.end());
        for (std::int32_t i = 0; width != 0 && i <= count; ++i) {
            all.push_back(static_cast<std::size_t>(first + i * width));
        }
        return all;
    }
};

// Mean power of each band over the segments, Hann or rectangular.
std::vector<double> powers(const Words &w, const Signal &x) {
    const auto n = static_cast<std::size_t>(w.size);
    const std::vector<std::size_t> edges = w.bins();
    std::vector<double> sum(static_cast<std::size_t>(w.count));
    int segments = 0;
    for (std::size_t start = 0; start + n <= x.size(); start += static_cast<std::size_t>(w.hop), ++segments) {
        std::vector<std::complex<double>> z(n);
        for (std::size_t j = 0; j < n; ++j) {
            z[j] = x[start + j] * (w.taper == 0 ? 1.0 : hann(j, n) / std::sqrt(0.375));
        }
        const auto spectrum = definition(z, n / 2 + 1, -1.0);
        for (std::size_t b = 0; b < sum.size(); ++b) {
            sum[b] += band_power(spectrum, n, edges[b], edges[b + 1]);
        }
    }
    for (double &v : sum) {
        v /= segments;
    }
    return sum;
}

double mean_square(const Signal &x) {
    double sum = 0.0;
    for (const double v : x) {
        sum += v * v;
    }
    return sum / static_cast<double>(x.size());
}

// The features that the words ask for, by the definition.
std::vector<double> expected(const Words &w, const std::vector<Signal> &axes) {
    std::vector<std::vector<double>> rows;
    for (const Signal &x : axes) {
        rows.push_back(powers(w, x));
        rows.back().push_back(mean_square(x));
    }
    if (w.fused != 0) {
        for (std::size_t i = 0; i < rows[0].size(); ++i) {
            for (std::size_t a = 1; a < rows.size(); ++a) {
                rows[0][i] += rows[a][i];
            }
            rows[0][i] /= static_cast<double>(rows.size());
        }
        rows.resize(1);
    }
    std::vector<double> out;
    for (const auto &row : rows) {
        double middle = 0.0;
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            middle += 0.5 * std::log2(row[i]) / (static_cast<double>(row.size()) - 1.0);
        }
        for (std::size_t i = 0; i + 1 < row.size(); ++i) {
            out.push_back(0.5 * std::log2(row[i]) - (w.shape != 0 ? middle : 0.0));
        }
        if (w.level != 0) {
            out.push_back(0.5 * std::log2(row.back()));
        }
    }
    return out;
}

template <class T> void compare(const Words &w, const std::vector<Signal> &axes, double tolerance) {
    const Rig<Bands, T> rig(w.list(), static_cast<std::uint32_t>(axes.size()),
                            static_cast<std::uint32_t>(axes[0].size()));
    REQUIRE(rig.good);
    const std::vector<double> exact = expected(w, axes);
    const std::vector<double> found = rig.octaves(axes);
    REQUIRE(found.size() == exact.size());
    for (std::size_t i = 0; i < exact.size(); ++i) {
        CAPTURE(i);
        CHECK(found[i] == Approx(exact[i]).margin(tolerance));
    }
}

// Whole numbers, so that both arithmetics see the same signal.
std::vector<Signal> whole(std::size_t axes, std::size_t window, double scale) {
    std::vector<Signal> all;
    for (std::size_t a = 0; a < axes; ++a) {
        all.push_back(tones(window, scale * std::pow(3.0, static_cast<double>(a)), static_cast<unsigned>(a)));
        for (double &v : all.back()) {
            v = std::round(v);
        }
    }
    return all;
}

void compare_all(const Words &w, const std::vector<Signal> &axes) {
    compare<float>(w, axes, 3e-4);
    compare<std::int32_t>(w, axes, 1e-4);
}

} // namespace

TEST_CASE("bands are those of the definition", "[bands]") {
    Words w;
    compare_all(w, whole(2, 300, 1000.0));
    w.fused = 1;
    w.level = 1;
    compare_all(w, whole(3, 300, 1000.0));
    w.shape = 1;
    compare_all(w, whole(3, 300, 1000.0));
    w.fused = 0;
    w.taper = 0;
    w.hop = 17;
    compare_all(w, whole(2, 200, 1000.0));
}

TEST_CASE("bands have any edges", "[bands]") {
    Words w;
    w.first = w.width = 0;
    w.edges = {0, 1, 2, 5, 11, 24, 47, 64, 65};
    compare_all(w, whole(1, 128, 1000.0));
    w.size = 90;
    w.hop = 45;
    w.edges = {0, 1, 2, 5, 11, 24, 40, 44, 46};
    compare_all(w, whole(1, 360, 1000.0));
}

TEST_CASE("bands of quiet and of loud signals are as exact", "[bands]") {
    Words w;
    for (const double scale : {40.0, 300.0, 100000.0, 8000000.0}) {
        CAPTURE(scale);
        compare_all(w, whole(1, 256, scale));
    }
    for (const double scale : {1e-12, 1e-3, 1e14}) {
        CAPTURE(scale);
        compare<float>(w, {tones(256, static_cast<float>(scale), 5)}, 3e-4);
    }
}

TEST_CASE("all bands together hold the signal's RMS", "[bands]") {
    Words w;
    w.size = 256;
    w.hop = 256;
    w.taper = 0;
    w.level = 1;
    w.count = 1;
    w.first = 0;
    w.width = 129;
    for (int taper = 0; taper < tapers; ++taper) {
        w.taper = taper;
        const Rig<Bands, std::int32_t> rig(w.list(), 1, 4096);
        const std::vector<double> v = rig.octaves(whole(1, 4096, 30000.0));
        CAPTURE(taper);
        CHECK(v[0] == Approx(v[1]).margin(taper == 0 ? 2e-4 : 0.1)); // a taper sees only part of the noise
    }
}

TEST_CASE("the level of the longest window of the largest samples is exact", "[bands]") {
    Words w;
    w.level = 1;
    w.hop = 4096;
    const Signal loud(65536, 16777215.0);
    CHECK(Rig<Bands, std::int32_t>(w.list(), 1, 65536).octaves({loud}).back() == Approx(24.0).margin(1e-4));
    CHECK(Rig<Bands, float>(w.list(), 1, 65536).octaves({loud}).back() == Approx(24.0).margin(1e-4));
}

TEST_CASE("silence lies at the floor", "[bands]") {
    Words w;
    w.level = 1;
    w.floor = -3 * 65536;
    const std::vector<Signal> silence = {Signal(128, 0.0)};
    const Rig<Bands, std::int32_t> q15(w.list(), 1, 128);
    const Rig<Bands, float> f32(w.list(), 1, 128);
    for (const double v : q15.octaves(silence)) {
        CHECK(v == -3.0);
    }
    for (const double v : f32.octaves(silence)) {
        CHECK(v == -3.0);
    }
}

TEST_CASE("words of bands that make no sense are refused", "[bands]") {
    const auto good = [](const Words &w, std::uint32_t window) {
        return Rig<Bands, std::int32_t>(w.list(), 1, window).good;
    };
    const Words right;
    CHECK(good(right, 128));
    CHECK(!good(right, 127));
    CHECK(!good(right, 0));
    const std::int32_t wrong[][2] = {{0, 130}, {0, 62}, {0, -128}, {1, 0},       {1, 129}, {2, 5},     {2, -1},
                                     {3, 2},   {4, -1}, {5, 2},    {6, 1 << 24}, {7, 0},   {7, 9},     {7, 2049},
                                     {8, -1},  {8, 2},  {9, 9},    {9, -1},      {9, 0},   {8, 70000}, {7, -5}};
    for (const auto &change : wrong) {
        std::vector<std::int32_t> words = right.list();
        words[static_cast<std::size_t>(change[0])] = change[1];
        CAPTURE(change[0], change[1]);
        CHECK(!Rig<Bands, std::int32_t>(words, 1, 128).good);
    }
    Words edges;
    edges.first = edges.width = 0;
    edges.count = 2;
    edges.edges = {3, 7, 65};
    CHECK(good(edges, 128));
    for (const std::vector<std::int32_t> &bad : std::vector<std::vector<std::int32_t>>{
             {3, 7}, {3, 7, 65, 66}, {3, 3, 65}, {3, 7, 66}, {-1, 7, 65}, {3, -7, 65}, {7, 3, 65}, {3, 7, INT32_MIN}}) {
        edges.edges = bad;
        CHECK(!good(edges, 128));
    }
    CHECK(!Rig<Bands, std::int32_t>({128, 64}, 1, 128).good);
}
