// The self-test passes on this build, covers every stage, and fails where a stage computes anything else.
#include "fixtures.hpp"
#include "image/selftest.hpp"

using namespace fixtures;

namespace {

constexpr std::uint8_t arithmetics[] = {TB_F32, TB_Q15, TB_Q31};

// All stages of this build.
std::vector<const tb_stage *> all_stages() {
    std::vector<const tb_stage *> stages;
    for (unsigned id = 0; id <= UINT16_MAX; ++id) {
        for (const std::uint8_t arithmetic : arithmetics) {
            const tb_stage *stage = tb_stage_by_id(static_cast<std::uint16_t>(id), arithmetic);
            if (stage != nullptr && (stages.empty() || stages.back() != stage)) {
                stages.push_back(stage);
            }
        }
    }
    return stages;
}

std::uint32_t digest_of(const tb_stage &stage) {
    return twinbit::selftest_digest(stage, *twinbit::known_answer(stage.id));
}

std::uint32_t expected(const tb_stage &stage) {
    return twinbit::known_answer(stage.id)->digests[stage.arithmetic == 0 ? 0 : stage.arithmetic - TB_F32];
}

// A recipe with everything: all roles, and two extractors of spectra.
struct Whole {
    Words input = {2, 0, 0, 0, 12, 0, 0, 12}, framer = {2, 64, 32, 1, 0, 0}, time = {7, 0},
          bands = {64, 32, 1, 0, 0, 1, -655360, 4, 1, 8}, envelope = {8, 24, 0, 64, 32, 1, 0, 0, 0, -655360, 3, 1, 5},
          lags = {1, 1, 7}, kmeans = {4, 16, 0}, tail = {0},
          decision = {1 << 30, 60, 240, 100, 21474836, 0, 1, 1, 0, 0, 0}, adwin = {16, 12, 5, 4294967, 32, 5, 10, 1},
          centroid = {4, 1, 32, 100, 100, 1 << 20, 0, 1},
          policy = {0, 0, 0, 0, 20, 1 << 30, 65536, 1, 0, 65536, 100, 0};
    std::vector<tb_part> parts;
    tb_recipe recipe = {};

    explicit Whole(std::uint8_t arithmetic) {
        const Words none;
        const std::pair<int, const Words *> list[] = {
            {1, &input},   {40, &framer}, {41, &time},     {42, &bands}, {43, &envelope}, {48, &lags},  {8, &none},
            {16, &kmeans}, {36, &tail},   {32, &decision}, {65, &adwin}, {67, &centroid}, {80, &policy}};
        for (const auto &[id, words] : list) {
            parts.push_back({tb_stage_by_id(static_cast<std::uint16_t>(id), arithmetic),
                             words->empty() ? nullptr : words->data(), static_cast<std::uint32_t>(words->size())});
        }
        recipe = {TB_RECIPE_FORMAT, arithmetic, static_cast<std::uint8_t>(parts.size()), parts.data(), nullptr};
    }
};

} // namespace

TEST_CASE("self-test: passes for every detector and arithmetic of this build") {
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

TEST_CASE("self-test: every stage but the policy has a known answer, and gives it") {
    for (const tb_stage *stage : all_stages()) {
        CAPTURE(tb_stage_symbol(stage));
        REQUIRE((twinbit::known_answer(stage->id) == nullptr) == (stage->role == twinbit::Role::policy));
        if (stage->role != twinbit::Role::policy) {
            char digest[16];
            std::snprintf(digest, sizeof digest, "0x%08X", digest_of(*stage));
            CAPTURE(digest);
            CHECK(digest_of(*stage) == expected(*stage));
            CHECK(digest_of(*stage) != 0);
        }
        CHECK(twinbit::selftest_passes(*stage));
    }
}

TEST_CASE("self-test: every part of a recipe is tested") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Whole whole(arithmetic);
        REQUIRE(tb_selftest(&whole.recipe) == TB_OK);
        for (tb_part &part : whole.parts) {
            CAPTURE(tb_stage_symbol(part.stage));
            tb_stage unknown = *part.stage;
            unknown.id = 1000; // it has no answer
            const tb_part right = part;
            part.stage = &unknown;
            CHECK(tb_selftest(&whole.recipe) == (right.stage->role == twinbit::Role::policy ? TB_OK : TB_ERR_SELFTEST));
            part = right;
        }
    }
}

TEST_CASE("self-test: a stage that refuses its words, or takes more memory than there is, fails") {
    const tb_stage &stage = *tb_stage_by_id(40, TB_Q15);
    twinbit::KnownAnswer answer = *twinbit::known_answer(40);
    answer.inputs = 3;
    CHECK(twinbit::selftest_digest(stage, answer) == 0);
    const std::int32_t words[] = {2, 2000, 3, 2, 10, 500};
    answer.inputs = 2;
    answer.words = words;
    CHECK(twinbit::selftest_digest(stage, answer) == 0);
}
