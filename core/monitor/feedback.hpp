// What the operator says, and the way back.
#pragma once

#include "monitor/policy.hpp"

namespace twinbit {

tb_status feedback(const tb_monitor &, std::uint32_t word);
tb_status roll_back(const tb_monitor &);
void loop_state(const tb_monitor &, tb_loop &);

} // namespace twinbit
