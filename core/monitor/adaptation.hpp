// Policy `adapt`: the model follows what is normal, in blocks, and only so far.
//
//   learner     a copy of the model in charge, in the candidate's memory, learns the calm frames; after block_frames of
//               them its detector takes over, and the one before is kept for tb_unlearn()
//   forget      after that many frames learned, the learner's statistics are halved
//   creep       slow average of the reference's score of calm frames - base;  over the budget normal has crept too far
//   reference   the model as it was calibrated (TB_GOOD);  base: its mean score over the first `creep` calm frames. Running
//               averages that scores are made of follow the stream in it, too, but no mean does
//
// The model in charge stays ready to score: what takes long (a factor, an ELM's solution) is derived once a block, with
// the frame that ends it. A fault that grows slowly stays calm until the budget is spent, and grows on from there: with a
// budget below threshold - typical score it alarms before it is twice as large as what the frozen model detects.
#pragma once

#include "monitor/policy.hpp"

namespace twinbit {

// A scored frame. calm: neither over the threshold nor in an alarm; learns: it may be learned.
void adapt(const tb_monitor &, bool calm, bool learns);

// Shows the reference a scored frame; how far normal has crept, octaves as Q15.16. 0 without a reference or a base.
std::int32_t count_creep(const tb_monitor &, bool calm);
std::int32_t creep_of(const tb_monitor &);

// Takes the last n blocks out.
tb_status unlearn(const tb_monitor &, std::uint32_t n);

} // namespace twinbit
