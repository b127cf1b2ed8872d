// Frames through the stages.
#include "monitor/monitor.hpp"

namespace twinbit {

namespace {

// The frame's raw features, at the beginning of scratch.
Reading read(const tb_monitor &m, const Frame &frame, std::uint32_t phase, bool hold) {
    const Reading reading = frame.read(m, frame.values, hold);
    if (const auto add_phase = stage_of(m, Role::input).input->phase) {
        add_phase(block_of(m, Role::input), phase, m.scratch);
    }
    return reading;
}

// Raw features to samples, standardised if the recipe has a scaler.
const void *samples(const tb_monitor &m) {
    void *sample = m.scratch + m.sample;
    if (part_of(m, Role::scaler) != nullptr) {
        stage_of(m, Role::scaler).scaler->apply(block_of(m, Role::scaler), m.scratch, sample);
    } else {
        stage_of(m, Role::input).input->pass(block_of(m, Role::input), m.scratch, sample);
    }
    return sample;
}

void step_scaling(const tb_monitor &m, tb_result &r) {
    const ScalerOps &scaler = *stage_of(m, Role::scaler).scaler;
    const Block block = block_of(m, Role::scaler);
    if (!scaler.learn(block, m.scratch)) {
        r.flags |= TB_FLAG_FULL;
    }
    if (header(m).in_state >= static_cast<std::uint32_t>(words_of(m).scaling)) {
        scaler.freeze(block);
        enter(m, TB_LEARNING);
    }
}

void step_learning(const tb_monitor &m, tb_result &r) {
    const DetectorOps &detector = detector_of(m);
    const Block block = block_of(m, Role::detector);
    if (detector.learn(block, samples(m), nullptr) != TB_OK) {
        r.flags |= TB_FLAG_FULL;
    }
    if (header(m).in_state >= static_cast<std::uint32_t>(words_of(m).learning) && detector.ready(block)) {
        enter(m, TB_CALIBRATING);
    }
}

void step_scored(const tb_monitor &m, std::uint32_t dt_ms, tb_result &r) {
    const Block block = block_of(m, Role::detector);
    if (!detector_of(m).prepare(block)) {
        --header(m).in_state; // only frames that are scored calibrate
        return;
    }
    Decision &d = decision_of(m);
    const DecisionWords &w = words_of(m);
    r.score = detector_of(m).score(block, samples(m));
    r.smoothed = smooth(d, w, r.score, dt_ms);
    r.flags |= TB_FLAG_SCORED;
    if (header(m).state == TB_MONITORING) {
        r.flags = static_cast<std::uint16_t>(r.flags | decide(d, w, r.smoothed, dt_ms, header(m).alarm));
    } else {
        count_score(d.histogram, r.smoothed);
        if (header(m).in_state >= static_cast<std::uint32_t>(w.calibrating)) {
            set_threshold(d, w);
            enter(m, TB_MONITORING);
        }
    }
}

void step_taken(const tb_monitor &m, std::uint32_t dt_ms, tb_result &r) {
    Header &h = header(m);
    const std::uint8_t before = h.state;
    h.in_state += h.in_state < UINT32_MAX ? 1 : 0;
    if (before == TB_SCALING) {
        step_scaling(m, r);
    } else if (before == TB_LEARNING) {
        step_learning(m, r);
    } else {
        step_scored(m, dt_ms, r);
    }
    if (h.state != before) {
        r.flags |= TB_FLAG_NEW_STATE;
    }
}

// The samples of a frame that must be complete; null with a status if it is not, or while the scaler learns.
tb_status frozen_samples(const tb_monitor &m, const Frame &f, const tb_context &c, const void *&x) {
    if (header(m).state == TB_SCALING) {
        return TB_ERR_STATE;
    }
    const Reading reading = read(m, f, c.phase, false);
    if (reading < 0) {
        return reading;
    }
    x = samples(m);
    return TB_OK;
}

// The same, for a detector that has learned enough to score.
tb_status scorable_samples(const tb_monitor &m, const Frame &f, const tb_context &c, const void *&x) {
    const tb_status status = frozen_samples(m, f, c, x);
    return status == TB_OK && !detector_of(m).ready(block_of(m, Role::detector)) ? tb_status{TB_ERR_STATE} : status;
}

} // namespace

Block block_of(const tb_monitor &m, Role role) {
    const tb_part &part = *part_of(m, role);
    const std::uint32_t inputs = role == Role::input ? 0 : m.features;
    return {{part.words, part.count, inputs}, m.image + m.block[static_cast<int>(role)], m.scratch + m.work, m.plan};
}

const DecisionWords &words_of(const tb_monitor &m) {
    return *reinterpret_cast<const DecisionWords *>(part_of(m, Role::decision)->words);
}

void enter(const tb_monitor &m, std::uint8_t state) {
    header(m).state = state;
    header(m).in_state = 0;
}

void calibrate_again(const tb_monitor &m) {
    const Block block = block_of(m, Role::detector);
    detector_of(m).settle(block);
    clear_calibration(decision_of(m));
    header(m).alarm = 0;
    enter(m, detector_of(m).ready(block) ? TB_CALIBRATING : TB_LEARNING);
}

tb_status step(const tb_monitor &m, const Frame &f, const tb_context &c, tb_result &result) {
    const Reading reading = read(m, f, c.phase, true);
    if (reading < 0) {
        return reading;
    }
    tb_result r = {};
    const Update update(m);
    r.frame = header(m).frames++;
    r.flags = static_cast<std::uint16_t>(reading);
    if ((r.flags & TB_FLAG_SKIPPED) == 0) {
        stage_of(m, Role::input).input->remember(block_of(m, Role::input), m.scratch);
        step_taken(m, c.dt_ms, r);
    }
    // Also of frames that were skipped or not scored: the alarm stays on.
    r.flags = static_cast<std::uint16_t>(r.flags | (header(m).alarm != 0 ? TB_FLAG_ALARM : 0u));
    r.threshold = shown_threshold(decision_of(m));
    r.state = header(m).state;
    r.similarity =
        (r.flags & TB_FLAG_SCORED) != 0 ? similarity(decision_of(m), r.smoothed) : std::uint8_t{TB_SIMILARITY_NONE};
    result = r;
    return TB_OK;
}

tb_status score(const tb_monitor &m, const Frame &f, const tb_context &c, std::int32_t &score) {
    const void *x = nullptr;
    const tb_status status = scorable_samples(m, f, c, x);
    if (status != TB_OK) {
        return status;
    }
    score = detector_of(m).score(block_of(m, Role::detector), x);
    return TB_OK;
}

tb_status learn(const tb_monitor &m, const Frame &f, const tb_context &c, std::int32_t *score) {
    const void *x = nullptr;
    const tb_status status = frozen_samples(m, f, c, x);
    if (status != TB_OK) {
        return status;
    }
    Update update(m);
    const tb_status learned = detector_of(m).learn(block_of(m, Role::detector), x, score);
    if (learned != TB_OK) {
        update.undo();
    }
    return learned;
}

tb_status explain(const tb_monitor &m, const Frame &f, const tb_context &c, std::int32_t *shares) {
    if (tools_of(m) == nullptr) {
        return TB_ERR_UNSUPPORTED;
    }
    const void *x = nullptr;
    const tb_status status = scorable_samples(m, f, c, x);
    if (status != TB_OK) {
        return status;
    }
    tools_of(m)->explain(block_of(m, Role::detector), x, shares);
    return TB_OK;
}

tb_status recalibrate(const tb_monitor &m) {
    if (header(m).state == TB_SCALING || !detector_of(m).ready(block_of(m, Role::detector))) {
        return TB_ERR_STATE;
    }
    const Update update(m);
    calibrate_again(m);
    return TB_OK;
}

} // namespace twinbit
