// Arrays of frames as the C interface takes them: float32, int32 and int16 in C order without a copy, all else as
// float32.
#pragma once

#include "monitor.hpp"

#include <pybind11/numpy.h>

#include <vector>

namespace twinbit::python {

enum class Kind { F32, I32, I16 };

// Frames of values that stay alive (and, if the caller's array fits, in place) while this object does.
struct Values {
    py::array array;
    Kind kind = Kind::F32;
    std::uint32_t frames = 0;
    std::uint32_t count = 0;  // of values in a frame
    std::uint32_t stride = 0; // values from one frame to the next: fewer where windows overlap

    template <class T> const T *data() const { return static_cast<const T *>(array.data()); }
};

// In: a 2-D array (frames, channels). Raises twinbit.ShapeError for other shapes.
Values values_of(const py::array &array, const char *what);

// Rows of samples as the windows that they make, every hop; rows that are frames stay as they are. Samples that don't
// have the recipe's channels are left to the C interface to refuse.
Values whole_frames(Values values, const MonitorObject &object);

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
