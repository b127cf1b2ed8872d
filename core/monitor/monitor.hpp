// The monitor: takes frames through input, scaler, detector and decision, and knows which of them learns when.
//
//   scaling -> learning -> calibrating -> monitoring
//
// Works on a tb_monitor whose recipe was checked by measure(). Arguments are checked by the C functions on top of it.
#pragma once

#include "image/recipe.hpp"
#include "monitor/decision.hpp"

namespace twinbit {

inline Header &header(const tb_monitor &m) { return *at<Header>(m.image, 0); }

// A role's stage with its memory. The recipe must have the role.
Block block_of(const tb_monitor &, Role);

inline const tb_stage &stage_of(const tb_monitor &m, Role role) { return *find_part(*m.recipe, role)->stage; }
inline const DetectorOps &detector_of(const tb_monitor &m) { return *stage_of(m, Role::detector).detector; }
inline Decision &decision_of(const tb_monitor &m) { return *at<Decision>(m.image, m.block[3]); }
const DecisionWords &words_of(const tb_monitor &);

// Marks an update: the counter is odd while it lasts, and the seal is broken. keep() or not, it ends even; undo() gives the
// header back as it was, for updates that were refused before they changed anything.
class Update {
  public:
    explicit Update(const tb_monitor &m) : header_(header(m)), before_(header_) {
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
        header_ = before_;
        --header_.updates; // the destructor counts up
    }

  private:
    // Keeps the compiler from moving stores over the change of the counter: a dump taken meanwhile must look torn.
    static void fence() { __asm__ volatile("" ::: "memory"); }

    Header &header_;
    Header before_;
};

void enter(const tb_monitor &, std::uint8_t state);

tb_status step(const tb_monitor &, const Values &, const tb_context &, tb_result &);
tb_status score(const tb_monitor &, const Values &, const tb_context &, std::int32_t &score);
// score may be null: else it gets the frame's score before it is learned, 0 where there is none yet.
tb_status learn(const tb_monitor &, const Values &, const tb_context &, std::int32_t *score);
tb_status explain(const tb_monitor &, const Values &, const tb_context &, std::int32_t *shares);
tb_status recalibrate(const tb_monitor &);

} // namespace twinbit
