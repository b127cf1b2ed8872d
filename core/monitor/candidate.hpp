// The second and third image: a candidate normal that learns beside the model in charge, and the last good one.
//
// The candidate goes through scaling, learning and calibrating by the same code as any monitor, on the frames that the
// model in charge sees, from the raw features on. The loop's state knows its updates counter, and the good image's
// checksum when it was kept: memory that a restart did not bring back is not used.
#pragma once

#include "monitor/policy.hpp"

namespace twinbit {

// A monitor on attached memory; it shares recipe and scratch, and has neither a policy nor parts before the scaler.
tb_monitor attached_monitor(const tb_monitor &, std::uint32_t which);

// A fresh image there, that knows nothing.
void blank(const tb_monitor &, std::uint32_t which);

// The updates counter that a candidate begins with: the monitor's own, so that one of an earlier drift never matches.
std::uint32_t first_stamp(const tb_monitor &);

// The candidate is in use and its memory is what the loop knows.
bool candidate_matches(const tb_monitor &);
bool good_matches(const tb_monitor &);

void begin_candidate(const tb_monitor &);
// Shows the frame in scratch to the candidate, which begins anew if its memory does not match.
void step_candidate(const tb_monitor &, std::uint32_t dt_ms);
// It becomes the model in charge, in the state that it has reached; the one before becomes the good image.
void take_over(const tb_monitor &);

// The model as it is becomes the good image, if there is memory for it.
void keep_good(const tb_monitor &);
// Image and plan, as those of a monitor that is calm and not held.
void copy_whole(const tb_monitor &to, const tb_monitor &from);
// The model, from scaler to drift detectors, and its state, from another image of the same recipe.
void copy_model(const tb_monitor &to, const tb_monitor &from);

} // namespace twinbit
