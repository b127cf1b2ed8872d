// How numpy arrays become frames.
#include "values.hpp"

#include <cmath>

namespace twinbit::python {

template <class T> static bool is(const py::array &array) {
    return py::isinstance<py::array_t<T, py::array::c_style>>(array);
}

static py::array fitting(const py::array &array, Kind &kind) {
    if (is<float>(array)) {
        kind = Kind::F32;
        return array;
    }
    if (py::isinstance<py::array_t<std::int32_t>>(array)) {
        kind = Kind::I32;
        return py::array_t<std::int32_t, py::array::c_style>(array);
    }
    if (py::isinstance<py::array_t<std::int16_t>>(array)) {
        kind = Kind::I16;
        return py::array_t<std::int16_t, py::array::c_style>(array);
    }
    kind = Kind::F32;
    auto converted = py::array_t<float, py::array::c_style | py::array::forcecast>::ensure(array);
    if (!converted) {
        throw py::error_already_set();
    }
    return converted;
}

Values values_of(const py::array &array, const char *what) {
    if (array.ndim() != 2) {
        raise_status(TB_ERR_SHAPE, what);
    }
    Values values;
    values.array = fitting(array, values.kind);
    values.frames = static_cast<std::uint32_t>(array.shape(0));
    values.count = static_cast<std::uint32_t>(array.shape(1));
    values.stride = values.count;
    return values;
}

Values whole_frames(Values values, const MonitorObject &object) {
    const std::uint32_t window = object.values() / object.channels();
    if (window == 1 || values.count != object.channels()) {
        return values;
    }
    values.frames = values.frames < window ? 0 : (values.frames - window) / object.hop() + 1;
    values.stride = values.count * object.hop();
    values.count = object.values();
    return values;
}

template <class T, class Bad> static std::int64_t first_bad(const Values &values, std::uint32_t frame, const Bad &bad) {
    const T *at = values.data<T>() + static_cast<std::size_t>(frame) * values.stride;
    for (std::uint32_t i = 0; i < values.count; ++i) {
        if (bad(at[i])) {
            return i % static_cast<std::uint32_t>(values.array.shape(1));
        }
    }
    return -1;
}

std::int64_t bad_channel(const Values &values, std::uint32_t frame) {
    switch (values.kind) {
    case Kind::I32:
        return first_bad<std::int32_t>(values, frame, [](std::int32_t x) { return x == TB_MISSING_I32; });
    case Kind::I16:
        return first_bad<std::int16_t>(values, frame, [](std::int16_t x) { return x == TB_MISSING_I16; });
    case Kind::F32:
        break;
    }
    return first_bad<float>(values, frame, [](float x) { return !std::isfinite(x); });
}

using Words = py::array_t<std::uint32_t, py::array::c_style | py::array::forcecast>;

static Words words_of(const py::object &object, std::uint32_t frames, const char *name) {
    if (object.is_none()) {
        return Words();
    }
    auto words = Words::ensure(object);
    if (!words) {
        throw py::error_already_set();
    }
    if (words.ndim() != 1 || words.shape(0) != static_cast<py::ssize_t>(frames)) {
        throw py::value_error(std::string(name) + " needs one number for each frame, as a 1-D array");
    }
    return words;
}

Contexts::Contexts(const py::object &dt, const py::object &phase, std::uint32_t frames) {
    if (dt.is_none() && phase.is_none()) {
        return;
    }
    const Words times = words_of(dt, frames, "dt");
    const Words phases = words_of(phase, frames, "phase");
    contexts_.resize(frames);
    for (std::uint32_t i = 0; i < frames; ++i) {
        contexts_[i].dt_ms = dt.is_none() ? 0 : times.at(i);
        contexts_[i].phase = phase.is_none() ? 0 : phases.at(i);
    }
}

} // namespace twinbit::python
