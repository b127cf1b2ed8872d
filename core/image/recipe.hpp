// A recipe checked and measured: which stage lies where in image, scratch and plan, and its two digests.
#pragma once

#include "image/stage.hpp"

namespace twinbit {

// Goes through the parts of a recipe, of which nothing but its pointers is trusted:
//
//   for (Walk w(recipe); w.next();) ...
//
// ends behind the last part or at the first one that is wrong, and tells which by whole().
class Walk {
  public:
    explicit Walk(const tb_recipe &);

    bool next();
    bool whole() const { return left_ == 0 && (role == Role::decision || role == Role::policy); }

    // Of the present part.
    const tb_part *part;
    Role role;
    Setup setup;
    Shape shape;
    std::uint32_t image;    // where its block begins
    std::uint32_t plan;     // where its plan begins
    std::uint32_t features; // values behind it
    std::uint32_t window;   // samples of a window; 0 without a framer
    std::uint32_t channels; // values before the first part

  private:
    bool fits(const tb_part &) const;

    const tb_part *next_;
    std::uint32_t left_; // parts from next_ on
    std::uint32_t axes_;
    std::uint8_t arithmetic_;
    std::uint8_t raw_;
};

// Checks a whole recipe and fills in all of the monitor but its memory. Scratch holds the raw values, then the samples,
// then what the stage at work needs; extractors have a column of a window before that.
tb_status measure(const tb_recipe &, tb_monitor &);

struct Digests {
    std::uint32_t layout;
    std::uint32_t policy;
};
Digests digest(const tb_recipe &);

} // namespace twinbit
