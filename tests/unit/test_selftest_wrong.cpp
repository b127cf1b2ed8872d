// The self-test sees a stage that is wrong in one bit: of each role one function after the other is replaced.
#include "fixtures.hpp"
#include "image/selftest.hpp"

using namespace fixtures;
using namespace twinbit;

namespace {

constexpr std::uint8_t arithmetics[] = {TB_F32, TB_Q15, TB_Q31};

Ops right(static_cast<const InputOps *>(nullptr)); // of the stage under test

void flip(void *numbers) { *static_cast<std::uint8_t *>(numbers) ^= 1; }

// The stage with other functions still passes.
template <class Table> bool passes(const tb_stage &stage, const Table &ops) {
    tb_stage wrong = stage;
    wrong.ops = Ops(&ops);
    return selftest_passes(wrong);
}

// All stages of a role: what `check` does with each one.
template <class Check> void for_each(Role role, const Check &check) {
    int found = 0;
    for (unsigned id = 0; id < 256; ++id) {
        for (const std::uint8_t arithmetic : arithmetics) {
            const tb_stage *stage = tb_stage_by_id(static_cast<std::uint16_t>(id), arithmetic);
            if (stage != nullptr && stage->role == role) {
                CAPTURE(tb_stage_symbol(stage));
                right = stage->ops;
                check(*stage);
                ++found;
            }
        }
    }
    CHECK(found >= 3);
}

Reading wrong_counts(const Block &b, const std::int32_t *values, void *raw, bool hold) {
    const Reading reading = right.input->counts(b, values, raw, hold);
    flip(raw);
    return reading;
}
void wrong_phase(const Block &b, std::uint32_t phase, void *raw) { right.input->phase(b, phase + (1u << 20), raw); }
void wrong_pass(const Block &b, const void *raw, void *sample) {
    right.input->pass(b, raw, sample);
    flip(sample);
}
void remember_nothing(const Block &, const void *) {}

bool push_twice(const Block &b, const void *raw, std::uint32_t &dt_ms) {
    right.framer->push(b, raw, dt_ms);
    return right.framer->push(b, raw, dt_ms);
}
bool lose_time(const Block &b, const void *raw, std::uint32_t &dt_ms) {
    const bool due = right.framer->push(b, raw, dt_ms);
    dt_ms ^= 1;
    return due;
}
void wrong_column(const Block &b, std::uint32_t axis, void *column) { right.framer->column(b, axis ^ 1, column); }
void wrong_detrend(const Block &b, void *column) {
    right.framer->detrend(b, column);
    flip(column);
}

void wrong_axis(const Block &b, const void *column, std::uint32_t axis, void *features) {
    right.extractor->axis(b, column, axis, features);
    if (axis == 1) { // the last one: features of all axes together are written now
        flip(features);
    }
}
void wrong_apply(const Block &b, const void *in, std::uint32_t phase, void *out) {
    right.transform->apply(b, in, phase, out);
    flip(out);
}

void freeze_nothing(const Block &) {}
bool scale_twice(const Block &b, const void *raw) { return right.scaler->learn(b, raw) && right.scaler->learn(b, raw); }
void wrong_sample(const Block &b, const void *raw, void *sample) {
    right.scaler->apply(b, raw, sample);
    flip(sample);
}

std::int32_t score_off_by_one(const Block &b, const void *x) { return right.detector->score(b, x) ^ 1; }
tb_status learn_twice(const Block &b, const void *x, std::int32_t *score) {
    right.detector->learn(b, x, score);
    return right.detector->learn(b, x, nullptr);
}
// In the start centroids or a sum: no score shows it.
tb_status learn_flips_a_bit(const Block &b, const void *x, std::int32_t *score) {
    const tb_status status = right.detector->learn(b, x, score);
    b.image[20] |= 1;
    return status;
}
void follow_no_frame(const Block &, const void *, bool) {}

std::int32_t wrong_rarity(const Block &b, std::int32_t score) { return right.tail->score(b, score) ^ 1; }
void follow_nothing(const Block &, std::int32_t, bool) {}

void wrong_scored(const Block &b, Header &h, std::uint32_t dt_ms, tb_result &r) {
    right.decision->scored(b, h, dt_ms, r);
    h.alarm = 0;
}
void wrong_show(const Block &b, tb_result &r) {
    right.decision->show(b, r);
    r.similarity ^= 1;
}

bool never_tell(const Block &b, const void *x) { return right.drift->update(b, x) && false; }
bool update_flips_a_bit(const Block &b, const void *x) {
    const bool told = right.drift->update(b, x);
    b.image[0] ^= 64;
    return told;
}

// `ops` with one function replaced fails.
template <class Table, class Function>
void check_wrong(const tb_stage &stage, const Table &ops, Function Table::*which, Function wrong) {
    Table changed = ops;
    CHECK(passes(stage, changed));
    changed.*which = wrong;
    CHECK_FALSE(passes(stage, changed));
}

} // namespace

TEST_CASE("self-test: sees wrong inputs") {
    for_each(Role::input, [](const tb_stage &s) {
        check_wrong(s, *right.input, &InputOps::counts, wrong_counts);
        check_wrong(s, *right.input, &InputOps::pass, wrong_pass);
        check_wrong(s, *right.input, &InputOps::remember, remember_nothing);
        if (right.input->phase != nullptr) {
            check_wrong(s, *right.input, &InputOps::phase, wrong_phase);
        }
    });
}

TEST_CASE("self-test: sees wrong framers") {
    for_each(Role::framer, [](const tb_stage &s) {
        check_wrong(s, *right.framer, &FramerOps::push, push_twice);
        check_wrong(s, *right.framer, &FramerOps::push, lose_time);
        check_wrong(s, *right.framer, &FramerOps::column, wrong_column);
        check_wrong(s, *right.framer, &FramerOps::detrend, wrong_detrend);
    });
}

TEST_CASE("self-test: sees wrong extractors and transforms") {
    for_each(Role::extractor,
             [](const tb_stage &s) { check_wrong(s, *right.extractor, &ExtractorOps::axis, wrong_axis); });
    for_each(Role::transform, [](const tb_stage &s) {
        check_wrong(s, *right.transform, &TransformOps::apply, wrong_apply);
        if (right.transform->remember != nullptr) {
            check_wrong(s, *right.transform, &TransformOps::remember, remember_nothing);
        }
    });
}

TEST_CASE("self-test: sees wrong scalers") {
    for_each(Role::scaler, [](const tb_stage &s) {
        check_wrong(s, *right.scaler, &ScalerOps::learn, scale_twice);
        if (&s != &tb_centre_f32) { // whose mean is always ready
            check_wrong(s, *right.scaler, &ScalerOps::freeze, freeze_nothing);
        }
        check_wrong(s, *right.scaler, &ScalerOps::apply, wrong_sample);
    });
}

TEST_CASE("self-test: sees a score that is off by its last bit, a frame learned twice, a flipped bit of the state") {
    for_each(Role::detector, [](const tb_stage &s) {
        check_wrong(s, *right.detector, &DetectorOps::score, score_off_by_one);
        check_wrong(s, *right.detector, &DetectorOps::learn, learn_twice);
        check_wrong(s, *right.detector, &DetectorOps::learn, learn_flips_a_bit);
        if (right.detector->follow != nullptr) {
            check_wrong(s, *right.detector, &DetectorOps::follow, follow_no_frame);
        }
    });
}

TEST_CASE("self-test: sees wrong tails and decisions") {
    for_each(Role::tail, [](const tb_stage &s) {
        check_wrong(s, *right.tail, &TailOps::score, wrong_rarity);
        check_wrong(s, *right.tail, &TailOps::follow, follow_nothing);
    });
    for_each(Role::decision, [](const tb_stage &s) {
        check_wrong(s, *right.decision, &DecisionOps::scored, wrong_scored);
        check_wrong(s, *right.decision, &DecisionOps::show, wrong_show);
    });
}

TEST_CASE("self-test: sees wrong drift detectors") {
    for_each(Role::drift, [](const tb_stage &s) {
        check_wrong(s, *right.drift, &DriftOps::update, never_tell);
        check_wrong(s, *right.drift, &DriftOps::update, update_flips_a_bit);
    });
}
