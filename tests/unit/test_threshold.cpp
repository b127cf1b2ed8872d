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

std::int32_t rate_word(double rate) { return static_cast<std::int32_t>(std::lround(rate * 2147483648.0)); }

// The rule as the header states it, in double, from the same bins: octaves.
double rule(const Histogram &h, double rate) {
    std::vector<double> upper; // edge of each score's bin, in order
    for (std::uint32_t i = 0; i < histogram_bins; ++i) {
        upper.insert(upper.end(), h.bin[i], -12 + (i + 1) / 8.0);
    }
    const auto n = upper.size();
    if (rate * static_cast<double>(n) >= 10) {
        return upper[n - static_cast<std::size_t>(rate * static_cast<double>(n)) - 1];
    }
    const double t = upper[n - n / 10 - 1];
    double k = 0;
    double sum = 0;
    double square = 0;
    for (const double u : upper) {
        const double y = u - 1 / 16.0 - t;
        k += y > 0 ? 1 : 0;
        sum += y > 0 ? y : 0;
        square += y > 0 ? y * y : 0;
    }
    if (k < 1) {
        return t;
    }
    const double mean = sum / k;
    const double variance = std::max(square / k - mean * mean, 1 / 8.0 / 8.0 / 12.0);
    const double xi = std::min(0.3, std::max(-0.25, 0.5 * (1 - mean * mean / variance)));
    const double sigma = mean * (1 - xi) * (1 + 0.5 / std::sqrt(k));
    const double x = std::max(std::log(0.1 / rate), 0.0);
    return t + std::min(64.0, sigma * (std::fabs(xi) < 1e-6 ? x : std::expm1(xi * x) / xi));
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

// Mean false-alarm rates over many calibrations of n scores, divided by the rate that was wanted: at the threshold, and a bin
// of the histogram below it.
struct Excess {
    double at_threshold, bin_below;
};

Excess excess(const std::function<double(std::mt19937_64 &)> &draw, std::size_t n, double rate, int draws) {
    std::mt19937_64 engine(42);
    std::vector<double> future(400000);
    std::generate(future.begin(), future.end(), [&] { return draw(engine); });
    std::sort(future.begin(), future.end());
    const auto over = [&](double threshold) {
        const auto count = future.end() - std::upper_bound(future.begin(), future.end(), threshold);
        return static_cast<double>(count) / static_cast<double>(future.size());
    };
    Excess sum = {0, 0};
    for (int i = 0; i < draws; ++i) {
        std::vector<double> seen(n);
        std::generate(seen.begin(), seen.end(), [&] { return draw(engine); });
        const double threshold = threshold_for(counted(seen), rate_word(rate)) / double{octave};
        sum.at_threshold += over(threshold) / draws / rate;
        sum.bin_below += over(threshold - 1 / 8.0) / draws / rate;
    }
    return sum;
}

struct Case {
    double rate;
    std::size_t n;
    int draws;
};
const Case cases[] = {{1e-2, 200, 60},  {1e-2, 500, 60},  {1e-2, 1000, 60}, {1e-2, 5000, 30},
                      {1e-3, 1000, 60}, {1e-3, 5000, 30}, {1e-3, 20000, 20}};

} // namespace

TEST_CASE("histogram: 192 bins of 1/8 octave, each with its lower edge, the ends take what lies outside") {
    for (std::int32_t i = 0; i < 192; ++i) {
        const std::int32_t low = -12 * octave + i * (octave / 8);
        for (const std::int32_t score : {low, low + 1, low + octave / 8 - 1}) {
            Histogram h = {};
            count_score(h, score);
            REQUIRE(h.bin[i] == 1);
            REQUIRE(total(h) == 1);
            REQUIRE(upper_edge(h, 1) == low + octave / 8);
        }
    }
    Histogram h = {};
    for (const std::int32_t score :
         {-12 * octave - 1, -64 * octave, 12 * octave, 64 * octave, 128 * octave, -128 * octave}) {
        count_score(h, score);
    }
    CHECK(h.bin[0] == 3);
    CHECK(h.bin[191] == 3);
}

TEST_CASE("histogram: a full bin stays full") {
    Histogram h = {};
    h.bin[96] = 65534;
    count_score(h, 0);
    count_score(h, 0);
    CHECK(h.bin[96] == 65535);
}

TEST_CASE("histogram: quantiles by rank, and the moments of what lies above an edge") {
    Histogram h = {};
    h.bin[90] = 3;
    h.bin[100] = 2;
    h.bin[103] = 1;
    const auto edge = [](int bin) { return -12 * octave + (bin + 1) * (octave / 8); };
    CHECK(upper_edge(h, 1) == edge(90));
    CHECK(upper_edge(h, 3) == edge(90));
    CHECK(upper_edge(h, 4) == edge(100));
    CHECK(upper_edge(h, 5) == edge(100));
    CHECK(upper_edge(h, 6) == edge(103));
    const Excesses e = excesses(h, edge(98)); // bins 100 and 103 lie 1.5 and 4.5 bins above: 3 and 9 sixteenths
    CHECK(e.count == 3);
    CHECK(e.sum == 3 + 3 + 9);
    CHECK(e.squares == 9 + 9 + 81);
    CHECK(excesses(h, edge(103)).count == 0);
}

TEST_CASE("threshold: follows a double implementation of the rule on many histograms") {
    std::mt19937_64 engine(7);
    double worst = 0;
    for (int t = 0; t < 400; ++t) {
        const std::size_t n = std::size_t{10} << (t % 11);
        const double rate = std::pow(10.0, -1.0 - (t % 7) * 0.7);
        const double width = 0.02 + 0.2 * (t % 13);
        std::vector<double> scores(n);
        std::normal_distribution<double> normal(0.3, width);
        std::exponential_distribution<double> exponential(1 / width);
        for (double &s : scores) {
            s = t % 4 == 0 ? exponential(engine) : (t % 4 == 1 ? normal(engine) : std::pow(normal(engine), 3));
            s = t % 4 == 3 ? std::pow(exponential(engine), 4) : s; // a tail whose moments ask for more than 0.3
        }
        const Histogram h = counted(scores);
        const double got = threshold_for(h, rate_word(rate)) / double{octave};
        const double expected = rule(h, rate_word(rate) / 2147483648.0);
        CAPTURE(n, rate, width, got, expected);
        // the series near xi = 0 is good to 1 %
        REQUIRE(std::fabs(got - expected) < 0.001 + 0.011 * std::fabs(expected));
        worst = std::max(worst, std::fabs(got - expected));
    }
    CHECK(worst > 0);
}

TEST_CASE("threshold: the edge when the top tenth shares one bin") {
    Histogram h = {};
    h.bin[96] = 50;
    CHECK(threshold_for(h, rate_word(0.01)) == octave / 8);
    CHECK(typical_score(h) == octave / 16);
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
            const std::int32_t t = threshold_for(h, rate_word(rate));
            CHECK(t >= last);
            last = t;
        }
    }
}

TEST_CASE("threshold: on stationary scores the mean false-alarm rate is within 2x of the stated one") {
    for (const int d : {2, 4}) { // spread over several bins
        for (const Case &c : cases) {
            const double ratio = excess(distances(d), c.n, c.rate, c.draws).at_threshold;
            CAPTURE(d, c.n, c.rate, ratio);
            CHECK(ratio > 0.45); // bins and the factor for few excesses both err to this side: 0.49 at worst
            CHECK(ratio < 2);
        }
    }
}

TEST_CASE("threshold: scores of many features or smoothed ones alarm less often than stated, by less than a bin") {
    for (const int d : {1, 8, 16, 32}) {
        for (const Case &c : cases) {
            const Excess e = excess(distances(d), c.n, c.rate, c.draws);
            CAPTURE(d, c.n, c.rate, e.at_threshold, e.bin_below);
            CHECK(e.at_threshold < 2);
            CHECK(e.bin_below > 0.5);
        }
    }
}
