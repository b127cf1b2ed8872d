// The decision stage against plain models of what its header says: smoothing, k of n, hysteresis, hold, gaps, similarity.
#include "fixtures.hpp"
#include "monitor/decision.hpp"

#include <deque>

using namespace fixtures;
using namespace twinbit;

namespace {

DecisionWords words() { return {INT32_MAX, 0, 1, 10, 21474836, 0, 1, 1, 0, 0, 0}; }

Decision fresh(std::int32_t threshold = 0) {
    Decision d = {};
    d.threshold = threshold;
    d.calibrated = 1;
    return d;
}

// k of the last n over: on. Fewer, below threshold - hysteresis, and hold over: off.
struct Model {
    DecisionWords w;
    std::int32_t threshold;
    std::deque<bool> last = {};
    std::int64_t hold = 0;
    bool alarm = false;

    bool step(std::int32_t smoothed, std::uint32_t dt) {
        const bool over = smoothed > threshold;
        last.push_back(over);
        if (last.size() > static_cast<std::size_t>(w.n)) {
            last.pop_front();
        }
        hold = std::max<std::int64_t>(hold - dt, 0);
        if (std::count(last.begin(), last.end(), true) >= w.k) {
            alarm = true;
            hold = over ? w.hold_ms : hold;
        } else if (hold == 0 && smoothed <= threshold - w.hysteresis) {
            alarm = false;
        }
        return alarm;
    }
};

} // namespace

TEST_CASE("decision: smoothing is s += alpha (x - s), rounded half up in steps of 2^-24 octave") {
    Random random(1);
    for (const std::int32_t alpha : {1, 12345, 644245094, 1 << 30, INT32_MAX - 1}) {
        DecisionWords w = words();
        w.alpha = alpha;
        Decision d = fresh();
        __int128 state = 0;
        for (int t = 0; t < 2000; ++t) {
            const std::int32_t score = random.integer(-64 * 65536, 64 * 65536);
            const __int128 x = __int128{score} * 256;
            state = t == 0 ? x : state + (((x - state) * alpha + (__int128{1} << 30)) >> 31);
            const std::int32_t smoothed = smooth(d, w, score, 0);
            REQUIRE(__int128{d.smoothed} == state);
            REQUIRE(__int128{smoothed} == ((state + 128) >> 8));
        }
    }
}

TEST_CASE("decision: the largest alpha means no smoothing") {
    DecisionWords w = words();
    Decision d = fresh();
    for (const std::int32_t score : {5, -70000, 1234567, -64 * 65536, 64 * 65536}) {
        CHECK(smooth(d, w, score, 0) == score);
    }
}

TEST_CASE("decision: a gap longer than gap_ms begins smoothing and k of n anew") {
    DecisionWords w = words();
    w.alpha = 1 << 29;
    w.gap_ms = 1000;
    w.n = 4;
    Decision d = fresh();
    std::uint8_t alarm = 0;
    CHECK(smooth(d, w, 4000, 0) == 4000);
    decide(d, w, 4000, 0, alarm);
    CHECK(smooth(d, w, 0, 1000) == 3000);
    CHECK(d.history == 1);
    CHECK(smooth(d, w, 800, 1001) == 800);
    CHECK(d.history == 0);
    w.gap_ms = 0; // never
    CHECK(smooth(d, w, 0, UINT32_MAX) == 600);
}

TEST_CASE("decision: k of n, hysteresis and hold as the plain model says") {
    Random random(2);
    for (int run = 0; run < 200; ++run) {
        DecisionWords w = words();
        w.n = random.integer(1, run % 5 == 0 ? 32 : 6);
        w.k = random.integer(1, w.n);
        w.hysteresis = run % 2 == 0 ? 0 : random.integer(0, 300);
        w.hold_ms = run % 3 == 0 ? 0 : random.integer(0, 500);
        const std::int32_t threshold = random.integer(-100, 100);
        Decision d = fresh(threshold);
        Model model = {w, threshold};
        std::uint8_t alarm = 0;
        int changes = 0;
        for (int t = 0; t < 400; ++t) {
            const std::int32_t level = (t / 40) % 2 == 0 ? 0 : 150;
            const std::int32_t smoothed = threshold + level + random.integer(-400, 100);
            const auto dt = static_cast<std::uint32_t>(random.integer(0, 60));
            const bool before = alarm != 0;
            const std::uint16_t flags = decide(d, w, smoothed, dt, alarm);
            REQUIRE((alarm != 0) == model.step(smoothed, dt));
            REQUIRE(((flags & TB_FLAG_ALARM) != 0) == (alarm != 0));
            REQUIRE(((flags & TB_FLAG_OVER) != 0) == (smoothed > threshold));
            changes += before != (alarm != 0) ? 1 : 0;
        }
        CHECK((changes > 0 || w.k > 2));
    }
}

TEST_CASE("decision: exactly at the threshold is not over it; hysteresis holds until below") {
    DecisionWords w = words();
    w.hysteresis = 100;
    Decision d = fresh(1000);
    std::uint8_t alarm = 0;
    CHECK(decide(d, w, 1000, 0, alarm) == 0);
    CHECK(decide(d, w, 1001, 0, alarm) == (TB_FLAG_OVER | TB_FLAG_ALARM));
    CHECK(decide(d, w, 901, 0, alarm) == TB_FLAG_ALARM);
    CHECK(decide(d, w, 900, 0, alarm) == 0);
}

TEST_CASE("decision: similarity is 100 when typical, 50 at the threshold, 0 twice as far") {
    Decision d = fresh(10000);
    d.typical = 2000;
    CHECK(similarity(d, INT32_MIN / 2) == 100);
    CHECK(similarity(d, 2000) == 100);
    CHECK(similarity(d, 6000) == 75);
    CHECK(similarity(d, 10000) == 50);
    CHECK(similarity(d, 14000) == 25);
    CHECK(similarity(d, 18000) == 0);
    CHECK(similarity(d, 64 * 65536) == 0);
    int last = 100;
    for (std::int32_t s = 0; s < 20000; s += 7) {
        CHECK(similarity(d, s) <= last);
        last = similarity(d, s);
    }
    d.calibrated = 0;
    CHECK(similarity(d, 0) == TB_SIMILARITY_NONE);
    d.calibrated = 1;
    d.threshold = d.typical;
    CHECK(similarity(d, d.typical) == 100);
    CHECK(similarity(d, d.typical + 1) == 0);
}

TEST_CASE("decision: the margin is added to the threshold, calibration is forgotten on request") {
    DecisionWords w = words();
    Decision d = {};
    CHECK(shown_threshold(d) == TB_THRESHOLD_NONE);
    for (int i = 0; i < 100; ++i) {
        count_score(d.histogram, i * 1000);
    }
    set_threshold(d, w);
    const std::int32_t bare = d.threshold;
    w.margin = 98304;
    set_threshold(d, w);
    CHECK(d.threshold == bare + 98304);
    d.smoothed = 77;
    d.started = 1;
    d.history = 3;
    d.hold_ms = 9;
    clear_calibration(d);
    CHECK(shown_threshold(d) == TB_THRESHOLD_NONE);
    CHECK(total(d.histogram) == 0);
    CHECK((d.history == 0 && d.hold_ms == 0));
    CHECK((d.smoothed == 77 && d.started == 1));
    set_threshold(d, w); // of an empty histogram: none
    CHECK(shown_threshold(d) == TB_THRESHOLD_NONE);
}
