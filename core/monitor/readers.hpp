// How a frame's numbers get into scratch as raw values, and where a stage's memory is.
#pragma once

#include "image/recipe.hpp"

namespace twinbit {

Reading read_i16(const tb_monitor &, const void *values, bool hold);
Reading read_i32(const tb_monitor &, const void *values, bool hold);
Reading read_f32(const tb_monitor &, const void *values, bool hold);

// A stage of the monitor with its memory, by TB_PART_...; the recipe must have it.
Block block_of(const tb_monitor &, int part);

// Its part of the recipe; null if there is none.
inline const tb_part *part_of(const tb_monitor &m, int part) { return m.part[part]; }
inline const tb_stage &stage_of(const tb_monitor &m, int part) { return *m.part[part]->stage; }

} // namespace twinbit
