// What drives framer, extractors and transforms: see ChainOps in image/stage.hpp.
#pragma once

#include "image/stage.hpp"

namespace twinbit {

extern const ChainOps chain;

} // namespace twinbit
