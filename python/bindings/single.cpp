// One frame at a time, where the call itself is the cost: plain CPython method descriptors that take one argument, and
// no conversion where a float32 array, a float64 array or a list of floats comes.
#include "monitor.hpp"

#include <pybind11/numpy.h>

namespace twinbit::python {

namespace {

struct Frame {
    const float *data = nullptr;
    std::uint32_t count = 0;
};

// A list or tuple, number by number. A frame of the wrong length is left to the C interface to refuse.
Frame from_sequence(MonitorObject &object, PyObject *values) {
    const auto size = static_cast<std::uint32_t>(PySequence_Fast_GET_SIZE(values));
    if (size > object.values()) {
        return {object.frame(), size};
    }
    PyObject **items = PySequence_Fast_ITEMS(values);
    for (std::uint32_t i = 0; i < size; ++i) {
        const double number = PyFloat_CheckExact(items[i]) ? PyFloat_AS_DOUBLE(items[i]) : PyFloat_AsDouble(items[i]);
        if (number == -1.0 && PyErr_Occurred() != nullptr) {
            throw py::error_already_set();
        }
        object.frame()[i] = static_cast<float>(number);
    }
    return {object.frame(), size};
}

Frame from_array(MonitorObject &object, const py::array &values, py::array &keep, const char *what) {
    if (values.ndim() != 1) {
        raise_status(TB_ERR_SHAPE, what);
    }
    const auto count = static_cast<std::uint32_t>(values.shape(0));
    if (py::isinstance<py::array_t<float, py::array::c_style>>(values)) {
        return {static_cast<const float *>(values.data()), count};
    }
    if (py::isinstance<py::array_t<double, py::array::c_style>>(values) && count <= object.values()) {
        const double *from = static_cast<const double *>(values.data());
        for (std::uint32_t i = 0; i < count; ++i) {
            object.frame()[i] = static_cast<float>(from[i]);
        }
        return {object.frame(), count};
    }
    auto converted = py::array_t<float, py::array::c_style | py::array::forcecast>::ensure(values);
    if (!converted) {
        throw py::error_already_set();
    }
    keep = converted;
    return {converted.data(), count};
}

Frame frame_of(MonitorObject &object, PyObject *values, py::array &keep, const char *what) {
    if (PyList_Check(values) || PyTuple_Check(values)) {
        return from_sequence(object, values);
    }
    if (py::isinstance<py::array>(values)) {
        return from_array(object, py::reinterpret_borrow<py::array>(values), keep, what);
    }
    const py::object listed = py::reinterpret_steal<py::object>(PySequence_List(values));
    if (!listed) {
        throw py::error_already_set();
    }
    return from_sequence(object, listed.ptr());
}

std::int64_t bad_value(Frame frame) {
    for (std::uint32_t i = 0; i < frame.count; ++i) {
        if (!(frame.data[i] - frame.data[i] == 0.0f)) { // NaN and infinity
            return i;
        }
    }
    return -1;
}

void check_frame(tb_status status, const char *what, MonitorObject &object, Frame frame) {
    if (status < 0) {
        raise_status(status, what, {-1, frame.count <= object.values() ? bad_value(frame) : -1});
    }
}

// The result of a frame, in the units of people.
struct Result {
    tb_result raw;
};

PyObject *step_one(MonitorObject &object, PyObject *values) {
    const Guard guard(object);
    py::array keep;
    const Frame frame = frame_of(object, values, keep, "step_one");
    Result result = {};
    check_frame(tb_step_f32(object.get(), frame.data, frame.count, nullptr, &result.raw), "step_one", object, frame);
    return py::cast(result).release().ptr();
}

PyObject *score_one(MonitorObject &object, PyObject *values) {
    const Guard guard(object);
    py::array keep;
    const Frame frame = frame_of(object, values, keep, "score_one");
    std::int32_t score = 0;
    check_frame(tb_score_f32(object.get(), frame.data, frame.count, nullptr, &score), "score_one", object, frame);
    return PyFloat_FromDouble(score * (1.0 / TB_SCORE_ONE));
}

PyObject *learn_one(MonitorObject &object, PyObject *values) {
    const Guard guard(object);
    py::array keep;
    const Frame frame = frame_of(object, values, keep, "learn_one");
    check_frame(tb_learn_f32(object.get(), frame.data, frame.count, nullptr), "learn_one", object, frame);
    return py::none().release().ptr();
}

PyObject *learn_score_one(MonitorObject &object, PyObject *values) {
    const Guard guard(object);
    py::array keep;
    const Frame frame = frame_of(object, values, keep, "learn_score_one");
    std::int32_t score = 0;
    std::uint32_t done = 0;
    check_frame(tb_learn_score_f32_many(object.get(), frame.data, 1, frame.count, nullptr, &score, &done),
                "learn_score_one", object, frame);
    return PyFloat_FromDouble(score * (1.0 / TB_SCORE_ONE));
}

// What CPython calls: finds the object behind self, and turns C++ exceptions into Python ones.
template <PyObject *(*Call)(MonitorObject &, PyObject *)> PyObject *entry(PyObject *self, PyObject *values) {
    try {
        return Call(py::cast<MonitorObject &>(py::handle(self)), values);
    } catch (py::error_already_set &error) {
        error.restore();
    } catch (const std::exception &error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

PyMethodDef methods[] = {
    {"step_one", &entry<&step_one>, METH_O, "One frame (array, list or tuple of numbers) through the stream."},
    {"score_one", &entry<&score_one>, METH_O, "The raw score of one frame in octaves. Nothing moves."},
    {"learn_one", &entry<&learn_one>, METH_O, "The detector learns one frame."},
    {"learn_score_one", &entry<&learn_score_one>, METH_O, "The score in octaves, then the frame is learned."},
};

py::object threshold(const Result &result) {
    if (result.raw.threshold == TB_THRESHOLD_NONE) {
        return py::none();
    }
    return py::float_(result.raw.threshold * (1.0 / TB_SCORE_ONE));
}

py::object similarity(const Result &result) {
    if (result.raw.similarity == TB_SIMILARITY_NONE) {
        return py::none();
    }
    return py::int_(result.raw.similarity);
}

std::string text(const Result &result) {
    static const char *const states[] = {"scaling", "learning", "calibrating", "monitoring", "drifting"};
    return "Result(frame=" + std::to_string(result.raw.frame) + ", state='" + states[result.raw.state % 5] +
           "', score=" + std::to_string(result.raw.score / 65536.0) +
           ", alarm=" + ((result.raw.flags & TB_FLAG_ALARM) != 0 ? "True" : "False") + ")";
}

template <unsigned Flag> bool has(const Result &result) { return (result.raw.flags & Flag) != 0; }

void register_result(py::module_ &module) {
    py::class_<Result> result(module, "Result",
                              "What the stream says of one frame. Scores in octaves, high = anomalous.");
    result.def_property_readonly("frame", [](const Result &r) { return r.raw.frame; });
    result.def_property_readonly("score", [](const Result &r) { return r.raw.score * (1.0 / TB_SCORE_ONE); });
    result.def_property_readonly("smoothed", [](const Result &r) { return r.raw.smoothed * (1.0 / TB_SCORE_ONE); });
    result.def_property_readonly("threshold", &threshold);
    result.def_property_readonly("similarity", &similarity);
    result.def_property_readonly("state", [](const Result &r) { return r.raw.state; });
    result.def_property_readonly("flags", [](const Result &r) { return r.raw.flags; });
    result.def_property_readonly("scored", &has<TB_FLAG_SCORED>);
    result.def_property_readonly("over", &has<TB_FLAG_OVER>);
    result.def_property_readonly("alarm", &has<TB_FLAG_ALARM>);
    result.def_property_readonly("skipped", &has<TB_FLAG_SKIPPED>);
    result.def_property_readonly("gathering", &has<TB_FLAG_GATHERING>);
    result.def_property_readonly("drift", &has<TB_FLAG_DRIFT>);
    result.def_property_readonly("ask", &has<TB_FLAG_ASK>);
    result.def_property_readonly("taken", &has<TB_FLAG_TAKEN>);
    result.def("__bytes__",
               [](const Result &r) { return py::bytes(reinterpret_cast<const char *>(&r.raw), sizeof r.raw); });
    result.def("__repr__", &text);
}

} // namespace

void register_single(py::module_ &module, py::class_<MonitorObject> &monitor) {
    register_result(module);
    auto *type = reinterpret_cast<PyTypeObject *>(monitor.ptr());
    for (PyMethodDef &method : methods) {
        auto descriptor = py::reinterpret_steal<py::object>(PyDescr_NewMethod(type, &method));
        if (!descriptor) {
            throw py::error_already_set();
        }
        monitor.attr(method.ml_name) = descriptor;
    }
}

} // namespace twinbit::python
