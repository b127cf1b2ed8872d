// What a stage of each role does at its self-test; plans are made already. Data are uniform noise, in two modes or with a
// jump where a stage must tell something.
#include "image/selftest.hpp"

#include "image/crc32.hpp"
#include "memory/bytes.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t half_octave = 1 << 15, jump = 1 << 18;

// The bits of v 2^-12 as a float, for |v| < 2^24: fixed-point firmware links no float code for its self-test.
std::uint32_t float_of_q12(std::int32_t v) {
    if (v == 0) {
        return 0;
    }
    const auto u = static_cast<std::uint32_t>(v < 0 ? -v : v);
    const int top = 31 - leading_zeros(u); // u = 1.f * 2^top
    const std::uint32_t fraction = (u << (23 - top)) & 0x7FFFFFu;
    return (v < 0 ? 0x80000000u : 0u) | (static_cast<std::uint32_t>(top - 12 + 127) << 23) | fraction;
}

// A number below 2^bits.
std::int32_t draw(Bench &b, int bits) { return static_cast<std::int32_t>(b.random.bits() >> (32 - bits)); }

void take(Bench &b, const void *bytes, std::uint32_t size) { b.crc = crc32(b.crc, bytes, size); }
void take_word(Bench &b, std::int32_t v) { take(b, &v, 4); }

// n raw numbers of 16 bits with a sign; floats are 2^-12 of them.
void fill_raw(Bench &b, std::uint32_t n) {
    for (std::uint32_t i = 0; i < n; ++i) {
        const std::int32_t v = draw(b, 16) - (1 << 15);
        const auto word = b.stage.arithmetic == TB_F32 ? float_of_q12(v) : static_cast<std::uint32_t>(v);
        std::memcpy(at<std::uint32_t>(b.in, 4 * i), &word, 4);
    }
}

// A sample vector from `low` to a unit above it, both in Q3.12. Where a detector takes raw values they have 24 bits.
void fill_samples(Bench &b, std::int32_t low) {
    for (std::uint32_t i = 0; i < b.block.setup.inputs; ++i) {
        const std::int32_t q12 = low + draw(b, 12);
        if (b.stage.arithmetic == TB_Q15 && b.stage.refuses == refuses_raw) {
            const auto v = static_cast<std::int16_t>(q12);
            std::memcpy(at<std::int16_t>(b.in, 2 * i), &v, 2);
        } else {
            const std::uint32_t v =
                b.stage.arithmetic == TB_F32 ? float_of_q12(q12) : static_cast<std::uint32_t>(q12 * 256);
            std::memcpy(at<std::uint32_t>(b.in, 4 * i), &v, 4);
        }
    }
}

std::int32_t draw_score(Bench &b, bool high) { return draw(b, 16) - half_octave + (high ? jump : 0); }

} // namespace

// One count is missing.
void run_input(Bench &b) {
    const InputOps &ops = *b.stage.ops.input;
    for (std::uint32_t i = 0; i < 8; ++i) {
        const std::int32_t counts[2] = {draw(b, 16) - (1 << 15), i == 5 ? TB_MISSING_I32 : draw(b, 16)};
        take_word(b, ops.counts(b.block, counts, b.in, true));
        if (ops.phase != nullptr) {
            ops.phase(b.block, i << 29, b.in);
        }
        ops.remember(b.block, b.in);
        ops.pass(b.block, b.in, b.out);
        take(b, b.in, 4 * b.shape.features);
        take(b, b.out, 4 * b.shape.features);
    }
}

// One gap in time.
void run_framer(Bench &b) {
    const FramerOps &ops = *b.stage.ops.framer;
    for (std::uint32_t i = 0; i < 32; ++i) {
        fill_raw(b, b.block.setup.inputs);
        std::uint32_t dt_ms = i == 20 ? 1000 : i;
        const bool due = ops.push(b.block, b.in, dt_ms);
        for (std::uint32_t axis = 0; due && axis < b.block.setup.inputs; ++axis) {
            ops.column(b.block, axis, b.out);
            ops.put(b.block, b.in, axis, b.out);
            ops.detrend(b.block, b.out);
            take_word(b, static_cast<std::int32_t>(dt_ms));
            take(b, b.out, 4 * b.shape.window);
        }
    }
}

void run_extractor(Bench &b) {
    const ExtractorOps &ops = *b.stage.ops.extractor;
    for (std::uint32_t axis = 0; axis < b.block.setup.inputs; ++axis) {
        fill_raw(b, b.block.setup.window);
        ops.axis(b.block, b.in, axis, b.out);
    }
    take(b, b.out, 4 * b.shape.features);
}

void run_transform(Bench &b) {
    const TransformOps &ops = *b.stage.ops.transform;
    for (std::uint32_t i = 0; i < 8; ++i) {
        fill_raw(b, b.block.setup.inputs);
        ops.apply(b.block, b.in, i << 29, b.out);
        take(b, b.out, 4 * b.shape.features);
        if (ops.remember != nullptr) {
            ops.remember(b.block, b.in);
        }
    }
}

void run_scaler(Bench &b) {
    const ScalerOps &ops = *b.stage.ops.scaler;
    for (int i = 0; i < 12; ++i) {
        fill_raw(b, b.block.setup.inputs);
        ops.learn(b.block, b.in);
    }
    ops.freeze(b.block);
    for (int i = 0; i < 4; ++i) {
        fill_raw(b, b.block.setup.inputs);
        ops.apply(b.block, b.in, b.out);
        take(b, b.out, 4 * b.shape.features);
    }
}

// To and fro around two points.
void run_detector(Bench &b) {
    const DetectorOps &ops = *b.stage.ops.detector;
    for (int i = 0; i < 24; ++i) {
        fill_samples(b, i % 2 == 0 ? 4096 : -8192);
        std::int32_t score[2] = {0, 0};
        ops.learn(b.block, b.in, &score[0]);
        if (i >= 16) {
            ops.settle(b.block);
            score[1] = ops.score(b.block, b.in);
            if (ops.follow != nullptr) {
                ops.follow(b.block, b.in, i % 4 != 0);
            }
        }
        take(b, score, sizeof score);
    }
}

void run_tail(Bench &b) {
    const TailOps &ops = *b.stage.ops.tail;
    for (int i = 0; i < 24; ++i) {
        const std::int32_t score = draw_score(b, i % 8 == 7);
        take_word(b, ops.score(b.block, score));
        ops.follow(b.block, score, true);
    }
}

// Calibrates, then watches: calm frames, some with an alarm, calm ones again.
void run_decision(Bench &b) {
    const DecisionOps &ops = *b.stage.ops.decision;
    Header h;
    clear(h);
    h.state = TB_CALIBRATING;
    for (int i = 0; i < 32; ++i) {
        tb_result r;
        clear(r);
        r.score = draw_score(b, i >= 20 && i < 24);
        r.flags = TB_FLAG_SCORED;
        ++h.in_state;
        ops.scored(b.block, h, 10, r);
        ops.show(b.block, r);
        take(b, &r, sizeof r);
        take(b, &h.alarm, 1);
    }
    ops.renew(b.block);
}

// Learns and calibrates if it must, then the data jump.
void run_drift(Bench &b) {
    const DriftOps &ops = *b.stage.ops.drift;
    for (int i = 0; i < 72; ++i) {
        const bool high = i >= 56;
        if (ops.samples) {
            fill_samples(b, high ? 8192 : 0);
        } else {
            const std::int32_t value = draw_score(b, high);
            std::memcpy(at<std::int32_t>(b.in, 0), &value, 4);
        }
        take_word(b, ops.update(b.block, b.in) ? i : -1);
    }
}

} // namespace twinbit
