// The monitor as a whole: states, counters, flags, what scoring may touch, what restoring keeps.
#include "fixtures.hpp"

#include <memory>

using namespace fixtures;

TEST_CASE("monitor: states follow the recipe's numbers of frames, and each change shows in its frame") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        Random random(1);
        const int scored = spec.scaling + spec.learning + frames_to_prepare(spec);
        const int ends[] = {spec.scaling, spec.scaling + spec.learning, scored + spec.calibrating};
        for (int t = 1; t <= ends[2] + 50; ++t) {
            const tb_result r = m.step(random.mode_frame(3, 2));
            const int state = t >= ends[2]
                                  ? TB_MONITORING
                                  : (t >= ends[1] ? TB_CALIBRATING : (t >= ends[0] ? TB_LEARNING : TB_SCALING));
            const bool changed = t == ends[0] || t == ends[1] || t == ends[2];
            CAPTURE(name(spec), t);
            REQUIRE(r.frame == static_cast<std::uint32_t>(t - 1));
            REQUIRE(r.state == state);
            REQUIRE(tb_state(&m.m) == state);
            REQUIRE(((r.flags & TB_FLAG_NEW_STATE) != 0) == changed);
            REQUIRE(((r.flags & TB_FLAG_SCORED) != 0) == (t > scored));
            REQUIRE((r.threshold == TB_THRESHOLD_NONE) == (t < ends[2]));
            REQUIRE((r.similarity == TB_SIMILARITY_NONE) == (t < ends[2]));
            REQUIRE(r.reserved == 0);
            REQUIRE((t > scored || r.score == 0));
        }
        CHECK(get<std::uint32_t>(m.bytes(), 36) == static_cast<std::uint32_t>(ends[2] + 50));
        CHECK(get<std::uint32_t>(m.bytes(), 40) == 50);
        CHECK(get<std::uint32_t>(m.bytes(), 28) == 2 * static_cast<std::uint32_t>(ends[2] + 50));
    }
}

TEST_CASE("monitor: without a scaler it begins by learning") {
    for (const Spec &spec : all_of(without_scaler({}))) {
        Machine m(spec);
        CHECK(tb_state(&m.m) == TB_LEARNING);
        Random random(2);
        for (int t = 0; t < spec.learning; ++t) {
            m.step(random.mode_frame(3, 2));
        }
        CHECK(tb_state(&m.m) == TB_CALIBRATING);
    }
}

TEST_CASE("monitor: what is far from normal alarms, what is normal does not, in every arithmetic") {
    for (const Spec &base : all_of()) {
        Spec spec = base;
        spec.margin = 65536;
        Machine m(spec);
        Random random(3);
        run_to(m, TB_MONITORING, random);
        int alarms = 0;
        for (int t = 0; t < 300; ++t) {
            alarms += (m.step(random.mode_frame(3, 2)).flags & TB_FLAG_ALARM) != 0 ? 1 : 0;
        }
        CHECK(alarms < 5);
        const tb_result r = m.step({0, 30000, -30000});
        m.step({0, 30000, -30000});
        m.step({0, 30000, -30000});
        const tb_result again = m.step({0, 30000, -30000});
        CAPTURE(name(spec), octaves(r.score), octaves(r.smoothed), octaves(r.threshold));
        CHECK((again.flags & TB_FLAG_ALARM) != 0);
        CHECK(again.similarity < 50);
        CHECK(r.score > r.smoothed); // the smoothed score follows
    }
}

TEST_CASE("monitor: scoring and explaining leave the image alone, byte for byte, in every state") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        Random random(4);
        for (int t = 0; t < 250; ++t) {
            const Frame x = random.mode_frame(3, 2);
            const Bytes before = m.bytes();
            std::int32_t score = -12345;
            std::int32_t shares[3] = {-1, -2, -3};
            const tb_status scored = tb_score_i32(&m.m, x.data(), 3, nullptr, &score);
            const tb_status explained = tb_explain_i32(&m.m, x.data(), 3, nullptr, shares, 3);
            REQUIRE(m.bytes() == before);
            const int ready = spec.scaling + frames_to_ready(spec);
            REQUIRE(scored == (t < ready ? TB_ERR_STATE : TB_OK));
            REQUIRE(explained == scored);
            REQUIRE((scored == TB_OK || (score == -12345 && shares[1] == -2)));
            const tb_result r = m.step(x);
            REQUIRE(((r.flags & TB_FLAG_SCORED) == 0 || r.score == score)); // what tb_step says is what tb_score said
        }
    }
}

TEST_CASE("monitor: saved and restored at any frame, it goes on with the same bytes") {
    for (const Spec &base : all_of()) {
        Spec spec = base;
        spec.missing = 1;
        spec.n = 4;
        spec.k = 2;
        spec.hold_ms = 100;
        Machine m(spec);
        auto other = std::make_unique<Machine>(spec);
        Random random(5);
        for (int t = 0; t < 260; ++t) {
            Frame x = random.mode_frame(3, t > 200 ? 8 : 2);
            if (t % 13 == 5) {
                x[1] = TB_MISSING_I32;
            }
            const tb_context context = {static_cast<std::uint32_t>(random.integer(0, 50)), 0};
            const tb_result a = m.step(x, context);
            const tb_result b = other->step(x, context);
            CAPTURE(name(spec), t);
            REQUIRE(std::memcmp(&a, &b, sizeof a) == 0);
            REQUIRE(m.bytes() == other->bytes());
            auto next = std::make_unique<Machine>(spec); // restored after every single frame
            REQUIRE(next->load(other->saved()) == TB_OK);
            Bytes unsealed = m.bytes();
            REQUIRE(m.saved() == next->bytes());
            std::memcpy(m.m.image, unsealed.data(), unsealed.size()); // as if it had never been sealed
            other = std::move(next);
            if (t % 2 == 0) {
                std::memcpy(other->m.image, unsealed.data(), unsealed.size()); // a plain copy to another place
            } else {
                std::memcpy(m.m.image, other->m.image, unsealed.size());
            }
        }
    }
}

TEST_CASE("monitor: the frame counter wraps, the counter of a state stops, an update counter stays even") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        Random random(9);
        run_to(m, TB_MONITORING, random);
        Bytes image = m.bytes();
        put<std::uint32_t>(image, 28, UINT32_MAX - 1); // updates
        put<std::uint32_t>(image, 36, UINT32_MAX);     // frames
        put<std::uint32_t>(image, 40, UINT32_MAX);     // in_state
        REQUIRE(m.load(image, TB_LOAD_RAW) == TB_OK);
        CHECK(m.step({1, 2, 3}).frame == UINT32_MAX);
        CHECK(m.step({1, 2, 3}).frame == 0);
        CHECK(get<std::uint32_t>(m.bytes(), 40) == UINT32_MAX);
        CHECK(get<std::uint32_t>(m.bytes(), 28) == 2);
        CHECK(tb_state(&m.m) == TB_MONITORING);
    }
}

TEST_CASE("monitor: hold keeps an alarm on by the time that frames carry, a gap begins anew") {
    Spec spec;
    spec.margin = 65536;
    spec.alpha = INT32_MAX;
    spec.hold_ms = 1000;
    spec.gap_ms = 5000;
    spec.n = 3;
    spec.k = 2;
    Machine m(spec);
    Random random(10);
    run_to(m, TB_MONITORING, random);
    const Frame far = {0, 30000, -30000};
    const auto alarm = [&](const Frame &x, std::uint32_t dt) {
        return (m.step(x, {dt, 0}).flags & TB_FLAG_ALARM) != 0;
    };
    CHECK_FALSE(alarm(far, 10));
    CHECK(alarm(far, 10)); // 2 of 3
    const Frame usual = random.mode_frame(3, 2);
    CHECK(alarm(usual, 400)); // still 2 of the last 3
    CHECK(alarm(usual, 400)); // 1 of 3, but held for 1000 ms
    CHECK_FALSE(alarm(usual, 400));
    CHECK_FALSE(alarm(far, 10));
    CHECK_FALSE(alarm(far, 5001)); // the frame before the gap does not count
    CHECK(alarm(far, 10));
}

TEST_CASE("monitor: one scratch serves two monitors in turn, and scratch holds nothing between calls") {
    for (const Spec &spec : all_of()) {
        Machine a(spec), b(spec);
        Random random(6);
        for (int t = 0; t < 200; ++t) {
            const Frame x = random.mode_frame(3, 2);
            std::fill(a.scratch.begin(), a.scratch.end(), random.bits());
            const tb_result ra = a.step(x);
            const tb_result rb = b.step(x);
            REQUIRE(std::memcmp(&ra, &rb, sizeof ra) == 0);
        }
        CHECK(a.bytes() == b.bytes());
    }
}

TEST_CASE("monitor: learning on request changes the detector only, in any state but scaling") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        const Frame x = {100, 200, 300};
        const Bytes fresh = m.bytes();
        CHECK(tb_learn_i32(&m.m, x.data(), 3, nullptr) == TB_ERR_STATE);
        CHECK(m.bytes() == fresh);
        Random random(7);
        run_to(m, TB_MONITORING, random);
        const Bytes before = m.bytes();
        m.learn(x);
        const Bytes after = m.bytes();
        CHECK(get<std::uint32_t>(after, 28) == get<std::uint32_t>(before, 28) + 2);
        CHECK(Bytes(after.begin() + 36, after.begin() + m.m.block[2]) ==
              Bytes(before.begin() + 36, before.begin() + m.m.block[2]));
        CHECK(Bytes(after.begin() + m.m.block[3], after.end()) == Bytes(before.begin() + m.m.block[3], before.end()));
        CHECK(after != before);
    }
}

TEST_CASE("monitor: recalibration forgets the threshold and keeps the model") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        const Bytes fresh = m.bytes();
        CHECK(tb_recalibrate(&m.m) == TB_ERR_STATE);
        CHECK(m.bytes() == fresh);
        Random random(8);
        run_to(m, TB_MONITORING, random);
        m.step({32000, -32000, 32000});
        const Bytes detector = m.detector();
        REQUIRE(tb_recalibrate(&m.m) == TB_OK);
        CHECK(tb_state(&m.m) == TB_CALIBRATING);
        CHECK(m.detector() == detector);
        CHECK(m.bytes()[45] == 0);
        for (int t = 1; t <= spec.calibrating; ++t) {
            const tb_result r = m.step(random.mode_frame(3, 2));
            REQUIRE(r.state == (t < spec.calibrating ? TB_CALIBRATING : TB_MONITORING));
        }
        CHECK(m.detector() == detector);
    }
}

TEST_CASE("monitor: a full scaler and a full detector say so and go on") {
    for (const Spec &base : each({Detector::kmeans, Detector::mahalanobis})) {
        Spec spec = base;
        spec.scaling = 5;
        spec.learning = 70000;
        spec.clusters = 1;
        spec.channels = 1;
        Machine m(spec);
        for (int t = 0; t < 5; ++t) {
            m.step({t});
        }
        int full = 0;
        for (int t = 0; t < 65536 + 10; ++t) {
            full += (m.step({t % 7}).flags & TB_FLAG_FULL) != 0 ? 1 : 0;
        }
        CHECK(full == 10);
        CHECK(tb_state(&m.m) == TB_LEARNING);
    }
}

TEST_CASE("monitor: an alarm stays on in frames that are not scored, while an ELM makes its factor") {
    Spec spec;
    spec.detector = Detector::elm;
    spec.missing = 2;
    Machine m(spec);
    Random random(12);
    run_to(m, TB_MONITORING, random);
    const Frame far = {0, 30000, -30000};
    while ((m.step(far).flags & TB_FLAG_ALARM) == 0) {
    }
    m.learn(far);
    for (int t = 1; t < spec.units; ++t) {
        CHECK(m.step(far).flags == TB_FLAG_ALARM);
    }
    CHECK((m.step(far).flags & TB_FLAG_SCORED) != 0);
    CHECK(m.step({0, TB_MISSING_I32, 0}).flags == (TB_FLAG_SKIPPED | TB_FLAG_ALARM));
}
