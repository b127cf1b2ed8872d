// Frames through the stages.
#include "monitor/monitor.hpp"

#include "memory/bytes.hpp"

namespace twinbit {

namespace {

// The frame's raw features, at the beginning of scratch.
Reading read(const tb_monitor &m, const Given &frame, std::uint32_t phase, bool hold) {
    const Reading reading = frame.read(m, frame.values, hold);
    if (const auto add_phase = stage_of(m, TB_PART_INPUT).ops.input->phase) {
        add_phase(block_of(m, TB_PART_INPUT), phase, m.scratch);
    }
    return reading;
}

// Raw features to samples, standardised if the recipe has a scaler.
const void *samples(const tb_monitor &m) {
    void *sample = m.scratch + m.sample;
    if (part_of(m, TB_PART_SCALER) != nullptr) {
        stage_of(m, TB_PART_SCALER).ops.scaler->apply(block_of(m, TB_PART_SCALER), m.scratch, sample);
    } else {
        stage_of(m, TB_PART_INPUT).ops.input->pass(block_of(m, TB_PART_INPUT), m.scratch, sample);
    }
    return sample;
}

// A detector's score as it is, or through the recipe's tail.
std::int32_t rarity(const tb_monitor &m, std::int32_t score) {
    return part_of(m, TB_PART_TAIL) != nullptr
               ? stage_of(m, TB_PART_TAIL).ops.tail->score(block_of(m, TB_PART_TAIL), score)
               : score;
}

void step_scaling(const tb_monitor &m, tb_result &r) {
    const ScalerOps &scaler = *stage_of(m, TB_PART_SCALER).ops.scaler;
    const Block block = block_of(m, TB_PART_SCALER);
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
    const Block block = block_of(m, TB_PART_DETECTOR);
    if (detector.learn(block, samples(m), nullptr) != TB_OK) {
        r.flags |= TB_FLAG_FULL;
    }
    if (header(m).in_state >= static_cast<std::uint32_t>(words_of(m).learning) && detector.ready(block)) {
        enter(m, TB_CALIBRATING);
    }
}

void step_scored(const tb_monitor &m, std::uint32_t dt_ms, tb_result &r) {
    const Block block = block_of(m, TB_PART_DETECTOR);
    const DetectorOps &detector = detector_of(m);
    if (!detector.prepare(block)) {
        --header(m).in_state; // only frames that are scored calibrate
        return;
    }
    const void *x = samples(m);
    const std::int32_t score = detector.score(block, x);
    r.score = rarity(m, score);
    r.flags |= TB_FLAG_SCORED;
    decision_of(m).scored(block_of(m, TB_PART_DECISION), header(m), dt_ms, r);
    const bool calm = (r.flags & TB_FLAG_OVER) == 0 && (header(m).alarm | header(m).frozen) == 0;
    if (detector.follow != nullptr) {
        detector.follow(block, x, calm);
    }
    if (part_of(m, TB_PART_TAIL) != nullptr) {
        stage_of(m, TB_PART_TAIL).ops.tail->follow(block_of(m, TB_PART_TAIL), score, calm);
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
    if (const tb_part *policy = part_of(m, TB_PART_POLICY)) {
        policy->stage->ops.policy->after(m, before, dt_ms, r);
    }
    if (h.state != before) {
        r.flags |= TB_FLAG_NEW_STATE;
    }
}

// The samples of a frame that must be complete; null with a status if it is not, or while the scaler learns.
tb_status frozen_samples(const tb_monitor &m, const Given &f, const tb_context &c, const void *&x) {
    if (header(m).state == TB_SCALING) {
        return TB_ERR_STATE;
    }
    const ChainOps *chain = chain_of(m);
    Reading reading = m.values == m.channels ? read(m, f, c.phase, false) : 0;
    if (reading >= 0 && chain != nullptr) {
        reading = chain->whole(m, f, c.phase);
    }
    if (reading < 0) {
        return reading;
    }
    x = samples(m);
    return TB_OK;
}

// The same, for a detector that has learned enough to score.
tb_status scorable_samples(const tb_monitor &m, const Given &f, const tb_context &c, const void *&x) {
    const tb_status status = frozen_samples(m, f, c, x);
    return status == TB_OK && !detector_of(m).ready(block_of(m, TB_PART_DETECTOR)) ? tb_status{TB_ERR_STATE} : status;
}

} // namespace

Block block_of(const tb_monitor &m, int which) {
    const tb_part &part = *part_of(m, which);
    return {{part.words, part.count, m.features}, m.image + m.block[which], m.scratch + m.work, m.plan + m.plan_at};
}

const PhaseWords &words_of(const tb_monitor &m) {
    return *reinterpret_cast<const PhaseWords *>(part_of(m, TB_PART_DECISION)->words);
}

void enter(const tb_monitor &m, std::uint8_t state) {
    header(m).state = state;
    header(m).in_state = 0;
}

void calibrate_again(const tb_monitor &m) {
    const Block block = block_of(m, TB_PART_DETECTOR);
    detector_of(m).settle(block);
    decision_of(m).clear(block_of(m, TB_PART_DECISION));
    header(m).alarm = 0;
    enter(m, detector_of(m).ready(block) ? TB_CALIBRATING : TB_LEARNING);
    tell_policy(m);
}

void tell_policy(const tb_monitor &m) {
    if (const tb_part *policy = part_of(m, TB_PART_POLICY)) {
        policy->stage->ops.policy->changed(m);
    }
}

tb_status step(const tb_monitor &m, const Given &f, const tb_context &c, tb_result &r) {
    const Reading reading = read(m, f, c.phase, true);
    if (reading < 0) {
        return reading;
    }
    clear(r);
    const Update update(m);
    r.frame = header(m).frames;
    r.flags = static_cast<std::uint16_t>(reading);
    if ((r.flags & TB_FLAG_SKIPPED) == 0) {
        stage_of(m, TB_PART_INPUT).ops.input->remember(block_of(m, TB_PART_INPUT), m.scratch);
        std::uint32_t dt_ms = c.dt_ms;
        const ChainOps *chain = chain_of(m);
        if (chain == nullptr || chain->advance(m, c.phase, dt_ms)) {
            step_taken(m, dt_ms, r);
        } else {
            r.flags |= TB_FLAG_GATHERING;
        }
    }
    header(m).frames += (r.flags & TB_FLAG_GATHERING) == 0 ? 1 : 0;
    // Also of frames that were skipped or not scored: the alarm stays on.
    r.flags = static_cast<std::uint16_t>(r.flags | (header(m).alarm * TB_FLAG_ALARM));
    r.state = header(m).state;
    decision_of(m).show(block_of(m, TB_PART_DECISION), r);
    return TB_OK;
}

tb_status score(const tb_monitor &m, const Given &f, const tb_context &c, std::int32_t &score) {
    const void *x = nullptr;
    const tb_status status = scorable_samples(m, f, c, x);
    if (status != TB_OK) {
        return status;
    }
    score = rarity(m, detector_of(m).score(block_of(m, TB_PART_DETECTOR), x));
    return TB_OK;
}

tb_status learn(const tb_monitor &m, const Given &f, const tb_context &c, std::int32_t *score) {
    const void *x = nullptr;
    const tb_status status = frozen_samples(m, f, c, x);
    if (status != TB_OK) {
        return status;
    }
    Update update(m);
    const tb_status learned = detector_of(m).learn(block_of(m, TB_PART_DETECTOR), x, score);
    if (learned != TB_OK) {
        update.undo();
    } else {
        tell_policy(m);
    }
    return learned;
}

tb_status explain(const tb_monitor &m, const Given &f, const tb_context &c, std::int32_t *shares) {
    if (tools_of(m) == nullptr) {
        return TB_ERR_UNSUPPORTED;
    }
    const void *x = nullptr;
    const tb_status status = scorable_samples(m, f, c, x);
    if (status != TB_OK) {
        return status;
    }
    tools_of(m)->explain(block_of(m, TB_PART_DETECTOR), x, shares);
    return TB_OK;
}

tb_status recalibrate(const tb_monitor &m) {
    if (header(m).state == TB_SCALING || !detector_of(m).ready(block_of(m, TB_PART_DETECTOR))) {
        return TB_ERR_STATE;
    }
    const Update update(m);
    calibrate_again(m);
    return TB_OK;
}

} // namespace twinbit
