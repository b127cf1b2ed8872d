// The monitor: takes frames through input, scaler, detector and decision, and knows which of them learns when.
//
//   scaling -> learning -> calibrating -> monitoring
//
// and what happens when normal moves is the policy's (policy.hpp).
//
// Works on a tb_monitor whose recipe was checked by measure(). Arguments are checked by the C functions on top of it.
#pragma once

#include "monitor/decision.hpp"
#include "monitor/readers.hpp"

namespace twinbit {

inline Header &header(const tb_monitor &m) { return *at<Header>(m.image, 0); }

inline const DetectorOps &detector_of(const tb_monitor &m) { return *stage_of(m, TB_PART_DETECTOR).ops.detector; }
// What drives framer, extractors and transforms; null without them.
inline const ChainOps *chain_of(const tb_monitor &m) {
    return part_of(m, TB_PART_SIGNAL) != nullptr ? stage_of(m, TB_PART_SIGNAL).ops.signal->chain : nullptr;
}
// Null if the recipe leaves them out.
inline const tb_tools *tools_of(const tb_monitor &m) { return m.recipe->tools; }
inline const DecisionOps &decision_of(const tb_monitor &m) { return *stage_of(m, TB_PART_DECISION).ops.decision; }
const PhaseWords &words_of(const tb_monitor &);

// Marks an update: the counter is odd while it lasts, and the seal is broken. It ends even. undo() gives
// the header back as it was, for updates that were refused before they changed anything.
class Update {
  public:
    explicit Update(const tb_monitor &m)
        : header_(header(m)), sealed_(header_.sealed), crc_(header_.crc), basis_(header_.basis) {
        ++header_.updates;
        header_.sealed = 0;
        header_.crc = 0;
        header_.basis = 0;
        fence();
    }
    ~Update() {
        fence();
        ++header_.updates;
    }
    Update(const Update &) = delete;
    Update &operator=(const Update &) = delete;

    void undo() {
        header_.sealed = sealed_;
        header_.crc = crc_;
        header_.basis = basis_;
        header_.updates -= 2; // the destructor counts up
    }

  private:
    // Keeps the compiler from moving stores over the change of the counter: a dump taken meanwhile must look torn.
    static void fence() { __asm__ volatile("" ::: "memory"); }

    Header &header_;
    std::uint8_t sealed_;
    std::uint32_t crc_;
    std::uint32_t basis_;
};

void enter(const tb_monitor &, std::uint8_t state);
// What the detector knows has changed: derives what depends on it and calibrates, or learns if too little is left.
void calibrate_again(const tb_monitor &);
// A call has changed the model, its threshold or the state: the recipe's policy, if any, must know.
void tell_policy(const tb_monitor &);

tb_status step(const tb_monitor &, const Given &, const tb_context &, tb_result &);
tb_status score(const tb_monitor &, const Given &, const tb_context &, std::int32_t &score);
// score may be null: else it gets the frame's score before it is learned, 0 where there is none yet.
tb_status learn(const tb_monitor &, const Given &, const tb_context &, std::int32_t *score);
tb_status explain(const tb_monitor &, const Given &, const tb_context &, std::int32_t *shares);
tb_status recalibrate(const tb_monitor &);

} // namespace twinbit
