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
    explicit Walk(const tb_recipe &recipe) : recipe_(recipe) {}

    bool next();
    bool whole() const { return at_ == recipe_.count && role == Role::decision; }

    // Of the present part.
    const tb_part *part = nullptr;
    Role role = Role::input;
    Setup setup = {};
    Shape shape = {};
    std::uint32_t image = sizeof(Header); // where its block begins
    std::uint32_t plan = 0;               // where its plan begins
    std::uint32_t features = 0;           // values behind it
    std::uint32_t window = 0;             // samples of a window; 0 without a framer
    std::uint32_t channels = 0;           // values before the first part

  private:
    bool fits(const tb_part &) const;

    const tb_recipe &recipe_;
    std::uint32_t at_ = 0;
    std::uint32_t axes_ = 0;
    std::uint8_t raw_ = 0;
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
