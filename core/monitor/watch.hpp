// The drift detectors of a recipe, at work in a monitor.
#pragma once

#include "monitor/monitor.hpp"

namespace twinbit {

inline constexpr std::uint32_t no_drift = UINT32_MAX;

// Shows them a frame; the number of the first one that tells a drift with it, or no_drift. Those that watch samples see
// every frame that is learned or scored, those that watch scores only what is scored by a finished model. found: the state
// that the frame found.
std::uint32_t watch(const tb_monitor &, std::uint32_t found, const tb_result &);

// Those that watch scores begin anew.
void forget_scores(const tb_monitor &);

} // namespace twinbit
