// Tails: probabilities as counted, for any distribution; forgetting; a tail behind a detector in a whole monitor.
#include "stream.hpp"

#include "detectors/tail_counts.hpp"

#include <cmath>

using namespace fixtures;

namespace {

std::int32_t raw(double octaves) { return static_cast<std::int32_t>(std::lround(octaves * 65536)); }

} // namespace

TEST_CASE("tail: rarity is the logarithm of the share at or above a bin") {
    std::uint16_t counts[96] = {};
    twinbit::TailCounts tail(counts);
    CHECK(tail.rarity(raw(5)) == 0); // nothing known
    for (int i = 0; i < 7; ++i) {
        tail.count(raw(-3.1), 0);
    }
    CHECK(tail.rarity(raw(-3.2)) == 0); // the same quarter octave
    CHECK(tail.rarity(raw(-2.9)) == raw(3));
    CHECK(tail.rarity(raw(60)) == raw(3));
    CHECK(tail.rarity(raw(-60)) == 0);
    tail.count(raw(60), 0);
    tail.count(raw(-60), 0);
    CHECK(counts[0] == 1);
    CHECK(counts[95] == 1);
    CHECK(std::abs(tail.rarity(raw(0)) - raw(std::log2(10.0 / 2))) <= 1);
}

TEST_CASE("tail: of n scores before it, one in 2^r is rarer than r octaves") {
    std::uint16_t counts[96] = {};
    twinbit::TailCounts tail(counts);
    Random random(8);
    int rare = 0;
    for (int t = 0; t < 40000; ++t) {
        const auto score = raw(2 * random.normal() + random.uniform());
        rare += t >= 2000 && tail.rarity(score) >= raw(6) ? 1 : 0;
        tail.count(score, 0);
    }
    // a share of 1/64, but for the width of a bin
    CHECK(rare < 38000.0 / 64 * 1.2);
    CHECK(rare > 38000.0 / 64 * 0.5);
}

TEST_CASE("tail: counts are halved at `forget`, or where a bin is full") {
    std::uint16_t counts[96] = {};
    twinbit::TailCounts tail(counts);
    for (int i = 0; i < 100; ++i) {
        tail.count(raw(i % 2), 100);
    }
    CHECK(counts[48] == 25);
    CHECK(counts[52] == 25);
    for (int i = 0; i < 65535 - 25; ++i) {
        tail.count(0, 0);
    }
    CHECK(counts[48] == 32767);
    CHECK(counts[52] == 12);
}

TEST_CASE("tail: a monitor with one shows rarity, and goes on from its image") {
    for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
        const std::vector<Part> parts = {{1, input_words(2)}, scaler(), clusters(), {36, {0}}, decision(50, 100, 300)};
        Stream m(static_cast<std::uint8_t>(arithmetic), parts);
        Stream twin(static_cast<std::uint8_t>(arithmetic), parts);
        REQUIRE(m.status == TB_OK);
        Random random(9);
        for (int t = 0; t < 700; ++t) {
            const tb_result r = m.step(random.mode_frame(2, 2));
            CHECK(r.score >= 0);
            CHECK(r.score < raw(10));
        }
        REQUIRE(twin.load(m.saved()) == TB_OK);
        for (int t = 0; t < 100; ++t) {
            const Frame x = t % 30 == 7 ? Frame{30000, -30000} : random.mode_frame(2, 2);
            std::int32_t score = 0;
            REQUIRE(m.score(x, score) == TB_OK);
            const tb_result r = m.step(x);
            CHECK(r.score == score);
            CHECK(twin.step(x).score == score);
        }
        CHECK(m.saved() == twin.saved());
    }
}
