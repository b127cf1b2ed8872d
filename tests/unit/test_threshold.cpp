// The threshold rule: histogram edges exactly, the rule against a double implementation, false-alarm rates by simulation.
#include "monitor/threshold.hpp"
#include "twinbit.h"

#include "catch.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <vector>

using namespace twinbit;

namespace {

constexpr std::int32_t octave = 65536;

std::int32_t rate_word(double rate) {
    return static_cast<std::int32_t>(std::lround(std::min(rate * 2147483648.0, 2147483647.0)));
}

double octaves(std::int32_t raw) { return raw / double{octave}; }
double width(const Histogram &h) { return std::ldexp(1, static_cast<int>(h.width) - 9); }

// The rule as the header states it, in double, from the same bins: octaves.
double rule(const Histogram &h, double rate, double alpha) {
    const double n = total(h);
    double above = 0; // scores in the bins from i on
    int i = histogram_bins;
    const auto edge = [&](int bin) { return octaves(h.low) + bin * width(h); };
    if (rate * n >= 10) {
        while (above + h.bin[i - 1] <= rate * n) {
            above += h.bin[--i];
        }
        return edge(i) - (rate * n - above) / h.bin[i - 1] * width(h);
    }
    while (above < n / 10) {
        above += h.bin[--i];
    }
    double sum = 0;
    double square = 0;
    for (int bin = i; bin < static_cast<int>(histogram_bins); ++bin) {
        const double y = (bin - i + 0.5) * width(h);
        sum += y * h.bin[bin];
        square += y * y * h.bin[bin];
    }
    const double mean = sum / above;
    const double variance = std::max(square / above - mean * mean, width(h) * width(h) / 12);
    const double xi = std::min(0.3, std::max(-0.35, 0.5 * (1 - mean * mean / variance)));
    const double sigma = mean * (1 - xi) * (1 + 0.5 / std::sqrt(std::max(above * alpha, 1 / 16.0)));
    const double x = std::max(std::log(above / n / rate), 0.0);
    return edge(i) + std::min(64.0, sigma * (std::fabs(xi) < 1e-6 ? x : std::expm1(xi * x) / xi));
}

Histogram counted(const std::vector<double> &scores) {
    Histogram h = {};
    for (const double s : scores) {
        count_score(h, static_cast<std::int32_t>(std::lround(std::max(-64.0, std::min(64.0, s)) * octave)));
    }
    return h;
}

// 1/2 log2 of a mean square of d normal numbers: what a detector of d features gives on stationary data.
std::function<double(std::mt19937_64 &)> distances(int d) {
    return [d](std::mt19937_64 &engine) {
        std::chi_squared_distribution<double> chi(d);
        return 0.5 * std::log2(chi(engine) / d);
    };
}

// n of them in a row, smoothed by an exponential average.
std::vector<double> smoothed(const std::function<double(std::mt19937_64 &)> &draw, std::mt19937_64 &engine,
                             std::size_t n, double alpha) {
    std::vector<double> out(n);
    double state = draw(engine);
    for (double &s : out) {
        s = state;
        state += alpha * (draw(engine) - state);
    }
    return out;
}

struct Case {
    double rate;
    std::size_t n;
    int draws;
};
const Case cases[] = {{1e-2, 200, 200},  {1e-2, 500, 100}, {1e-2, 1000, 100}, {1e-2, 5000, 30},
                      {1e-3, 1000, 200}, {1e-3, 5000, 60}, {1e-3, 20000, 20}};

// Mean false-alarm rate over many calibrations of n scores, divided by the rate that was wanted.
double ratio(const Case &c, int d, double alpha, const std::vector<double> &future) {
    std::mt19937_64 engine(42);
    double sum = 0;
    for (int i = 0; i < c.draws; ++i) {
        const Histogram h = counted(smoothed(distances(d), engine, c.n, alpha));
        const auto beyond = std::upper_bound(future.begin(), future.end(),
                                             octaves(threshold_for(h, rate_word(c.rate), rate_word(alpha))));
        sum += static_cast<double>(future.end() - beyond) / static_cast<double>(future.size());
    }
    return sum / c.draws / c.rate;
}

void check_rates(double alpha) {
    for (const int d : {1, 2, 8, 32}) {
        std::mt19937_64 engine(static_cast<std::uint64_t>(d));
        std::vector<double> future = smoothed(distances(d), engine, 400000, alpha);
        std::sort(future.begin(), future.end());
        for (const Case &c : cases) {
            const double r = ratio(c, d, alpha, future);
            CAPTURE(alpha, d, c.n, c.rate, r);
            CHECK(r > 0.5);
            CHECK(r < 2);
        }
    }
}

} // namespace

TEST_CASE("histogram: begins with bins of 1/256 octave around the first score") {
    for (const std::int32_t first : {0, -3 * octave + 5, 63 * octave, -64 * octave}) {
        Histogram h = {};
        count_score(h, first);
        CHECK(h.width == 1);
        CHECK(h.low == first - 96 * (octave / 256));
        CHECK(h.bin[96] == 1);
        count_score(h, h.low + 191 * (octave / 256));
        count_score(h, h.low + 192 * (octave / 256) - 1);
        CHECK(h.width == 1);
        CHECK(h.bin[191] == 2);
        CHECK(total(h) == 3);
    }
}

TEST_CASE("histogram: grows to the side of a score outside, and keeps every other edge") {
    Histogram h = {};
    for (const std::int32_t score : {0, 256, 512, 40 * 256}) {
        count_score(h, score);
    }
    const std::int32_t low = h.low;
    count_score(h, low + 192 * 256); // one unit too high
    CHECK(h.width == 2);
    CHECK(h.low == low);
    CHECK(h.bin[48] == 2); // 96 and 97
    CHECK(h.bin[49] == 1);
    CHECK(h.bin[68] == 1);
    CHECK(h.bin[96] == 1);
    h.bin[0] = 2; // a quarter and more: no room below for one more
    count_score(h, low - 1);
    CHECK(h.width == 3);
    CHECK(h.low == low - 192 * 512);
    CHECK(h.bin[96] == 2);
    CHECK(h.bin[96 + 24] == 3);
    CHECK(h.bin[95] == 1);
    CHECK(total(h) == 8);
}

TEST_CASE("histogram: rare low scores do not widen it, many do") {
    Histogram h = {};
    for (int i = 0; i < 100; ++i) {
        count_score(h, 0);
    }
    for (int i = 0; i < 34; ++i) { // the last comes when 33 of 133 are there
        count_score(h, -20 * octave);
    }
    CHECK(h.width == 1);
    CHECK(h.bin[0] == 34);
    count_score(h, -20 * octave);
    CHECK(h.width == 2);
    CHECK(h.bin[0] == 1);
    CHECK(h.bin[96] == 34); // where the lowest bin was
    CHECK(h.bin[96 + 48] == 100);
}

TEST_CASE("histogram: covers every score, from -128 to 128 octaves") {
    for (const std::int32_t sign : {1, -1}) {
        Histogram h = {};
        count_score(h, sign * (128 * octave - 1));
        count_score(h, -sign * 128 * octave);
        CHECK(total(h) == 2);
        CHECK(h.width <= 12);
        CHECK(std::abs(h.low) < 1 << 25);
    }
}

TEST_CASE("histogram: counts above its edges are those of the scores, from the lower quarter up") {
    std::mt19937_64 engine(3);
    for (const int d : {1, 2, 16, 512}) {
        const auto draw = distances(d);
        std::vector<std::int32_t> scores(3000);
        std::generate(scores.begin(), scores.end(),
                      [&] { return static_cast<std::int32_t>(std::lround(std::max(-64.0, draw(engine)) * octave)); });
        Histogram h = {};
        for (const std::int32_t s : scores) {
            count_score(h, s);
        }
        std::sort(scores.begin(), scores.end());
        std::uint32_t above = 0;
        int used = 0;
        for (int i = histogram_bins - 1; i >= 0; --i) {
            above += h.bin[i];
            const auto edge = h.low + i * static_cast<std::int32_t>(width(h) * octave);
            if (edge >= scores[900]) {
                used += h.bin[i] != 0 ? 1 : 0;
                const auto seen = scores.end() - std::lower_bound(scores.begin(), scores.end(), edge);
                REQUIRE(std::abs(static_cast<std::int64_t>(above) - seen) <= 5); // low among the first few, no more
            }
        }
        CAPTURE(d, h.width);
        CHECK(used >= 40);
        CHECK(total(h) == scores.size());
    }
}

TEST_CASE("histogram: levels lie between edges by proportion; excesses are over the edge of the top tenth") {
    Histogram h = {};
    h.low = 1000;
    h.width = 3; // bins of 1024 units
    h.bin[90] = 4;
    h.bin[100] = 2;
    h.bin[103] = 1;
    const auto edge = [](int bin) { return 1000 + bin * 1024; };
    CHECK(level_below(h, 128) == edge(104) - 1024 * 128 / 257); // half of the highest score
    CHECK(level_below(h, 256) == edge(101));
    CHECK(level_below(h, 512) == edge(101) - 1024 * 256 / 513);
    CHECK(level_below(h, 5 * 256) == edge(91) - 1024 * 512 / 1025);
    CHECK(typical_score(h) == edge(91) - 1024 * 128 / 1025); // 3.5 above
    const Excesses one = top_tenth(h, 10);
    CHECK(one.edge == edge(103));
    CHECK((one.count == 1 && one.sum == 1 && one.squares == 1));
    const Excesses three = top_tenth(h, 30); // bins 100 and 103: 1 and 7 half bins above the edge of 100
    CHECK(three.edge == edge(100));
    CHECK((three.count == 3 && three.sum == 1 + 1 + 7 && three.squares == 1 + 1 + 49));
}

TEST_CASE("threshold: follows a double implementation of the rule on many histograms") {
    std::mt19937_64 engine(7);
    double worst = 0;
    for (int t = 0; t < 400; ++t) {
        const std::size_t n = std::size_t{10} << (t % 11);
        const double rate = std::pow(10.0, -1.0 - (t % 7) * 0.7);
        const double spread = 0.02 + 0.2 * (t % 13);
        std::vector<double> scores(n);
        std::normal_distribution<double> normal(0.3, spread);
        std::exponential_distribution<double> exponential(1 / spread);
        for (double &s : scores) {
            s = t % 4 == 0 ? exponential(engine) : (t % 4 == 1 ? normal(engine) : std::pow(normal(engine), 3));
            s = t % 4 == 3 ? std::pow(exponential(engine), 4) : s; // a tail whose moments ask for more than 0.3
        }
        const Histogram h = counted(scores);
        const double alpha = std::pow(10.0, -(t % 5));
        const double got = threshold_for(h, rate_word(rate), rate_word(alpha)) / double{octave};
        const double expected = rule(h, rate_word(rate) / 2147483648.0, alpha);
        CAPTURE(n, rate, spread, got, expected);
        // the series near xi = 0 is good to 1 %
        REQUIRE(std::fabs(got - expected) < 0.001 + 0.011 * std::fabs(expected));
        worst = std::max(worst, std::fabs(got - expected));
    }
    CHECK(worst > 0);
}

TEST_CASE("threshold: a hair above scores that are all the same") {
    Histogram h = {};
    for (int i = 0; i < 200; ++i) {
        count_score(h, 5 * octave);
    }
    CHECK(threshold_for(h, rate_word(0.01), INT32_MAX) > 5 * octave);
    CHECK(threshold_for(h, rate_word(0.01), INT32_MAX) < 5 * octave + octave / 64);
    CHECK(std::abs(typical_score(h) - 5 * octave) <= octave / 256);
}

TEST_CASE("threshold: a smaller rate never lowers it") {
    std::mt19937_64 engine(9);
    for (const int d : {2, 8}) {
        const auto draw = distances(d);
        std::vector<double> scores(300);
        std::generate(scores.begin(), scores.end(), [&] { return draw(engine); });
        const Histogram h = counted(scores);
        std::int32_t last = INT32_MIN;
        for (double rate = 0.033; rate > 1e-6; rate /= 1.5) { // below 10 / n it is the tail's
            const std::int32_t t = threshold_for(h, rate_word(rate), INT32_MAX);
            CHECK(t >= last);
            last = t;
        }
    }
}

TEST_CASE("threshold: on stationary scores the mean false-alarm rate is within 2x of the stated one") {
    check_rates(1);
}

TEST_CASE("threshold: the same of smoothed scores") {
    check_rates(0.3);
    check_rates(0.1);
}
