// tb_set_policy: new thresholds, margins and k of n for an image that keeps what it learned.
#include "fixtures.hpp"

using namespace fixtures;

namespace {

tb_status set_policy(Machine &m, const Bytes &b, std::uint32_t mode = TB_LOAD_SEALED) {
    return tb_set_policy(&m.m, b.data(), static_cast<std::uint32_t>(b.size()), mode);
}

Spec stricter(Spec s) {
    s.rate = 2147484; // 0.001
    s.margin = 30000;
    s.k = 2;
    s.n = 5;
    s.hysteresis = 5000;
    return s;
}

} // namespace

TEST_CASE("policy: an image goes on as if its thresholds had been the new ones from the start") {
    for (const Spec &spec : all_of()) {
        Machine old(spec);
        Machine wanted(stricter(spec));
        Random random(1);
        for (int t = 0; t < 400 && tb_state(&old.m) != TB_MONITORING; ++t) {
            const Frame x = random.mode_frame(3, 2);
            old.step(x);
            wanted.step(x);
        }
        Machine replaced(stricter(spec));
        REQUIRE(replaced.load(old.saved()) == TB_ERR_POLICY);
        REQUIRE(set_policy(replaced, old.saved()) == TB_OK);
        CHECK(replaced.detector() == old.detector());
        for (int t = 0; t < 200; ++t) {
            const Frame x = random.frame(3, 0, t > 100 ? 12000 : 6000);
            const tb_result a = replaced.step(x);
            const tb_result b = wanted.step(x);
            REQUIRE(std::memcmp(&a, &b, sizeof a) == 0);
        }
        Machine restored(stricter(spec));
        CHECK(restored.load(replaced.saved()) == TB_OK); // its digest is the new policy's
    }
}

TEST_CASE("policy: before the first calibration only the digest changes") {
    for (const Spec &spec : all_of()) {
        Machine old(spec);
        Random random(2);
        run_to(old, TB_LEARNING, random);
        Machine replaced(stricter(spec));
        REQUIRE(set_policy(replaced, old.saved()) == TB_OK);
        CHECK(tb_state(&replaced.m) == TB_LEARNING);
        const tb_result r = replaced.step({1, 2, 3});
        CHECK(r.threshold == TB_THRESHOLD_NONE);
    }
}

TEST_CASE("policy: the bytes are checked like any others, and a refusal changes nothing") {
    Machine old(Spec{});
    Random random(3);
    run_to(old, TB_MONITORING, random);
    Machine replaced(stricter(Spec{}));
    const Bytes before = replaced.bytes();
    Bytes bad = old.saved();
    bad[200] ^= 4;
    CHECK(set_policy(replaced, bad) == TB_ERR_CRC);
    old.step({1, 2, 3});
    CHECK(set_policy(replaced, old.bytes()) == TB_ERR_UNSEALED);
    CHECK(replaced.bytes() == before);
    CHECK(set_policy(replaced, old.bytes(), TB_LOAD_RAW) == TB_OK);
    Spec other;
    other.clusters = 7;
    Machine foreign(other);
    CHECK(set_policy(foreign, old.saved()) == TB_ERR_LAYOUT);
    CHECK(set_policy(replaced, old.saved(), 2) == TB_ERR_ARGUMENT);
}

TEST_CASE("policy: freezing centroids later puts them where the epoch began") {
    Spec moving = without_scaler({});
    Machine m(moving);
    Random random(4);
    for (int t = 0; t < 50; ++t) {
        m.learn(random.mode_frame(3, 2));
    }
    REQUIRE(tb_new_epoch(&m.m) == TB_OK);
    Spec frozen = moving;
    frozen.frozen = 1;
    Machine still(frozen);
    REQUIRE(set_policy(still, m.saved()) == TB_OK);
    for (int t = 0; t < 50; ++t) {
        const Frame x = random.mode_frame(3, 4);
        m.learn(x);
        still.learn(x);
    }
    Machine later(frozen);
    REQUIRE(set_policy(later, m.saved()) == TB_OK);
    const Bytes a = later.detector();
    const Bytes b = still.detector();
    const std::size_t centroids = a.size() - 8 - 24; // 4 x 3 int16, then the pooled spread
    CHECK(Bytes(a.begin() + static_cast<std::ptrdiff_t>(centroids), a.end() - 8) ==
          Bytes(b.begin() + static_cast<std::ptrdiff_t>(centroids), b.end() - 8));
}
