// From scores to alarms: smoothing, calibration, threshold, k of n with hysteresis and hold. The same code, in
// integers, for every arithmetic, since scores are octaves in Q15.16.
//
//   smoothed += alpha (score - smoothed)                 exponential average (EWMA), state in Q7.24
//   over       = smoothed > threshold                    the margin is in it
//   alarm on   when k of the last n scored frames were over
//   alarm off  when fewer than k were, smoothed lies below the threshold by the hysteresis, and hold_ms have passed
//              since the last frame that was over as one of k
//
// Words: alpha (Q0.31), frames of scaling, learning, calibrating, rate (Q0.31), margin (octaves Q15.16), k, n,
// hysteresis (Q15.16), hold_ms, gap_ms. All of them are policy: none shapes the image.
#pragma once

#include "image/stage.hpp"
#include "monitor/histogram.hpp"

namespace twinbit {

// The first words of every kind of decision: frames of the states that the monitor goes through.
struct PhaseWords {
    std::int32_t alpha;
    std::int32_t scaling, learning, calibrating;
};

struct DecisionWords {
    std::int32_t alpha;
    std::int32_t scaling, learning, calibrating;
    std::int32_t rate;
    std::int32_t margin;
    std::int32_t k, n;
    std::int32_t hysteresis;
    std::int32_t hold_ms, gap_ms;
};
inline constexpr std::uint32_t decision_words = 11;
static_assert(sizeof(DecisionWords) == 4 * decision_words, "words have no padding");

struct Decision {
    std::int32_t smoothed;    // Q7.24
    std::int32_t threshold;   // Q15.16, margin included
    std::uint32_t history;    // bit i: the frame i before the last was over
    std::uint32_t hold_ms;    // that the alarm must still stay on
    std::uint32_t started;    // 1: smoothed is valid
    std::uint32_t calibrated; // 1: threshold and typical are valid
    std::int32_t typical;     // Q15.16, the median of the calibration
    Histogram histogram;
};
static_assert(sizeof(Decision) == 424 && offsetof(Decision, histogram) == 28, "no padding: see capi/IMAGE.md");

// The threshold as results show it.
inline std::int32_t shown_threshold(const Decision &d) {
    return d.calibrated != 0 ? d.threshold : std::int32_t{TB_THRESHOLD_NONE};
}

// Smooths a score; returns the smoothed one, Q15.16. A gap in time longer than gap_ms begins anew.
std::int32_t smooth(Decision &, const DecisionWords &, std::int32_t score, std::uint32_t dt_ms);

// Threshold and typical score from the histogram.
void set_threshold(Decision &, const DecisionWords &);

// Forgets histogram, threshold and history, not the smoothed score.
void clear_calibration(Decision &);

// One monitored frame: returns the flags TB_FLAG_OVER and TB_FLAG_ALARM; alarm is the state kept in the header.
std::uint16_t decide(Decision &, const DecisionWords &, std::int32_t smoothed, std::uint32_t dt_ms,
                     std::uint8_t &alarm);

// 100 = typical, 50 = at the threshold, 0 = as far above it again.
std::uint8_t similarity(const Decision &, std::int32_t smoothed);

} // namespace twinbit
