// The decision stage.
#include "monitor/decision.hpp"

#include "memory/untrusted.hpp"
#include "monitor/threshold.hpp"
#include "numbers/round.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t octave = TB_SCORE_ONE;

bool within(std::int32_t v, std::int32_t low, std::int32_t high) { return v >= low && v <= high; }

bool shape(const Setup &s, Shape &out) {
    out = {s.inputs, align8(sizeof(Decision)), 0, 0, 0};
    if (s.count != decision_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const DecisionWords *>(s.words);
    return within(w.alpha, 1, INT32_MAX) && within(w.scaling, 0, 32768) && within(w.learning, 1, INT32_MAX) &&
           within(w.calibrating, 10, 65535) && within(w.rate, 1, INT32_MAX / 2) && within(w.margin, 0, 24 * octave) &&
           within(w.n, 1, 32) && within(w.k, 1, w.n) && within(w.hysteresis, 0, 24 * octave) && w.hold_ms >= 0 &&
           w.gap_ms >= 0;
}

void init(const Block &b) {
    auto &d = *at<Decision>(b.image, 0);
    d.threshold = TB_THRESHOLD_NONE;
    d.typical = 0;
}

bool valid(const Setup &, const std::uint8_t *block) {
    const auto threshold = peek<std::int32_t>(block + offsetof(Decision, threshold));
    return (threshold == TB_THRESHOLD_NONE || within(threshold, -INT32_MAX / 2, INT32_MAX / 2)) &&
           all_within<std::int32_t>(block + offsetof(Decision, typical), 1, -16 * octave, 16 * octave) &&
           all_within<std::uint8_t>(block + offsetof(Decision, started), 1, 0, 1) &&
           all_zero(block + offsetof(Decision, reserved), 3);
}

std::uint32_t last(const DecisionWords &w) { return w.n == 32 ? UINT32_MAX : (1u << w.n) - 1u; }

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
    const std::int64_t x = std::int64_t{score} * 256;
    if (d.started == 0 || gap || w.alpha == INT32_MAX) {
        d.smoothed = static_cast<std::int32_t>(x);
        d.started = 1;
    } else {
        d.smoothed += static_cast<std::int32_t>(half_up((x - d.smoothed) * w.alpha, 31));
    }
    return half_up(d.smoothed, 8);
}

void set_threshold(Decision &d, const DecisionWords &w) {
    const std::int32_t t = threshold_for(d.histogram, w.rate);
    d.threshold = t == INT32_MIN ? TB_THRESHOLD_NONE : t + w.margin;
    d.typical = t == INT32_MIN ? 0 : typical_score(d.histogram);
}

void clear_calibration(Decision &d) {
    d.histogram = {};
    d.threshold = TB_THRESHOLD_NONE;
    d.typical = 0;
    d.history = 0;
    d.hold_ms = 0;
}

std::uint16_t decide(Decision &d, const DecisionWords &w, std::int32_t smoothed, std::uint32_t dt_ms,
                     std::uint8_t &alarm) {
    const bool over = smoothed > d.threshold;
    d.history = ((d.history << 1) | (over ? 1u : 0u)) & last(w);
    d.hold_ms = d.hold_ms > dt_ms ? d.hold_ms - dt_ms : 0;
    if (ones(d.history) >= w.k) {
        alarm = 1;
        d.hold_ms = over ? static_cast<std::uint32_t>(w.hold_ms) : d.hold_ms;
    } else if (d.hold_ms == 0 && smoothed <= d.threshold - w.hysteresis) {
        alarm = 0;
    }
    return static_cast<std::uint16_t>((over ? TB_FLAG_OVER : 0u) | (alarm != 0 ? TB_FLAG_ALARM : 0u));
}

std::uint8_t similarity(const Decision &d, std::int32_t smoothed) {
    if (d.threshold == TB_THRESHOLD_NONE) {
        return TB_SIMILARITY_NONE;
    }
    const std::int64_t span = std::int64_t{d.threshold} - d.typical;
    const std::int64_t far = std::int64_t{smoothed} - d.typical;
    if (far <= 0) {
        return 100;
    }
    if (span <= 0 || far >= 2 * span) {
        return 0;
    }
    return static_cast<std::uint8_t>(100 - 50 * far / span);
}

} // namespace twinbit

extern "C" {
const tb_stage tb_decision = {32,      twinbit::Role::decision, 0,       0,      twinbit::shape, twinbit::init,
                              twinbit::valid, nullptr,          nullptr, nullptr};
}
