// The closed loop: what each policy does when normal moves.
#include "loop_machine.hpp"

using namespace fixtures;

namespace {

// Frames about a level of all channels, in counts; about 300 deviation.
Frame around(Random &random, double level) { return random.frame(3, level, 300); }

struct Run {
    std::uint32_t drifts = 0, taken = 0, asked = 0, alarms = 0, over = 0;
    void count(const tb_result &r) {
        drifts += (r.flags & TB_FLAG_DRIFT) != 0;
        taken += (r.flags & TB_FLAG_TAKEN) != 0;
        asked += (r.flags & TB_FLAG_ASK) != 0;
        alarms += (r.flags & TB_FLAG_ALARM) != 0;
        over += (r.flags & TB_FLAG_OVER) != 0;
    }
};

Run run(LoopMachine &machine, Random &random, int frames, double level, double rise = 0) {
    Run run;
    for (int i = 0; i < frames; ++i) {
        run.count(machine.step(around(random, level + rise * i)));
    }
    return run;
}

void calibrate(LoopMachine &machine, Random &random) {
    for (int i = 0; i < 400 && machine.state() < TB_MONITORING; ++i) {
        run(machine, random, 1, 0);
    }
    REQUIRE(machine.state() == TB_MONITORING);
}

// Learned, calibrated, and 200 frames on: nothing has been told.
void settle(LoopMachine &machine, Random &random) {
    calibrate(machine, random);
    CHECK(run(machine, random, 200, 0).drifts == 0);
}

LoopSpec spec_of(Loop kind, int arithmetic = TB_Q15, Detector detector = Detector::kmeans) {
    LoopSpec s;
    s.kind = kind;
    s.model.arithmetic = static_cast<std::uint8_t>(arithmetic);
    s.model.detector = detector;
    return s;
}

std::vector<tb_event> events_of(const LoopMachine &machine) {
    std::vector<tb_event> events(static_cast<std::size_t>(machine.spec.events));
    std::uint32_t count = 0;
    REQUIRE(tb_events(&machine.m, events.data(), static_cast<std::uint32_t>(events.size()), &count, nullptr) == TB_OK);
    events.resize(count);
    return events;
}

bool has_event(const LoopMachine &machine, std::uint16_t kind) {
    for (const tb_event &e : events_of(machine)) {
        if (e.kind == kind) {
            return true;
        }
    }
    return false;
}

} // namespace

TEST_CASE("loop: a level jump is learned under relearn, never under freeze (River 948)") {
    for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
        for (const Detector detector : {Detector::kmeans, Detector::mahalanobis, Detector::elm, Detector::bank_elm}) {
            CAPTURE(arithmetic, int(detector));
            LoopMachine relearns(spec_of(Loop::relearn, arithmetic, detector));
            LoopMachine freezes(spec_of(Loop::freeze, arithmetic, detector));
            for (LoopMachine *machine : {&relearns, &freezes}) {
                Random random(7);
                settle(*machine, random);
                const Run after = run(*machine, random, 400, 6000);
                CHECK(after.drifts == 1);
                const bool learns = machine == &relearns;
                CHECK(after.taken == (learns ? 1u : 0u));
                const Run later = run(*machine, random, 300, 6000);
                CHECK(later.alarms == (learns ? later.alarms : 300u));
                CHECK(later.over <= (learns ? 20u : 300u));
                CHECK(int(machine->state()) == (learns ? TB_MONITORING : TB_DRIFTING));
                CHECK(has_event(*machine, TB_EVENT_TAKEN) == learns);
            }
        }
    }
}

TEST_CASE("loop: tell tells and does nothing else") {
    LoopMachine machine(spec_of(Loop::tell));
    Random random(1);
    settle(machine, random);
    const Bytes model = machine.detector();
    const Run after = run(machine, random, 400, 6000);
    CHECK(after.drifts == 1);
    CHECK(after.alarms > 390);
    CHECK(int(machine.state()) == TB_MONITORING);
    CHECK(machine.detector() == model);
    CHECK(has_event(machine, TB_EVENT_DRIFT));
}

TEST_CASE("loop: without attached memory a drift is told and nothing takes over") {
    LoopMachine machine(spec_of(Loop::relearn), false);
    Random random(1);
    settle(machine, random);
    const Run after = run(machine, random, 600, 6000);
    CHECK(after.drifts == 1);
    CHECK(after.taken == 0);
    CHECK(int(machine.state()) == TB_DRIFTING);
    CHECK(machine.loop().candidate == TB_CANDIDATE_NONE);
}

TEST_CASE("loop: what grows is no new normal; what passes ends the drift") {
    LoopSpec spec = spec_of(Loop::relearn);
    spec.tolerance = 3277; // 0.05 octaves
    LoopMachine machine(spec);
    Random random(3);
    settle(machine, random);
    CHECK(run(machine, random, 340, 600, 5).taken == 0); // 0.17 octaves a half at the end, more before
    CHECK(int(machine.state()) == TB_DRIFTING);
    const Run after = run(machine, random, 300, 0);
    CHECK(int(machine.state()) == TB_MONITORING);
    CHECK(machine.loop().candidate == TB_CANDIDATE_NONE);
    CHECK(has_event(machine, TB_EVENT_PASSED));
    CHECK(after.taken == 0);
}

TEST_CASE("loop: ask waits for the operator") {
    LoopMachine machine(spec_of(Loop::ask));
    Random random(5);
    settle(machine, random);
    const Run after = run(machine, random, 400, 6000);
    CHECK(after.taken == 0);
    CHECK(after.asked > 200);
    CHECK(int(machine.loop().asked) == 1);
    CHECK(int(machine.loop().candidate) == TB_MONITORING);
    REQUIRE(tb_feedback(&machine.m, TB_NOT_A_FAULT) == TB_OK);
    CHECK(int(machine.state()) == TB_MONITORING);
    CHECK(run(machine, random, 200, 6000).over <= 20);
}

TEST_CASE("loop: a fault's candidate is dropped, and no drift is told until frames are calm") {
    LoopMachine machine(spec_of(Loop::ask));
    Random random(5);
    settle(machine, random);
    run(machine, random, 200, 6000);
    REQUIRE(tb_feedback(&machine.m, TB_FAULT) == TB_OK);
    CHECK(int(machine.state()) == TB_MONITORING);
    CHECK(int(machine.loop().muted) == 1);
    CHECK(machine.loop().candidate == TB_CANDIDATE_NONE);
    CHECK(run(machine, random, 300, 6000).drifts == 0);
    run(machine, random, 200, 0);
    CHECK(int(machine.loop().muted) == 0);
    const Run again = run(machine, random, 40, -6000);
    CHECK(again.drifts == 1); // as soon as the first time: what the fault brought has not been seen
}

TEST_CASE("loop: nothing takes over while the hold is set") {
    LoopMachine machine(spec_of(Loop::relearn));
    Random random(5);
    settle(machine, random);
    REQUIRE(tb_feedback(&machine.m, TB_HOLD) == TB_OK);
    const Run held = run(machine, random, 600, 6000);
    CHECK(held.drifts == 1);
    CHECK(held.taken == 0);
    CHECK(machine.loop().candidate == TB_CANDIDATE_NONE);
    REQUIRE(tb_feedback(&machine.m, TB_RELEASE) == TB_OK);
    CHECK(run(machine, random, 400, 6000).taken == 1);
}

TEST_CASE("loop: roll-back brings the last good model back and holds it") {
    LoopMachine machine(spec_of(Loop::relearn));
    Random random(5);
    settle(machine, random);
    const Bytes model = machine.detector();
    run(machine, random, 500, 6000);
    REQUIRE(machine.detector() != model);
    REQUIRE(tb_rollback(&machine.m) == TB_OK);
    CHECK(machine.detector() == model);
    CHECK(int(machine.loop().held) == 1);
    CHECK(int(machine.state()) == TB_MONITORING);
    CHECK(run(machine, random, 400, 6000).alarms > 390);
    CHECK(machine.detector() == model);
}

TEST_CASE("loop: adapt follows what is calm, and unlearn takes the last blocks out to the byte") {
    for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
        for (const Detector detector :
             {Detector::kmeans, Detector::mahalanobis, Detector::elm, Detector::autoencoder}) {
            CAPTURE(arithmetic, int(detector));
            LoopSpec spec = spec_of(Loop::adapt, arithmetic, detector);
            spec.blocks = 3;
            LoopMachine machine(spec);
            Random random(5);
            calibrate(machine, random);
            std::vector<Bytes> models = {machine.detector()};
            for (int i = 0; i < 1000 && models.size() < 6; ++i) {
                const tb_result r = machine.step(around(random, 0));
                if (machine.detector() != models.back()) {
                    models.push_back(machine.detector());
                    CHECK((r.flags & TB_FLAG_ALARM) == 0);
                }
            }
            REQUIRE(models.size() == 6);
            CHECK(machine.loop().blocks == 3);
            CHECK(tb_unlearn(&machine.m, 4) == TB_ERR_RANGE);
            CHECK(machine.detector() == models[5]);
            REQUIRE(tb_unlearn(&machine.m, 2) == TB_OK);
            CHECK(machine.detector() == models[3]);
            REQUIRE(tb_unlearn(&machine.m, 1) == TB_OK);
            CHECK(machine.detector() == models[2]);
            CHECK(tb_unlearn(&machine.m, 1) == TB_ERR_RANGE);
        }
    }
}

TEST_CASE("loop: a slow fault spends the creep budget and alarms; without a budget it is learned") {
    for (const bool guarded : {true, false}) {
        LoopSpec spec = spec_of(Loop::adapt);
        spec.model.margin = 32768;
        spec.model.prior = 0;
        spec.budget = guarded ? 16384 : 0;
        spec.forget = 100;
        LoopMachine machine(spec);
        Random random(11);
        calibrate(machine, random);
        const Run slow = run(machine, random, 20000, 0, 0.3);
        CAPTURE(guarded);
        CHECK((slow.alarms > 5000) == guarded);
        CHECK((slow.drifts > 0) == guarded);
        CHECK(int(machine.state()) == (guarded ? TB_DRIFTING : TB_MONITORING));
    }
}

TEST_CASE("loop: the candidate of an earlier drift is not taken for the present one's, though they are of one age") {
    LoopMachine machine(spec_of(Loop::relearn));
    Random random(5);
    settle(machine, random);
    const auto drift_for = [&](int frames, double level) {
        while (machine.state() != TB_DRIFTING) {
            run(machine, random, 1, level);
        }
        run(machine, random, frames, level);
    };
    drift_for(20, 6000);
    const Bytes earlier = machine.save_attached(TB_CANDIDATE);
    REQUIRE(tb_feedback(&machine.m, TB_FAULT) == TB_OK);
    run(machine, random, 200, 0);
    drift_for(20, -6000);
    REQUIRE(machine.loop().candidate == TB_LEARNING);
    REQUIRE(tb_load_attached(&machine.m, TB_CANDIDATE, earlier.data(), machine.sizes.image) == TB_OK);
    CHECK(machine.loop().candidate == TB_CANDIDATE_NONE);
    run(machine, random, 1, -6000);
    CHECK(machine.loop().candidate == TB_SCALING);
}

TEST_CASE("loop: calls say what is wrong and change nothing") {
    LoopMachine machine(spec_of(Loop::relearn));
    Machine plain{Spec{}};
    tb_loop loop = {};
    CHECK(tb_feedback(&plain.m, TB_HOLD) == TB_ERR_UNSUPPORTED);
    CHECK(tb_rollback(&plain.m) == TB_ERR_UNSUPPORTED);
    CHECK(tb_unlearn(&plain.m, 1) == TB_ERR_UNSUPPORTED);
    CHECK(tb_loop_of(&plain.m, &loop) == TB_ERR_UNSUPPORTED);
    CHECK(tb_attach(&plain.m, TB_GOOD, plain.image.data(), plain.sizes.image, nullptr, 0) == TB_ERR_UNSUPPORTED);
    const Bytes before = machine.save();
    CHECK(tb_feedback(&machine.m, TB_NOT_A_FAULT) == TB_ERR_STATE);
    CHECK(tb_feedback(&machine.m, TB_FAULT) == TB_ERR_STATE);
    CHECK(tb_feedback(&machine.m, 4) == TB_ERR_ARGUMENT);
    CHECK(tb_feedback(nullptr, TB_HOLD) == TB_ERR_ARGUMENT);
    CHECK(tb_rollback(&machine.m) == TB_ERR_STATE);
    CHECK(tb_unlearn(&machine.m, 0) == TB_ERR_ARGUMENT);
    CHECK(tb_unlearn(&machine.m, 1) == TB_ERR_UNSUPPORTED);
    CHECK(tb_save_attached(&machine.m, TB_GOOD, machine.scratch.data(), machine.sizes.image) == TB_ERR_STATE);
    CHECK(tb_attach(&machine.m, 2, machine.images[0].data(), machine.sizes.image, nullptr, 0) == TB_ERR_ARGUMENT);
    CHECK(tb_attach(&machine.m, 0, machine.images[0].data(), machine.sizes.image - 8, nullptr, 0) == TB_ERR_SIZE);
    CHECK(machine.save() == before);
}
