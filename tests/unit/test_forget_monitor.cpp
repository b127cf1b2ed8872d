// Forgetting by halves: monitors that go on, restarts, images that merge afterwards, forged ones, what is refused.
#include "fleet.hpp"
#include "forget_bench.hpp"
#include "subspace_model.hpp"

using namespace fixtures;
using namespace fixtures::forgetting;

TEST_CASE("forget: detectors that forget by themselves say so, and none forgets what it has not learned") {
    const Kind others[] = {{"autoencoder", {7, 0, 1, 2, 1, 0, 214748365, 0, 0, 0, 0, 0, 1024}, 4, 18, false},
                           {"boxes", {8, 9830, 12, 1}, 4, 23, true},
                           {"seasonal", {1, 300, 60, 4000, 32768, 12}, 4, 27, true}};
    for (const Kind &k : others) {
        for (const std::uint8_t arithmetic : arithmetics) {
            const tb_stage *stage = tb_stage_by_id(k.id, arithmetic);
            CAPTURE(k.name);
            REQUIRE(stage != nullptr);
            const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 1);
            learn(d, source, 30);
            const Bytes before = d.bytes();
            CHECK(d.forget() == TB_ERR_UNSUPPORTED);
            CHECK(d.bytes() == before);
        }
    }
    for (const Kind &k : additive) {
        const DetectorBench d(k.id, TB_Q15, k.words, k.inputs);
        const Bytes before = d.bytes();
        CAPTURE(k.name);
        CHECK(d.forget() == TB_ERR_STATE);
        CHECK(d.bytes() == before);
    }
}

TEST_CASE("forget: the monitor goes on in its state, and a restart changes nothing") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        CAPTURE(name(spec));
        CHECK(tb_forget(&m.m) == TB_ERR_STATE);
        Random random(4);
        run_to(m, TB_MONITORING, random);
        const Bytes sealed = m.saved();
        const tb_status status = tb_forget(&m.m);
        if (is(spec, Detector::autoencoder)) {
            CHECK(status == TB_ERR_UNSUPPORTED);
            CHECK(m.bytes() == sealed);
            continue;
        }
        REQUIRE(status == TB_OK);
        CHECK(m.bytes() != sealed);
        CHECK(tb_state(&m.m) == TB_MONITORING);
        Machine restarted(spec);
        REQUIRE(restarted.load(m.saved()) == TB_OK);
        for (int t = 0; t < 40; ++t) {
            const Frame x = random.mode_frame(spec.channels, 2);
            const tb_result a = m.step(x);
            const tb_result b = restarted.step(x);
            const bool derived = t < 8 || (t > 20 && t < 24); // an ELM that has learned solves anew, and is not scored
            CHECK((!derived || (a.flags & TB_FLAG_SCORED) != 0));
            CHECK(std::memcmp(&a, &b, sizeof a) == 0);
            if (t % 8 == 7) {
                m.learn(x);
                restarted.learn(x);
            }
            if (t == 20) {
                CHECK(tb_forget(&m.m) == TB_OK);
                CHECK(tb_forget(&restarted.m) == TB_OK);
            }
        }
        CHECK(m.saved() == restarted.saved());
    }
}

TEST_CASE("forget: not without tools or a monitor") {
    CHECK(tb_forget(nullptr) == TB_ERR_ARGUMENT);
    Recipe recipe({});
    recipe.recipe.tools = nullptr;
    tb_memory sizes = {};
    REQUIRE(tb_sizes(&recipe.recipe, &sizes) == TB_OK);
    std::vector<std::uint64_t> image(sizes.image / 8);
    std::vector<std::uint64_t> scratch((sizes.scratch + 7) / 8);
    tb_monitor m;
    REQUIRE(tb_init(&m, &recipe.recipe, image.data(), sizes.image, scratch.data(), sizes.scratch, nullptr, 0) == TB_OK);
    CHECK(tb_forget(&m) == TB_ERR_UNSUPPORTED);
}

// What it learned since the epoch began is halved: of k-means' counts without its start.
TEST_CASE("forget: images merge afterwards, the half counting as half, in any order; an ELM's do not") {
    for (const Spec &base : each({Detector::kmeans, Detector::mahalanobis, Detector::distance, Detector::elm})) {
        Spec spec = base;
        spec.prior = 16;
        const Fleet fleet(spec, 8);
        Machine a(spec);
        REQUIRE(a.load(fleet.images[0]) == TB_OK);
        REQUIRE(tb_forget(&a.m) == TB_OK);
        const Bytes half = a.saved();
        CAPTURE(name(spec));
        if (is(spec, Detector::elm)) {
            CHECK(a.merge(fleet.images[1]) == TB_ERR_UNSUPPORTED);
            CHECK(a.bytes() == half);
            continue;
        }
        REQUIRE(a.merge(fleet.images[1]) == TB_OK);
        Machine b(spec);
        REQUIRE(b.load(fleet.images[1]) == TB_OK);
        REQUIRE(b.merge(half) == TB_OK);
        if (spec.arithmetic != TB_F32) {
            CHECK(a.detector() == b.detector());
            REQUIRE(a.unmerge(fleet.images[1]) == TB_OK); // and what was merged comes out again
            Machine alone(spec);
            REQUIRE(alone.load(half) == TB_OK);
            CHECK(a.detector() == alone.detector());
        }
        if (is(spec, Detector::mahalanobis)) {
            const std::uint32_t n[2] = {150, 160};
            CHECK(b.field<std::uint32_t>(2, 0) == (n[0] + 1) / 2 + n[1]);
        }
    }
}

TEST_CASE("forget: any image in its ranges is safe") {
    Random random(6);
    for (const Kind &k : additive) {
        for (const std::uint8_t arithmetic : arithmetics) {
            DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 1);
            for (int round = 0; round < 100; ++round) {
                Bytes forged = d.bytes();
                std::uint8_t *inner = forge_block(forged.data(), d.stage.fields, d.shape.fields, d.shape.n, random);
                for (std::uint32_t i = 0; i < d.shape.inner.count; ++i) {
                    const twinbit::Inner &in = d.shape.inner;
                    inner = forge_block(inner, in.table, in.fields, in.n, random);
                }
                d.set(forged);
                for (int n = 0; n < 3; ++n) {
                    if (d.forget() == TB_OK) {
                        d.score(source.next());
                    }
                    d.learn(source.next());
                }
            }
        }
    }
}
