// Health: the line through the smoothed scores against least squares in double, and what it says where it can't know.
#include "health_streams.hpp"

using namespace fixtures;
using namespace fixtures::health;
using namespace twinbit;

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
