// Fraction bits of what goes into a layer and of what comes out of it.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit::dense {

// forward: of v and y; pull: of e and delta; miss and push: of v alone. Float has no such thing and ignores them.
struct Places {
    int in = 0;
    int out = 0;
};

} // namespace twinbit::dense
