// Known answers for a detector: a small one of 2 features learns and scores a few frames; the checksum of scores and
// block must match the one that its stage carries.
#pragma once

#include "image/stage.hpp"

namespace twinbit {

// Runs the detector's test in memory of its own: about 300 bytes of stack, 1,500 for stages that say test_wide. 0 if a
// detector needs more than that.
std::uint32_t selftest_digest(const tb_stage &detector);

} // namespace twinbit
