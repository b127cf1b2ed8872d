// The trend and the events of a monitor through the C interface: a fault that grows, restarts, other decisions.
#include "loop_machine.hpp"
#include "stream.hpp"

#include <cmath>
#include <deque>

using namespace fixtures;

namespace {

LoopSpec watching(std::uint8_t arithmetic = TB_Q15) {
    LoopSpec s;
    s.kind = Loop::tell;
    s.model.arithmetic = arithmetic;
    s.model.clusters = 1;
    s.health = 320;
    s.events = 16;
    return s;
}

void monitor(LoopMachine &m, Random &random) {
    while (m.state() < TB_MONITORING) {
        m.step(random.frame(m.spec.model.channels));
    }
}

// Normal with a fault of that many counts in one channel.
Frame faulty(Random &random, std::uint32_t channels, double size) {
    Frame x = random.frame(channels);
    x[0] += static_cast<std::int32_t>(size);
    return x;
}

tb_health trend(const tb_monitor &m) {
    tb_health h;
    std::memset(&h, 0xA5, sizeof h);
    REQUIRE(tb_trend(&m, &h) == TB_OK);
    return h;
}

std::vector<tb_event> events(const tb_monitor &m, std::uint32_t &lost) {
    std::vector<tb_event> all(300);
    std::uint32_t count = 0;
    REQUIRE(tb_events(&m, all.data(), 300, &count, &lost) == TB_OK);
    all.resize(count);
    return all;
}

} // namespace

TEST_CASE("trend: a fault that grows is seen coming, and the index falls from 100 to 0") {
    for (const std::uint8_t arithmetic : {std::uint8_t{TB_F32}, std::uint8_t{TB_Q15}, std::uint8_t{TB_Q31}}) {
        LoopMachine m(watching(arithmetic));
        Random random(2);
        monitor(m, random);
        CHECK(trend(m.m).index == TB_HEALTH_NONE);
        for (int t = 0; t < 640; ++t) {
            m.step(random.frame(3));
        }
        const tb_health well = trend(m.m);
        CHECK(well.frames == 320);
        CHECK(well.index >= 80);
        CHECK(std::abs(well.slope) <= 3 * std::int64_t{well.slope_error});
        std::deque<double> smoothed;
        tb_health h = well;
        int meets = -1;
        for (int t = 0; t < 6000 && meets < 0; ++t) {
            const tb_result r = m.step(faulty(random, 3, 2.0 * t));
            smoothed.push_back(octaves(r.smoothed));
            h = trend(m.m);
            if (t == 1200) {
                double mean = 0;
                for (int i = 0; i < 320; ++i) {
                    mean += smoothed[smoothed.size() - 1 - static_cast<std::size_t>(i)] / 320;
                }
                CAPTURE(arithmetic, h.level, h.slope, h.slope_error, h.to_threshold, h.earliest, h.latest, h.index);
                CHECK(octaves(h.level) - h.slope * 0x1p-32 * 160 == Approx(mean).margin(0.05));
                CHECK(h.slope > 2 * h.slope_error);
                CHECK((h.earliest <= h.to_threshold && h.to_threshold <= h.latest));
                CHECK((h.index > 0 && h.index < 100));
            }
            meets = h.level >= r.threshold && h.frames == 320 ? t : -1;
        }
        CHECK(meets > 0);
        CHECK((h.index == 0 && h.to_threshold == 0 && h.earliest == 0));
    }
}

TEST_CASE("trend: a record of it is kept once in its frames, among what else happened") {
    LoopMachine m(watching());
    Random random(5);
    monitor(m, random);
    std::uint32_t lost = 0;
    const std::size_t before = events(m.m, lost).size();
    for (int t = 0; t < 5 * 320; ++t) {
        m.step(faulty(random, 3, t));
    }
    CHECK(lost == 0);
    std::vector<tb_event> all = events(m.m, lost);
    std::uint32_t last = 0;
    int records = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        CHECK((i == 0 || all[i].frame >= all[i - 1].frame));
        if (all[i].kind == TB_EVENT_HEALTH) {
            CHECK((records == 0 || all[i].frame - last == 320));
            last = all[i].frame;
            ++records;
        }
    }
    CHECK(records + static_cast<int>(lost) >= 5);
    CHECK(all.size() + lost >= before + 5);
    const tb_health now = trend(m.m); // the fifth round ended with this frame
    for (std::size_t i = all.size(); i-- > 0;) {
        if (all[i].kind == TB_EVENT_HEALTH) {
            CHECK((all[i].smoothed == now.level && all[i].threshold == now.slope));
            break;
        }
    }
    tb_event newest = {};
    std::uint32_t count = 0;
    REQUIRE(tb_events(&m.m, &newest, 1, &count, nullptr) == TB_OK);
    CHECK(count == 1);
    CHECK(std::memcmp(&newest, &all.back(), sizeof newest) == 0);
}

TEST_CASE("trend: a restart at any step changes nothing") {
    for (const std::uint8_t arithmetic : {std::uint8_t{TB_F32}, std::uint8_t{TB_Q15}}) {
        LoopSpec spec = watching(arithmetic);
        spec.health = 32;
        LoopMachine steady(spec);
        Random random(8);
        Random same(8);
        monitor(steady, random);
        LoopMachine other(spec);
        monitor(other, same);
        for (int t = 0; t < 150; ++t) {
            const Frame x = faulty(random, 3, 20.0 * t);
            steady.step(x);
            const Bytes saved = other.save();
            LoopMachine fresh(spec);
            REQUIRE(tb_load(&fresh.m, saved.data(), static_cast<std::uint32_t>(saved.size()), TB_LOAD_SEALED) == TB_OK);
            fresh.step(x);
            const Bytes next = fresh.save();
            REQUIRE(tb_load(&other.m, next.data(), static_cast<std::uint32_t>(next.size()), TB_LOAD_SEALED) == TB_OK);
            const tb_health a = trend(steady.m);
            const tb_health b = trend(other.m);
            CHECK(std::memcmp(&a, &b, sizeof a) == 0);
            std::uint32_t lost[2];
            const std::vector<tb_event> mine = events(steady.m, lost[0]);
            const std::vector<tb_event> theirs = events(other.m, lost[1]);
            REQUIRE(mine.size() == theirs.size());
            CHECK(lost[0] == lost[1]);
            CHECK(std::memcmp(mine.data(), theirs.data(), mine.size() * sizeof(tb_event)) == 0);
        }
    }
}

TEST_CASE("trend: a fixed threshold has an index too") {
    Stream s(TB_Q15, {{1, input_words(2)},
                      {16, {1, 256, 0}},
                      {33, {1 << 30, 0, 20, 20, 4 * TB_SCORE_ONE, 10, 1000, 100}},
                      {80, {4, 0, 0, 0, 100, 1 << 30, 65536, 50, 0, 0, 100, 64}}});
    REQUIRE(s.status == TB_OK);
    Random random(4);
    for (int t = 0; t < 104; ++t) {
        s.step(random.frame(2));
    }
    const tb_health well = trend(s.m);
    CHECK((well.frames == 64 && well.index >= 90));
    for (int t = 0; t < 64; ++t) {
        s.step(random.frame(2, 9000 + 300 * t));
    }
    const tb_health ill = trend(s.m);
    CHECK(ill.index < well.index);
    CHECK((ill.slope > 0 && ill.to_threshold != UINT32_MAX));
}

TEST_CASE("trend: not without a policy, its word, or memory for the answer") {
    Machine plain({});
    tb_health h = {};
    tb_event e = {};
    std::uint32_t count = 0;
    CHECK(tb_trend(&plain.m, &h) == TB_ERR_UNSUPPORTED);
    CHECK(tb_events(&plain.m, &e, 1, &count, nullptr) == TB_ERR_UNSUPPORTED);
    LoopSpec spec = watching();
    spec.health = 0;
    LoopMachine m(spec);
    CHECK(tb_trend(&m.m, &h) == TB_ERR_UNSUPPORTED);
    CHECK(tb_trend(nullptr, &h) == TB_ERR_ARGUMENT);
    CHECK(tb_trend(&m.m, nullptr) == TB_ERR_ARGUMENT);
    CHECK(tb_events(&m.m, nullptr, 0, &count, nullptr) == TB_OK);
    CHECK(tb_events(&m.m, nullptr, 1, &count, nullptr) == TB_ERR_ARGUMENT);
    CHECK(tb_events(&m.m, &e, 1, nullptr, nullptr) == TB_ERR_ARGUMENT);
    CHECK(tb_events(nullptr, &e, 1, &count, nullptr) == TB_ERR_ARGUMENT);
}
