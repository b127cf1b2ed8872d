// The decision stage.
#include "monitor/decision.hpp"

#include "image/selftest.hpp"
#include "memory/bytes.hpp"
#include "monitor/smoothing.hpp"
#include "monitor/threshold.hpp"
#include "numbers/divide.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t octave = TB_SCORE_ONE;

// struct Decision, pair by pair.
constexpr std::uint32_t fields = 6;
constexpr Field table[fields] = {
    {Type::i32, Many::two, both(30)}, // 64 octaves in Q7.24
    {Type::u32, Many::two, any},         {Type::u32, Many::two, positive(1)}, {Type::i32, Many::two, both(25)},
    {Type::u32, Many::one, positive(4)}, {Type::u16, Many::bins, any},
};

bool shape(const Setup &s, Shape &out) {
    out.set(s.inputs, {0, 0}, fields);
    if (s.count != decision_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const DecisionWords *>(s.words);
    return within(w.alpha, 1, INT32_MAX) && within(w.scaling, 0, 32768) && within(w.learning, 1, INT32_MAX) &&
           within(w.calibrating, 10, 65535) && within(w.rate, 1, INT32_MAX / 2) && within(w.margin, 0, 24 * octave) &&
           within(w.n, 1, 32) && within(w.k, 1, w.n) && within(w.hysteresis, 0, 24 * octave) && w.hold_ms >= 0 &&
           w.gap_ms >= 0;
}

std::uint32_t last(const DecisionWords &w) { return (2u << (w.n - 1)) - 1u; }

std::int32_t ones(std::uint32_t v) {
    std::int32_t n = 0;
    for (; v != 0; v &= v - 1) {
        ++n;
    }
    return n;
}

} // namespace

std::int32_t smooth(Decision &d, const DecisionWords &w, std::int32_t score, std::uint32_t dt_ms) {
    const bool gap = w.gap_ms != 0 && dt_ms > static_cast<std::uint32_t>(w.gap_ms);
    if (gap) {
        d.history = 0;
    }
    return smooth_score(d.smoothed, d.started, w.alpha, score, gap);
}

void set_threshold(Decision &d, const DecisionWords &w) {
    if (total(d.histogram) != 0) {
        d.threshold = threshold_for(d.histogram, w.rate, w.alpha) + w.margin;
        d.typical = typical_score(d.histogram);
        d.calibrated = 1;
    }
}

void clear_calibration(Decision &d) {
    const std::int32_t smoothed = d.smoothed;
    const std::uint32_t started = d.started;
    twinbit::clear(d);
    d.smoothed = smoothed;
    d.started = started;
}

std::uint16_t decide(Decision &d, const DecisionWords &w, std::int32_t smoothed, std::uint32_t dt_ms,
                     std::uint8_t &alarm) {
    const std::int32_t threshold = shown_threshold(d);
    const bool over = smoothed > threshold;
    d.history = ((d.history << 1) | (over ? 1u : 0u)) & last(w);
    d.hold_ms = d.hold_ms > dt_ms ? d.hold_ms - dt_ms : 0;
    if (ones(d.history) >= w.k) {
        alarm = 1;
        d.hold_ms = over ? static_cast<std::uint32_t>(w.hold_ms) : d.hold_ms;
    } else if (d.hold_ms == 0 && smoothed + w.hysteresis <= threshold) {
        alarm = 0;
    }
    return static_cast<std::uint16_t>((over ? TB_FLAG_OVER : 0u) | (alarm != 0 ? TB_FLAG_ALARM : 0u));
}

std::uint8_t similarity(const Decision &d, std::int32_t smoothed) {
    if (d.calibrated == 0) {
        return TB_SIMILARITY_NONE;
    }
    if (smoothed <= d.typical) {
        return 100;
    }
    const auto far = static_cast<std::uint32_t>(smoothed - d.typical); // below 2^24: scores end at 64 octaves
    const std::int32_t span = d.threshold - d.typical;
    if (span <= static_cast<std::int32_t>(far / 2)) {
        return 0;
    }
    return static_cast<std::uint8_t>(100u - divide(50 * far, static_cast<std::uint32_t>(span)));
}

namespace {

Decision &state_of(const Block &b) { return *at<Decision>(b.image, 0); }
const DecisionWords &words_of(const Block &b) { return *reinterpret_cast<const DecisionWords *>(b.setup.words); }

void scored(const Block &b, Header &h, std::uint32_t dt_ms, tb_result &r) {
    Decision &d = state_of(b);
    const DecisionWords &w = words_of(b);
    r.smoothed = smooth(d, w, r.score, dt_ms);
    if (h.state >= TB_MONITORING) {
        r.flags = static_cast<std::uint16_t>(r.flags | decide(d, w, r.smoothed, dt_ms, h.alarm));
        return;
    }
    count_score(d.histogram, r.smoothed);
    if (h.in_state >= static_cast<std::uint32_t>(w.calibrating)) {
        set_threshold(d, w);
        h.state = TB_MONITORING;
        h.in_state = 0;
    }
}

void show(const Block &b, tb_result &r) {
    const Decision &d = state_of(b);
    r.threshold = shown_threshold(d);
    r.similarity = (r.flags & TB_FLAG_SCORED) != 0 ? similarity(d, r.smoothed) : std::uint8_t{TB_SIMILARITY_NONE};
}

void clear(const Block &b) { clear_calibration(state_of(b)); }
void renew(const Block &b) { set_threshold(state_of(b), words_of(b)); }

constexpr DecisionOps ops = {scored, show, clear, renew};

// At the self-test. As struct DecisionWords.
constexpr std::int32_t test_words[] = {1 << 30, 0, 1, 16, 1 << 26, 1 << 14, 2, 3, 1 << 12, 20, 0};

} // namespace

const KnownAnswer decision_answer = {run_decision, test_words, length_of(test_words), 32, 1, 0, {0xA792A32E}};

} // namespace twinbit

extern "C" {
const tb_stage tb_decision = {32,
                              twinbit::Role::decision,
                              0,
                              twinbit::decision_words,
                              0,
                              twinbit::table,
                              0,
                              twinbit::shape,
                              twinbit::Ops(&twinbit::ops)};
}
