// Steady: alarms that begin, last and come again as its words say, in a monitor of one measurement; images go on.
#include "stream.hpp"
#include "univariate_reference.hpp"

using namespace fixtures;

namespace {

constexpr std::int32_t octave = TB_SCORE_ONE;

struct Words33 {
    std::int32_t alpha = INT32_MAX, scaling = 0, learning = 1, calibrating = 99;
    std::int32_t threshold = 8 * octave, hold = 20, raise = 0, decay = 200;
    Words words() const { return {alpha, scaling, learning, calibrating, threshold, hold, raise, decay}; }
};

std::vector<Part> parts(const Words33 &w) {
    Words univariate = Univariate::words();
    return {{4, input_words(1)}, {28, univariate}, {33, w.words()}};
}

struct Watch : Stream {
    explicit Watch(std::uint8_t arithmetic, const Words33 &w = {}) : Stream(arithmetic, parts(w)), words(w) {
        REQUIRE(status == TB_OK);
    }
    tb_result see(double x) {
        const auto v = static_cast<std::int32_t>(x);
        const tb_context context = {0, static_cast<std::uint32_t>(phase_of(t++) * 0x1p32)};
        tb_result r = {};
        REQUIRE(tb_step_i32(&m, &v, 1, &context, &r) == TB_OK);
        return r;
    }
    Words33 words;
    int t = 0;
};

bool alarm(const tb_result &r) { return (r.flags & TB_FLAG_ALARM) != 0; }
bool over(const tb_result &r) { return (r.flags & TB_FLAG_OVER) != 0; }

} // namespace

TEST_CASE("steady: states last as long as words say; nothing alarms before") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Watch m(arithmetic);
        Random random(1);
        for (int t = 0; t < 100; ++t) {
            const tb_result r = m.see(t % 10 == 9 ? 900000 + 1000 * t : measured(random, t));
            CHECK(r.state == (t < 99 ? TB_CALIBRATING : TB_MONITORING));
            CHECK_FALSE(alarm(r));
            CHECK(r.threshold == 8 * octave);
        }
    }
}

TEST_CASE("steady: an alarm begins over the threshold, lasts hold - 1 frames, and none follows within hold") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Watch m(arithmetic);
        Random random(2);
        int last = -1000;
        int alarms = 0;
        bool before = false;
        for (int t = 0; t < 3000; ++t) {
            const tb_result r = m.see(measured(random, t));
            const bool on = alarm(r);
            CHECK(r.smoothed == r.score);
            CHECK(over(r) == (m.t > 100 && r.score > 8 * octave));
            if (on && !before) {
                CHECK(over(r));
                CHECK(t - last >= 20);
                last = t;
                ++alarms;
            }
            CHECK(on == (t - last < 19));
            if (over(r)) {
                CHECK(t - last < 20); // whoever is over either begins one or is in one's hold
            }
            before = on;
        }
        CHECK(alarms >= 3);
        CHECK(alarms < 20);
    }
}

TEST_CASE("steady: each alarm raises the threshold, which comes down again") {
    Words33 w;
    w.threshold = 12 * octave;
    w.hold = 150;
    w.raise = octave;
    w.decay = 100;
    Watch m(TB_Q15, w);
    Random random(3);
    for (int t = 0; t < 1000; ++t) {
        m.see(300000 + 3000 * random.normal());
    }
    const std::int32_t calm = m.see(300000).threshold;
    const tb_result first = m.see(700000);
    REQUIRE(alarm(first));
    CHECK(first.threshold - calm == octave);
    CHECK(first.similarity < 50);
    tb_result r = first;
    for (int t = 0; t < 100; ++t) {
        r = m.see(300000 + 3000 * random.normal());
    }
    CHECK(std::fabs(octaves(r.threshold - calm) - std::exp(-1.0)) < 0.02);
    CHECK(r.similarity > 50);
}

TEST_CASE("steady: images go on elsewhere, and policy words may change under them") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Words33 w;
        w.alpha = 1 << 30;
        w.raise = octave / 2;
        Watch m(arithmetic, w);
        Watch twin(arithmetic, w);
        Random random(4);
        for (int t = 0; t < 1500; ++t) {
            m.see(measured(random, t));
        }
        REQUIRE(twin.load(m.saved()) == TB_OK);
        twin.t = m.t;
        for (int t = 1500; t < 2200; ++t) {
            const double x = measured(random, t);
            const tb_result a = m.see(x);
            const tb_result b = twin.see(x);
            CHECK(std::memcmp(&a, &b, sizeof a) == 0);
        }
        CHECK(m.saved() == twin.saved());
        CHECK(tb_recalibrate(&m.m) == TB_OK);
        CHECK(tb_state(&m.m) == TB_CALIBRATING);
        CHECK(m.see(300000).threshold == 8 * octave); // nothing raised
    }
}

TEST_CASE("steady: images load in every state, and while an alarm lasts") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Words33 w;
        w.learning = 30;
        w.raise = octave;
        Watch m(arithmetic, w);
        Random random(5);
        for (int t = 0; t < 180; ++t) {
            const tb_result r = m.see(t < 150 ? measured(random, t) : 900000);
            CHECK(r.state == (t < 29 ? TB_LEARNING : (t < 128 ? TB_CALIBRATING : TB_MONITORING)));
            if (t % 10 == 5) {
                Watch twin(arithmetic, w);
                CHECK(twin.load(m.saved()) == TB_OK);
                CHECK(twin.saved() == m.saved());
            }
        }
        CHECK(m.m.image[m.m.block[TB_PART_DECISION] + 8] > 0); // the hold of an alarm
    }
}

TEST_CASE("steady: the self-tests of univariate, seasonal and boxes pass behind it") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const Part steady = {33, Words33().words()};
        const Stream univariate(arithmetic, parts({}));
        const Stream seasonal(arithmetic, {{4, input_words(2)}, {27, {12, 300, 20, 900, 49152, 12}}, steady});
        const Stream boxes(arithmetic, {{3, input_words(2)}, {23, {16, 9830, 6, 2}}, {36, {0}}, steady});
        for (const Stream *m : {&univariate, &seasonal, &boxes}) {
            REQUIRE(m->status == TB_OK);
            CHECK(tb_selftest(m->m.recipe) == TB_OK);
        }
    }
}

TEST_CASE("steady: words out of range are refused") {
    const tb_stage &stage = *tb_stage_by_id(33, TB_Q15);
    twinbit::Shape shape = {};
    const Words good = Words33().words();
    REQUIRE(stage.shape({good.data(), 8, 1}, shape));
    for (std::size_t i = 0; i < good.size(); ++i) {
        Words w = good;
        w[i] = -1;
        CHECK_FALSE(stage.shape({w.data(), 8, 1}, shape));
    }
    CHECK_FALSE(stage.shape({good.data(), 7, 1}, shape));
}
