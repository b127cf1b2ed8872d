// The self-test passes on this build, and fails where a detector computes anything else.
#include "fixtures.hpp"

using namespace fixtures;

namespace {

// A detector that is wrong in one way: the stage of a recipe is replaced by one with this in its table.
twinbit::DetectorOps wrong;
const twinbit::DetectorOps *right = nullptr;

std::int32_t score_off_by_one(const twinbit::Block &b, const void *x) { return right->score(b, x) ^ 1; }

tb_status learn_twice(const twinbit::Block &b, const void *x, std::int32_t *score) {
    right->learn(b, x, score);
    return right->learn(b, x, nullptr);
}

tb_status learn_flips_a_bit(const twinbit::Block &b, const void *x, std::int32_t *score) {
    const tb_status status = right->learn(b, x, score);
    b.image[20] |= 1; // in the start centroids or a sum: no score shows it
    return status;
}

tb_status selftest_with(const Spec &spec, const twinbit::DetectorOps &ops) {
    Recipe r(spec);
    tb_part &part = r.parts[r.recipe.count - 2];
    tb_stage stage = *part.stage;
    stage.ops = twinbit::Ops(&ops);
    part.stage = &stage;
    r.recipe.tools = nullptr; // they belong to the right one
    return tb_selftest(&r.recipe);
}

} // namespace

TEST_CASE("self-test: passes for every stage and arithmetic of this build") {
    for (const Spec &base : all_of()) {
        for (const bool phase : {false, true}) {
            for (const bool scaler : {false, true}) {
                Spec spec = base;
                spec.phase = phase;
                spec.scaler = scaler;
                CAPTURE(name(spec));
                const Recipe r(spec);
                CHECK(tb_selftest(&r.recipe) == TB_OK);
            }
        }
    }
}

TEST_CASE("self-test: sees a score that is off by its last bit, a frame learned twice, a flipped bit of the state") {
    for (const Spec &spec : all_of()) {
        const Recipe r(spec);
        right = r.parts[r.recipe.count - 2].stage->ops.detector;
        wrong = *right;
        CHECK(selftest_with(spec, wrong) == TB_OK);
        wrong.score = score_off_by_one;
        CHECK(selftest_with(spec, wrong) == TB_ERR_SELFTEST);
        wrong = *right;
        wrong.learn = learn_twice;
        CHECK(selftest_with(spec, wrong) == TB_ERR_SELFTEST);
        wrong = *right;
        wrong.learn = learn_flips_a_bit;
        CHECK(selftest_with(spec, wrong) == TB_ERR_SELFTEST);
        wrong = *right;
        wrong.test_digest ^= 1;
        CHECK(selftest_with(spec, wrong) == TB_ERR_SELFTEST);
    }
}
