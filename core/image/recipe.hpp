// A recipe checked and measured: which stage lies where in image and scratch, and its two digests.
#pragma once

#include "image/header.hpp"
#include "image/stage.hpp"

namespace twinbit {

// Checks a whole recipe, of which nothing but its pointers is trusted, and fills in all of the monitor but its memory.
// Scratch holds the raw features, then the samples, then the detector's own.
tb_status measure(const tb_recipe &, tb_monitor &);

struct Digests {
    std::uint32_t layout;
    std::uint32_t policy;
};
Digests digest(const tb_recipe &);

} // namespace twinbit
