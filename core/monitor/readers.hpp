// A frame as the caller gave it, and how its numbers get into scratch. One reader a type of number: firmware that
// steps with integers links no code for floats.
#pragma once

#include "image/recipe.hpp"

namespace twinbit {

using Reader = Reading (*)(const tb_monitor &, const void *values, bool hold);

struct Frame {
    const void *values;
    Reader read;
};

Reading read_i16(const tb_monitor &, const void *values, bool hold);
Reading read_i32(const tb_monitor &, const void *values, bool hold);
Reading read_f32(const tb_monitor &, const void *values, bool hold);

// A role's stage with its memory. The recipe must have the role.
Block block_of(const tb_monitor &, Role);

// Its part of the recipe; null if there is none (only a scaler may be missing).
inline const tb_part *part_of(const tb_monitor &m, Role role) { return m.part[static_cast<int>(role)]; }
inline const tb_stage &stage_of(const tb_monitor &m, Role role) { return *part_of(m, role)->stage; }

} // namespace twinbit
