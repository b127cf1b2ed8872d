// Deviation: every number against its formulas in double, and the sums it stands on.
#include "stage_bench.hpp"

#include <cmath>

using namespace fixtures;

namespace {

using Row = std::vector<double>;

constexpr double a = 0.1;
constexpr double rate = 0.02;
constexpr int settle = 30;

DetectorBench bench(std::uint8_t arithmetic, std::uint32_t channels, std::int32_t rows = settle) {
    return {21, arithmetic, {share31(a), rows, share31(rate)}, channels};
}

// The formulas on top of deviation.hpp, for one channel.
struct Oracle {
    std::vector<double> xs, es;
    double e = 0;
    double mean = 0;
    double width = 1;

    void move(double x) { e = xs.empty() ? x : e + a * (x - e); }
    void learn(double x) {
        move(x);
        xs.push_back(x);
        if (static_cast<int>(xs.size()) > settle) {
            es.push_back(e);
        }
    }
    static double mean_of(const std::vector<double> &v) {
        double sum = 0;
        for (const double x : v) {
            sum += x;
        }
        return sum / static_cast<double>(v.size());
    }
    static double variance(const std::vector<double> &v) {
        const double mean = mean_of(v);
        double sum = 0;
        for (const double x : v) {
            sum += (x - mean) * (x - mean);
        }
        return sum / static_cast<double>(v.size());
    }
    // After learning: mean and width.
    void settled() {
        const double floor = std::sqrt(std::max(variance(xs), 1.0) * a / (2 - a));
        const double s = std::max(std::sqrt(variance(es)), floor);
        width = s * s / floor;
        mean = mean_of(es);
    }
    double deviation(double x) const { return std::fabs(e + a * (x - e) - mean) / width; }
    void follow(double x, bool calm) {
        move(x);
        mean += calm ? rate * (e - mean) : 0;
    }
};

// Channels of different scales: white noise, a slow swing, one that hardly moves.
Row slow_row(Random &random, int t) {
    return {std::floor(4e4 + 3000 * random.normal()), std::floor(2e5 * std::sin(t / 60.0) + 500 * random.normal()),
            std::floor(-3e4 + 40 * random.normal())};
}

struct Run {
    DetectorBench m;
    std::vector<Oracle> oracle;
    Random random;

    Run(std::uint8_t arithmetic, std::uint64_t seed, int rows) : m(bench(arithmetic, 3)), oracle(3), random(seed) {
        for (int t = 0; t < rows; ++t) {
            const Row x = slow_row(random, t);
            REQUIRE(m.learn(x) == TB_OK);
            for (std::size_t i = 0; i < 3; ++i) {
                oracle[i].learn(x[i]);
            }
        }
        for (Oracle &o : oracle) {
            o.settled();
        }
    }
    double expected(const Row &x) const {
        double most = 0;
        for (std::size_t i = 0; i < 3; ++i) {
            most = std::max(most, oracle[i].deviation(x[i]));
        }
        return std::max(std::log2(most), -12.0);
    }
    double error(const Row &x) const { return std::fabs(m.score(x) - expected(x)); }
};

// The average of the first channel, in fixed point.
double average(const DetectorBench &m) {
    return static_cast<double>(twinbit::peek<std::int64_t>(m.bytes().data() + 24)) * 0x1p-16;
}

} // namespace

TEST_CASE("Deviation: scores and shares are those of the formulas in double, while it follows too") {
    for (const std::uint8_t arithmetic : arithmetics) {
        CAPTURE(arithmetic_name(arithmetic));
        Run run(arithmetic, 1, 300);
        double worst = 0;
        for (int t = 300; t < 1500; ++t) {
            Row x = slow_row(run.random, t);
            x[0] += t % 7 == 0 ? 6000 : 0;
            worst = std::max(worst, run.error(x));
            double whole = 0;
            for (std::size_t i = 0; i < 3; ++i) {
                whole += std::pow(run.oracle[i].deviation(x[i]), 2);
            }
            const auto shares = run.m.explain(x);
            for (std::size_t i = 0; i < 3; ++i) {
                worst = std::max(worst, std::fabs(shares[i] - std::pow(run.oracle[i].deviation(x[i]), 2) / whole));
                run.oracle[i].follow(x[i], t % 3 != 0);
            }
            run.m.follow(x, t % 3 != 0);
        }
        CHECK(worst < 0.02);
    }
}

TEST_CASE("Deviation: scoring moves nothing, following moves average and mean alone") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Run run(arithmetic, 2, 100);
        const Bytes before = run.m.bytes();
        const Row x = {5e5, 0, 0};
        run.m.score(x);
        run.m.explain(x);
        CHECK(run.m.bytes() == before);
        run.m.follow(x, false);
        const Bytes alarmed = run.m.bytes();
        CHECK(alarmed != before);
        const std::size_t level = arithmetic == TB_F32 ? 16 : 24; // three channels, padded
        const std::size_t moved = 24 + level;
        CHECK(Bytes(alarmed.begin() + static_cast<std::ptrdiff_t>(moved), alarmed.end()) ==
              Bytes(before.begin() + static_cast<std::ptrdiff_t>(moved), before.end()));
        run.m.follow(x, true);
        const Bytes calm = run.m.bytes();
        CHECK(!std::equal(calm.begin() + static_cast<std::ptrdiff_t>(moved),
                          calm.begin() + static_cast<std::ptrdiff_t>(moved + level),
                          alarmed.begin() + static_cast<std::ptrdiff_t>(moved)));
        CHECK(std::equal(calm.begin() + static_cast<std::ptrdiff_t>(moved + level), calm.end(),
                         before.begin() + static_cast<std::ptrdiff_t>(moved + level)));
    }
}

TEST_CASE("Deviation: a slow rate is not lost in rounding") {
    for (const int arithmetic : {TB_Q15, TB_Q31}) {
        DetectorBench m(21, static_cast<std::uint8_t>(arithmetic), {share31(0.001), 0, 0}, 1);
        for (int t = 0; t < 50; ++t) {
            m.learn({t % 2 == 0 ? 100.0 : -100.0});
        }
        const double first = average(m);
        for (int t = 0; t < 20000; ++t) {
            m.follow({1}, true); // one raw unit
        }
        CHECK(std::fabs(average(m) - (1 + (first - 1) * std::pow(0.999, 20000))) < 0.01);
    }
}

TEST_CASE("Deviation: a channel that never moved, one at the end of the range, and rows that settle nothing") {
    for (const std::uint8_t arithmetic : arithmetics) {
        DetectorBench m = bench(arithmetic, 2, 5);
        const double end = 8388607;
        for (int t = 0; t < 60; ++t) {
            CHECK(m.ready() == (t >= 7));
            m.learn({1000, t % 2 == 0 ? end : -end});
        }
        CHECK(m.score({1000, 0}) < 3);
        CHECK(m.score({1010, 0}) > 1);
        CHECK(m.score({1000, end}) < 3);
        CHECK(m.score({-end, 0}) < 64);
        for (int t = 0; t < 5000; ++t) {
            m.follow({-end, -end}, true);
        }
        CHECK(m.score({-end, -end}) < m.score({end, end}));
    }
}

TEST_CASE("Deviation: sums are full at 2^15 rows, and nothing moves after that") {
    for (const std::uint8_t arithmetic : arithmetics) {
        DetectorBench m = bench(arithmetic, 1);
        for (int t = 0; t < 32768; ++t) {
            REQUIRE(m.learn({t % 2 == 0 ? 8388607.0 : -8388607.0}) == TB_OK);
        }
        const Bytes full = m.bytes();
        CHECK(m.learn({5}) == TB_ERR_RANGE);
        CHECK(m.bytes() == full);
        CHECK(m.score({0}) < 4);
    }
}

TEST_CASE("Deviation: merging adds sums in any order and can be taken back; the stream stays the machine's own") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Run one(arithmetic, 5, 200);
        Run two(arithmetic, 6, 300);
        const Bytes first = one.m.bytes();
        REQUIRE(one.m.merge(two.m.bytes()) == TB_OK);
        REQUIRE(two.m.merge(first) == TB_OK);
        const std::size_t sums = 24 + 2 * (arithmetic == TB_F32 ? 16 : 24);
        const Bytes merged = one.m.bytes();
        CHECK(std::equal(merged.begin(), merged.begin() + 24, two.m.bytes().begin()));
        CHECK(std::equal(merged.begin() + 24, merged.begin() + static_cast<std::ptrdiff_t>(sums), first.begin() + 24));
        for (std::size_t i = 0; i < 3; ++i) { // the oracle of both machines' rows
            Oracle &o = one.oracle[i];
            o.xs.insert(o.xs.end(), two.oracle[i].xs.begin(), two.oracle[i].xs.end());
            o.es.insert(o.es.end(), two.oracle[i].es.begin(), two.oracle[i].es.end());
            o.settled();
        }
        CHECK(one.error({4e4, 1e5, -3e4}) < 0.01);
        if (arithmetic == TB_F32) {
            CHECK(one.m.merge(first, -1) == TB_ERR_UNSUPPORTED);
            continue;
        }
        CHECK(std::equal(merged.begin() + static_cast<std::ptrdiff_t>(sums), merged.end(),
                         two.m.bytes().begin() + static_cast<std::ptrdiff_t>(sums)));
        Run other(arithmetic, 6, 300);
        REQUIRE(one.m.merge(other.m.bytes(), -1) == TB_OK);
        CHECK(one.m.bytes() == first);
        CHECK(one.m.merge(merged, -1) == TB_ERR_RANGE);
        CHECK(one.m.bytes() == first);
    }
}
