// A decision by a fixed threshold, for scores that are probabilities already (a tail, univariate): no calibration. The same
// code for every arithmetic.
//
//   smoothed  as in decision;  over = smoothed > threshold + raised
//   alarm     begins where a frame is over and `hold` frames have passed since the last one began; lasts hold - 1 frames,
//             at least one
//   raised    each alarm adds `raise`; decays by 1 / decay a frame
//
// The learning and calibrating frames only let the detector settle: they raise no alarm.
#include "image/selftest.hpp"
#include "monitor/decision.hpp"
#include "monitor/smoothing.hpp"
#include "numbers/divide.hpp"
#include "numbers/round.hpp"

namespace twinbit {

namespace {

struct SteadyWords {
    PhaseWords phase;
    std::int32_t threshold; // octaves, Q15.16
    std::int32_t hold;      // frames
    std::int32_t raise;     // octaves, Q15.16
    std::int32_t decay;     // frames
};
constexpr std::uint32_t steady_words = 8;
static_assert(sizeof(SteadyWords) == 4 * steady_words, "words have no padding");

struct Steady {
    std::int32_t smoothed; // Q7.24
    std::int32_t raised;   // Q7.24
    std::uint32_t left;    // frames that hold still lasts
    std::uint32_t started; // not 0: smoothed is valid
};

constexpr std::uint32_t fields = 2;
constexpr Field table[fields] = {{Type::i32, Many::two, both(30)}, {Type::u32, Many::two, positive(20)}};

bool shape(const Setup &s, Shape &out) {
    constexpr std::int32_t octave = TB_SCORE_ONE;
    constexpr std::int32_t max_frames = (1 << 20) - 1;
    out.set(s.inputs, {0, 0}, fields);
    if (s.count != steady_words) {
        return false;
    }
    const auto &w = *reinterpret_cast<const SteadyWords *>(s.words);
    return within(w.phase.alpha, 1, INT32_MAX) && within(w.phase.scaling, 0, 32768) &&
           within(w.phase.learning, 1, INT32_MAX) && within(w.phase.calibrating, 1, INT32_MAX) &&
           within(w.threshold, 1, 64 * octave) && within(w.hold, 1, max_frames) && within(w.raise, 0, 24 * octave) &&
           within(w.decay, 1, max_frames);
}

Steady &state_of(const Block &b) { return *at<Steady>(b.image, 0); }
const SteadyWords &words_of(const Block &b) { return *reinterpret_cast<const SteadyWords *>(b.setup.words); }

std::int32_t threshold_now(const Steady &s, const SteadyWords &w) { return w.threshold + half_up(s.raised, 8); }

// Alarms stop raising the threshold at 60 octaves: scores end at 64.
void raise(Steady &s, std::int32_t octaves) {
    constexpr std::int32_t most = 60 << 24;
    const std::int64_t sum = s.raised + std::int64_t{octaves} * 256;
    s.raised = sum < most ? static_cast<std::int32_t>(sum) : most;
}

void decide(Steady &s, const SteadyWords &w, Header &h, tb_result &r) {
    s.left -= s.left > 0 ? 1 : 0;
    const bool over = r.smoothed > threshold_now(s, w);
    if (over) {
        r.flags |= TB_FLAG_OVER;
    }
    const bool begins = over && s.left == 0;
    h.alarm = begins || s.left > 1 ? 1 : 0;
    const auto decay = static_cast<std::uint32_t>(w.decay);
    s.raised -= static_cast<std::int32_t>(divide(static_cast<std::uint32_t>(s.raised > 0 ? s.raised : 0), decay));
    if (begins) {
        s.left = static_cast<std::uint32_t>(w.hold);
        raise(s, w.raise);
    }
}

void scored(const Block &b, Header &h, std::uint32_t, tb_result &r) {
    Steady &s = state_of(b);
    const SteadyWords &w = words_of(b);
    r.smoothed = smooth_score(s.smoothed, s.started, w.phase.alpha, r.score, false);
    if (h.state >= TB_MONITORING) {
        decide(s, w, h, r);
    } else if (h.in_state >= static_cast<std::uint32_t>(w.phase.calibrating)) {
        h.state = TB_MONITORING;
        h.in_state = 0;
    }
}

// 100 where nothing is rare, 50 at the threshold, 0 from twice the threshold on.
std::uint8_t similarity(std::int32_t smoothed, std::int32_t threshold) {
    if (smoothed <= 0) {
        return 100;
    }
    const std::uint64_t far =
        divide(std::uint64_t{50} * static_cast<std::uint32_t>(smoothed), static_cast<std::uint32_t>(threshold));
    return static_cast<std::uint8_t>(far < 100 ? 100 - far : 0);
}

void show(const Block &b, tb_result &r) {
    r.threshold = threshold_now(state_of(b), words_of(b));
    r.similarity =
        (r.flags & TB_FLAG_SCORED) != 0 ? similarity(r.smoothed, r.threshold) : std::uint8_t{TB_SIMILARITY_NONE};
}

void clear(const Block &b) {
    Steady &s = state_of(b);
    s.raised = 0;
    s.left = 0;
}

void renew(const Block &) {}

constexpr DecisionOps ops = {scored, show, clear, renew};

// At the self-test. As struct SteadyWords.
constexpr std::int32_t test_words[] = {1 << 30, 0, 1, 10, 1 << 16, 3, 1 << 14, 5};

} // namespace

const KnownAnswer steady_answer = {run_decision, test_words, length_of(test_words), 33, 1, 0, {0xED67BD72}};

} // namespace twinbit

extern "C" {
const tb_stage tb_steady = {33,
                            twinbit::Role::decision,
                            0,
                            twinbit::steady_words,
                            0,
                            twinbit::table,
                            0,
                            twinbit::shape,
                            twinbit::Ops(&twinbit::ops)};
}
