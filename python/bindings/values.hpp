// Arrays of frames as the C interface takes them: float32, int32 and int16 in C order without a copy, all else as
// float32.
#pragma once

#include "register.hpp"

#include <pybind11/numpy.h>

#include <vector>

namespace twinbit::python {

enum class Kind { F32, I32, I16 };

// Frames of values that stay alive (and, if the caller's array fits, in place) while this object does.
struct Values {
    py::array array;
    Kind kind = Kind::F32;
    std::uint32_t frames = 0;
    std::uint32_t count = 0;

    template <class T> const T *data() const { return static_cast<const T *>(array.data()); }
};

// In: a 2-D array (frames, channels). Raises twinbit.ShapeError for other shapes.
Values values_of(const py::array &array, const char *what);

// The first channel of a frame that is missing or not finite, -1 if none is.
std::int64_t bad_channel(const Values &values, std::uint32_t frame);

// dt and phase for each frame, or nothing.
class Contexts {
  public:
    Contexts(const py::object &dt, const py::object &phase, std::uint32_t frames);
    const tb_context *data() const { return contexts_.empty() ? nullptr : contexts_.data(); }
    const tb_context *at(std::uint32_t frame) const { return contexts_.empty() ? nullptr : &contexts_[frame]; }

  private:
    std::vector<tb_context> contexts_;
};

} // namespace twinbit::python
