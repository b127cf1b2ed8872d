// The policy: what a monitor does when normal moves. The same code, in integers, for every arithmetic.
//
//   tell       a drift is told; nothing else changes
//   freeze     ... and nothing follows the stream until it has passed
//   adapt      the model learns calm frames, in blocks, and forgets; as far as a budget allows (adaptation.hpp)
//   relearn    a candidate learns beside the model in charge and takes over once the drift has lasted (candidate.hpp)
//   ask        ... once it has lasted and the operator says that it is no fault
//
// A drift is told apart from a fault by three things, which no stationary fault can be told from:
//
//   it lasts         `persist` frames, counted in halves
//   it persists      of the last two halves at least `share` of the frames were over the threshold
//   it is consistent |mean smoothed score of the later half - of the earlier half| <= tolerance: a fault grows
//
// It has passed where less than half of `share` of a half's frames were over. Nothing takes over while the hold is set.
#pragma once

#include "monitor/events.hpp"
#include "monitor/health.hpp"
#include "monitor/monitor.hpp"

namespace twinbit {

enum class PolicyKind : std::int32_t { tell, freeze, adapt, relearn, ask };

struct PolicyWords {
    std::int32_t events;      // records kept
    std::int32_t blocks;      // kept for tb_unlearn()
    std::int32_t block_bytes; // of the detector's block; 0 without blocks
    // Policy words from here on.
    PolicyKind kind;
    std::int32_t persist;      // frames
    std::int32_t share;        // Q0.31
    std::int32_t tolerance;    // octaves, Q15.16
    std::int32_t block_frames; // that a learner learns before it takes over
    std::int32_t forget;       // frames learned between halvings; 0: never
    std::int32_t budget;       // octaves, Q15.16; 0: none
    std::int32_t creep;        // frames of the slow average of the reference's score
    std::int32_t health;       // frames that the trend remembers; 0: no trend
};
inline constexpr std::uint32_t policy_words = 12;
static_assert(sizeof(PolicyWords) == 4 * policy_words, "words have no padding");

// Where the loop stands. All zero is fresh.
struct Loop {
    std::uint32_t state;     // after the last frame or call, TB_...
    std::uint32_t alarm;     // likewise
    std::uint32_t held;      // not 0: the operator's hold
    std::uint32_t muted;     // frames that must be calm, one after the other, before a drift is told again
    std::uint32_t asked;     // not 0: a candidate waits for tb_feedback()
    std::uint32_t candidate; // not 0: the candidate's memory is in use, and its updates counter is ...
    std::uint32_t stamp;     // ... this
    std::uint32_t good;      // not 0: there is a good image (where it is 2), and its name is ...
    std::uint32_t good_name; // ... this: its checksum when it was kept, which its own Loop has, too
    std::uint32_t since;     // frames of the drift's present half
    std::uint32_t halves;    // behind it, stops at 2^32 - 1
    std::uint32_t learned;   // frames of the present block
    std::uint32_t over[2];   // frames over the threshold in the half before and in the present one
    std::uint32_t unhalved;  // frames learned since statistics were halved
    std::uint32_t kept;      // blocks kept
    std::uint32_t next;      // place of the next one
    std::uint32_t based;     // frames that made the reference's base, up to creep
    std::int32_t base;       // octaves, Q15.16: the reference's mean score when it was new
    std::int32_t slow;       // its slow average, Q7.24
    std::int64_t level[2];   // sums of smoothed scores, as over
    std::int64_t base_sum;   // of the reference's scores while the base is made
};
static_assert(sizeof(Loop) == 104 && offsetof(Loop, level) == 80, "no padding: see capi/IMAGE.md");

inline const PolicyWords &policy_words_of(const tb_monitor &m) {
    return *reinterpret_cast<const PolicyWords *>(part_of(m, TB_PART_POLICY)->words);
}
// Frames that a drift is judged by, twice.
inline std::uint32_t half_of(const tb_monitor &m) { return static_cast<std::uint32_t>(policy_words_of(m).persist) / 2; }
// The policy lets a candidate learn, and there is memory for it.
inline bool relearns(const tb_monitor &m) {
    return policy_words_of(m).kind >= PolicyKind::relearn && m.attached[TB_CANDIDATE] != nullptr;
}

inline bool has_policy(const tb_monitor &m) { return part_of(m, TB_PART_POLICY) != nullptr; }
inline Loop &loop_of(const tb_monitor &m) { return *at<Loop>(m.image, m.block[TB_PART_POLICY]); }
Health *health_in(const tb_monitor &); // null without a trend
inline std::int32_t health_frames(const tb_monitor &m) { return policy_words_of(m).health; }
EventLog event_log(const tb_monitor &);
std::uint8_t *kept_blocks(const tb_monitor &); // blocks of block_bytes

// A record of what has happened; smoothed is the frame's, 0 between frames.
void record(const tb_monitor &, std::uint16_t kind, std::uint32_t detail, std::int32_t smoothed = 0);

// Drifting begins and ends; with its end a candidate or learner is dropped.
void begin_drift(const tb_monitor &);
void end_drift(const tb_monitor &, std::uint8_t state);
void drop_drift(const tb_monitor &); // the same, where the state is another one already

// The scores are other ones from now on: what counted them begins anew.
void model_changed(const tb_monitor &);

// Records how state and alarm differ from what they were, and sets what follows from them.
void note_changes(const tb_monitor &, std::uint32_t state, std::uint32_t alarm, std::int32_t smoothed);

} // namespace twinbit
