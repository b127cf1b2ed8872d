// Health: the line through the smoothed scores against least squares in double, its errors against streams whose trend is
// known, and what it says where it can't know.
#include "fixtures.hpp"
#include "monitor/health.hpp"

#include <cmath>

using namespace fixtures;
using namespace twinbit;

namespace {

constexpr std::int32_t octave = TB_SCORE_ONE;

std::int32_t raw(double octaves) { return static_cast<std::int32_t>(std::lround(octaves * 65536.0)); }
double slope_of(const tb_health &h) { return h.slope * 0x1p-32; }

// The newest 32 whole blocks of a stream, and a line through their means in double.
struct Oracle {
    std::vector<double> mean;
    double length, now, level = 0, slope = 0, middle = 0, squares = 0, error = 0, t = 0;

    Oracle(const std::vector<std::int32_t> &stream, std::size_t length_) : length(static_cast<double>(length_)) {
        const std::size_t blocks = stream.size() / length_;
        for (std::size_t b = blocks > 32 ? blocks - 32 : 0; b < blocks; ++b) {
            double sum = 0;
            for (std::size_t i = 0; i < length_; ++i) {
                sum += octaves(stream[b * length_ + i]);
            }
            mean.push_back(sum / length);
        }
        now = static_cast<double>(mean.size()) / 2 + static_cast<double>(stream.size() % length_) / length;
        fit();
    }

    double n() const { return static_cast<double>(mean.size()); }
    double x(std::size_t i) const { return static_cast<double>(i) - (n() - 1) / 2; }
    double residual(std::size_t i) const { return mean[i] - middle - slope * x(i); }
    // Half the width of the band of confidence at x.
    double band(double at) const { return t * error * std::sqrt(squares / n() + at * at); }

  private:
    void fit() {
        double sum = 0;
        double product = 0;
        for (std::size_t i = 0; i < mean.size(); ++i) {
            sum += mean[i];
            squares += x(i) * x(i);
            product += x(i) * mean[i];
        }
        middle = sum / n();
        slope = product / squares;
        level = middle + slope * now;
        double all = n() * 0x1p-32;
        double next = 0;
        for (std::size_t i = 0; i < mean.size(); ++i) {
            all += residual(i) * residual(i);
            next += i + 1 < mean.size() ? residual(i) * residual(i + 1) : 0;
        }
        const double p = std::min(0.95, std::max(0.0, (n() * next / all + 2) / (n() - 4)));
        const double degrees = std::max(1.0, n() * (1 - p) / (1 + p) - 2);
        error = std::sqrt(all / degrees / squares);
        t = student(degrees);
    }

    // The 95 % point by integrating the density.
    static double student(double v) {
        const double scale =
            std::exp(std::lgamma((v + 1) / 2) - std::lgamma(v / 2)) / std::sqrt(v * 3.14159265358979323846);
        double area = 0.5;
        double t = 0;
        for (constexpr double step = 1e-4; area < 0.95; t += step) {
            area += step * scale * std::pow(1 + (t + step / 2) * (t + step / 2) / v, -(v + 1) / 2);
        }
        return t;
    }
};

// Scores around a line, smoothed by nature: each is like the one before (AR(1)).
class Wander {
  public:
    Wander(std::uint64_t seed, double like, double deviation)
        : random_(seed), like_(like), new_(deviation * std::sqrt(1 - like * like)), at_(deviation * random_.normal()) {}
    double next() {
        at_ = like_ * at_ + new_ * random_.normal();
        return at_;
    }

  private:
    Random random_;
    double like_, new_, at_;
};

struct Truth {
    double like, deviation, slope; // slope a frame
    double cycle = 0;              // frames of an operating cycle of one octave; 0: none
};

std::vector<std::int32_t> stream_of(const Truth &truth, std::uint64_t seed, std::size_t frames) {
    Wander wander(seed, truth.like, truth.deviation);
    std::vector<std::int32_t> out;
    for (std::size_t i = 0; i < frames; ++i) {
        const auto at = static_cast<double>(i);
        const double turn = truth.cycle > 0 ? 0.5 * std::sin(6.283185307179586 * at / truth.cycle) : 0;
        out.push_back(raw(truth.slope * at + wander.next() + turn));
    }
    return out;
}

Health health_after(const std::vector<std::int32_t> &stream, std::int32_t frames) {
    Health h = {};
    for (const std::int32_t v : stream) {
        count_health(h, frames, v);
    }
    return h;
}

tb_health read(const Health &h, std::int32_t threshold) {
    tb_health out;
    std::memset(&out, 0xA5, sizeof out);
    health_of(h, threshold, out);
    return out;
}

// Where the line less (sign -1) or more (1) its band meets the threshold, in frames from now; found by halving.
double meets(const Oracle &o, double threshold, double sign) {
    const auto left = [&](double x) { return threshold - o.middle - o.slope * x - sign * o.band(x); };
    double low = o.now;
    double high = o.now + 1e9;
    if (left(low) <= 0) {
        return 0;
    }
    if (left(high) > 0) {
        return -1; // never
    }
    for (int i = 0; i < 200; ++i) {
        const double middle = (low + high) / 2;
        (left(middle) > 0 ? low : high) = middle;
    }
    return (low - o.now) * o.length;
}

void check_time(std::uint32_t got, double expected) {
    if (expected < 0 || expected > 4e9) {
        CHECK(got > 4000000000u);
    } else {
        CHECK(static_cast<double>(got) == Approx(expected).epsilon(0.01).margin(2.0));
    }
}

} // namespace

TEST_CASE("health: level and slope are those of least squares, wherever the ring stands") {
    for (const std::int32_t frames : {32, 64, 100, 1024}) {
        const auto length = static_cast<std::size_t>(frames / 32);
        const std::vector<std::int32_t> stream = stream_of({0.9, 0.3, 1e-4}, 3, 75 * length);
        Health h = {};
        for (std::size_t i = 0; i < stream.size(); ++i) {
            const bool round = count_health(h, frames, stream[i]);
            CHECK(round == ((i + 1) % (32 * length) == 0));
            if (i + 1 < 8 * length || (length > 4 && i % 7 != 0)) {
                continue;
            }
            const Oracle o(std::vector<std::int32_t>(stream.begin(), stream.begin() + static_cast<long>(i) + 1),
                           length);
            const Trend trend = trend_of(h);
            CAPTURE(frames, i);
            CHECK(trend.frames == o.mean.size() * length);
            CHECK(std::fabs(octaves(trend.level) - o.level) < 2.0 / 65536);
            CHECK(std::fabs(trend.slope * 0x1p-32 - o.slope / o.length) < 1e-7 / o.length);
        }
    }
}

TEST_CASE("health: a slope of a millionth of an octave a frame is seen") {
    for (const double slope : {1e-6, -1e-6, 3e-8}) {
        std::vector<std::int32_t> stream;
        for (std::size_t i = 0; i < 40000; ++i) {
            stream.push_back(raw(1.0 + slope * static_cast<double>(i)));
        }
        const tb_health h = read(health_after(stream, 32768), 2 * octave);
        CAPTURE(slope, h.slope, h.slope_error);
        CHECK(slope_of(h) == Approx(slope).epsilon(0.01).margin(2e-10));
        CHECK(h.slope_error * 0x1p-32 < 1e-8);
        const double left = (1.0 - slope * 40000) / slope;
        CHECK((slope > 0 ? h.to_threshold == Approx(left).epsilon(0.02) : h.to_threshold == UINT32_MAX));
    }
}

TEST_CASE("health: long memories neither overflow nor lose the slope") {
    Health h = {};
    constexpr std::int32_t frames = (1 << 28) - 1;
    REQUIRE(health_ok(frames));
    count_health(h, frames, 0);
    const std::uint32_t length = h.length;
    CHECK(length == (1u << 23) - 1);
    for (std::int32_t b = 0; b < 40; ++b) { // as if block after block had been scored at a height of its own
        h.filled = length - 1;
        const std::int64_t height = std::int64_t{b} * octave - 20 * octave;
        h.sum = height * (length - 1);
        CHECK(count_health(h, frames, static_cast<std::int32_t>(height)) == (b == 31));
    }
    const tb_health out = read(h, 64 * octave);
    CHECK(out.frames == 32 * length);
    CHECK(slope_of(out) == Approx(1.0 / length).epsilon(0.01));
    CHECK(octaves(out.level) == Approx(19.5).margin(0.01));
    CHECK(out.to_threshold == Approx(44.5 * length).epsilon(0.02));
}

TEST_CASE("health: errors and times are those of a line's band of confidence") {
    int never = 0;
    int sure = 0;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        Random random(seed);
        const Truth truth = {random.uniform() * 0.98, 0.05 + random.uniform(), (random.uniform() - 0.3) * 2e-3};
        const auto frames = static_cast<std::size_t>(random.integer(8, 70)) * 16 + static_cast<std::size_t>(seed % 16);
        const std::vector<std::int32_t> stream = stream_of(truth, seed, frames);
        const Oracle o(stream, 16);
        const double threshold = o.level + (random.uniform() - 0.1) * 4;
        const tb_health h = read(health_after(stream, 512), raw(threshold));
        CAPTURE(seed, frames, threshold, o.level, o.slope, o.error, o.t);
        CHECK(h.slope_error * 0x1p-32 == Approx(o.error / 16).epsilon(1e-3).margin(1e-9));
        check_time(h.to_threshold,
                   threshold <= o.level ? 0 : (o.slope > 0 ? (threshold - o.level) / o.slope * 16 : -1));
        if (o.t < 5) { // the expansion of Student's distribution ends at one degree of freedom
            check_time(h.earliest, meets(o, threshold, 1));
            check_time(h.latest, o.slope > o.t * o.error ? meets(o, threshold, -1) : -1);
        }
        CHECK((h.earliest <= h.to_threshold && h.to_threshold <= h.latest));
        never += h.latest == UINT32_MAX ? 1 : 0;
        sure += h.latest != UINT32_MAX && h.earliest > 0 ? 1 : 0;
    }
    CHECK(never > 50);
    CHECK(sure > 50);
}

namespace {

struct Coverage {
    double slope = 0, time = 0; // shares of the streams whose truth lies within 1.645 errors, and within the two times
};

// Streams that start at 0 and meet the threshold `ahead` frames after what was seen.
Coverage coverage(const Truth &truth, std::size_t seen, std::uint32_t ahead) {
    constexpr int streams = 400;
    Coverage c;
    const double threshold = truth.slope * static_cast<double>(seen + ahead);
    for (std::uint64_t s = 0; s < streams; ++s) {
        const std::vector<std::int32_t> stream = stream_of(truth, 7919 * s + 11, seen);
        const tb_health h = read(health_after(stream, 512), raw(threshold));
        c.slope += std::fabs(slope_of(h) - truth.slope) <= h.slope_error * 0x1p-32 ? 1 : 0;
        c.time += h.earliest <= ahead && h.latest >= ahead ? 1 : 0;
    }
    c.slope /= streams;
    c.time /= streams;
    return c;
}

} // namespace

// Blocks have 16 frames: without a cycle their means are correlated by 0, 0.1, 0.35, 0.7 and 0.85. A cycle longer than a
// block looks like a trend that turns: the interval grows.
TEST_CASE("health: the two times hold the true one in nine of ten streams, however alike scores are") {
    const Truth truths[] = {{0.0, 0.5, 1e-3},  {0.7, 0.5, 1e-3},  {0.9, 0.5, 2e-3},     {0.9, 0.5, 2e-4},
                            {0.97, 0.5, 4e-3}, {0.99, 0.5, 4e-3}, {0.9, 0.2, 2e-3, 50}, {0.9, 0.2, 4e-3, 150}};
    for (const Truth &truth : truths) {
        for (const std::size_t seen : {std::size_t{200}, std::size_t{700}}) {
            for (const std::uint32_t ahead : {200u, 3000u}) {
                const Coverage c = coverage(truth, seen, ahead);
                CAPTURE(truth.like, truth.slope, truth.cycle, seen, ahead, c.slope, c.time);
                CHECK(c.time >= 0.88);                              // measured: 0.895 to 1
                CHECK(c.slope >= (truth.like > 0.98 ? 0.5 : 0.66)); // a standard deviation: two of three; 0.56 to 1
            }
        }
    }
}

TEST_CASE("health: what is not known is said so") {
    Health h = {};
    tb_health out = read(h, octave);
    CHECK((out.frames == 0 && out.level == 0 && out.slope == 0 && out.slope_error == INT32_MAX));
    CHECK((out.to_threshold == UINT32_MAX && out.earliest == UINT32_MAX && out.latest == UINT32_MAX));
    CHECK(out.index == TB_HEALTH_NONE);
    for (std::int32_t i = 0; i < 8 * 4 - 1; ++i) { // one frame less than eight blocks
        count_health(h, 128, i * 100);
    }
    out = read(h, octave);
    CHECK((out.frames == 28 && out.level != 0 && out.slope == 0 && out.slope_error == INT32_MAX));
    CHECK((out.to_threshold == UINT32_MAX && out.earliest == UINT32_MAX && out.latest == UINT32_MAX));
    count_health(h, 128, 3200);
    out = read(h, octave);
    CHECK((out.frames == 32 && out.slope > 0 && out.slope_error != INT32_MAX && out.to_threshold > 0));
    CHECK(out.latest != UINT32_MAX);
    out = read(h, TB_THRESHOLD_NONE);
    CHECK((out.slope > 0 && out.slope_error != INT32_MAX));
    CHECK((out.to_threshold == UINT32_MAX && out.earliest == UINT32_MAX && out.latest == UINT32_MAX));
    out = read(h, -octave); // there already
    CHECK((out.to_threshold == 0 && out.earliest == 0 && out.latest == 0));
    out = read(h, octave);
    for (const std::uint8_t byte : out.reserved) {
        CHECK(byte == 0);
    }
}

TEST_CASE("health: falling and standing scores never meet the threshold") {
    std::vector<std::int32_t> falling;
    std::vector<std::int32_t> still;
    for (std::int32_t i = 0; i < 256; ++i) {
        falling.push_back(-i * 500 + (i * 7919) % 200);
        still.push_back(octave / 4);
    }
    tb_health h = read(health_after(falling, 64), octave);
    CHECK((h.slope < 0 && h.to_threshold == UINT32_MAX && h.earliest == UINT32_MAX && h.latest == UINT32_MAX));
    h = read(health_after(still, 64), octave);
    CHECK((h.slope == 0 && h.to_threshold == UINT32_MAX && h.latest == UINT32_MAX && h.level == octave / 4));
}

TEST_CASE("health: another word begins anew, and a word that is none is refused") {
    Health h = health_after(std::vector<std::int32_t>(100, octave), 64);
    CHECK(trend_of(h).frames == 64);
    count_health(h, 96, octave);
    CHECK(trend_of(h).frames == 0);
    CHECK(h.filled == 1);
    CHECK((health_ok(0) && health_ok(32) && health_ok((1 << 28) - 1)));
    CHECK((!health_ok(31) && !health_ok(-1) && !health_ok(1 << 28)));
}

TEST_CASE("health: the index is 100 as when calibrated and 0 at the threshold") {
    CHECK(health_index(100) == 100);
    CHECK(health_index(75) == 50);
    CHECK(health_index(50) == 0);
    CHECK(health_index(0) == 0);
    CHECK(health_index(TB_SIMILARITY_NONE) == TB_HEALTH_NONE);
}

TEST_CASE("health: any bytes are safe, and give times in order") {
    Random random(5);
    for (int round = 0; round < 20000; ++round) {
        Health h;
        for (std::size_t i = 0; i < sizeof h / 4; ++i) {
            const std::uint32_t bits = static_cast<std::uint32_t>(random.bits());
            const std::uint32_t word = round % 3 == 0 ? bits : bits >> random.integer(0, 31);
            std::memcpy(reinterpret_cast<std::uint8_t *>(&h) + 4 * i, &word, 4);
        }
        const auto threshold = static_cast<std::int32_t>(random.bits());
        const tb_health out = read(h, threshold);
        CHECK((out.earliest <= out.latest && out.to_threshold <= out.latest));
        CHECK(out.slope_error >= 0);
        const auto frames = static_cast<std::int32_t>(h.length % (1u << 23)) * 32;
        for (int i = 0; i < 40 && frames >= 32; ++i) {
            count_health(h, frames, static_cast<std::int32_t>(random.bits()));
        }
        CHECK(trend_of(h).frames <= 32u * ((1u << 23) - 1));
    }
}
