// Drift detectors by themselves: one value or vector at a time, or many in one call without the interpreter lock.
#include "guard.hpp"
#include "values.hpp"

#include <pybind11/stl.h>

#include <algorithm>

namespace twinbit::python {

namespace {

// A detector with the words and the memory it stands on.
class DriftObject {
  public:
    DriftObject(std::uint16_t stage, std::vector<std::int32_t> words, std::uint8_t arithmetic, std::uint32_t features)
        : words_(std::move(words)), features_(features) {
        part_ = {tb_stage_by_id(stage, arithmetic), words_.data(), static_cast<std::uint32_t>(words_.size())};
        if (part_.stage == nullptr) {
            raise_status(TB_ERR_RECIPE, "drift");
        }
        std::uint32_t bytes = 0;
        check(tb_drift_size(&part_, features_, &bytes), "drift");
        memory_.resize((std::size_t{bytes} + 7) / 8); // the C interface wants 8-byte alignment
        reset();
    }
    DriftObject(const DriftObject &) = delete;
    DriftObject &operator=(const DriftObject &) = delete;

    void reset() {
        const auto bytes = static_cast<std::uint32_t>(memory_.size() * 8);
        check(tb_drift_init(&drift_, &part_, features_, memory_.data(), bytes), "drift");
        detected_ = false;
    }

    tb_drift *get() { return &drift_; }
    std::uint32_t features() const { return features_; }
    std::uint32_t size() const { return drift_.size; }
    std::string_view state() const { return {reinterpret_cast<const char *>(drift_.state), drift_.size}; }
    bool &detected() { return detected_; } // whether the last update told a drift
    std::atomic<bool> &busy() { return busy_; }

  private:
    std::vector<std::int32_t> words_;
    std::vector<std::uint64_t> memory_;
    std::uint32_t features_;
    tb_part part_ = {};
    tb_drift drift_ = {};
    bool detected_ = false;
    std::atomic<bool> busy_{false};
};

class DriftGuard : public Turn {
  public:
    explicit DriftGuard(DriftObject &object) : Turn(object.busy(), "drift detector") {}
};

// Single values may come without the second axis; 16-bit integers are widened.
Values drift_values(const DriftObject &object, const py::array &array) {
    py::array given = array;
    if (py::isinstance<py::array_t<std::int16_t>>(given)) {
        given = py::array_t<std::int32_t, py::array::c_style | py::array::forcecast>::ensure(given);
    }
    if (given.ndim() == 1 && object.features() == 1) {
        given = given.reshape({given.shape(0), py::ssize_t{1}});
    }
    return values_of(given, "update_many");
}

tb_status update_all(DriftObject &object, const Values &v, std::uint8_t *detected, std::uint32_t &done) {
    if (v.kind == Kind::F32) {
        return tb_drift_update_f32_many(object.get(), v.data<float>(), v.frames, v.count, detected, &done);
    }
    return tb_drift_update_i32_many(object.get(), v.data<std::int32_t>(), v.frames, v.count, detected, &done);
}

// Takes all values or, where one is refused, none.
py::array_t<bool> update_many(DriftObject &object, const py::array &array) {
    const Values values = drift_values(object, array);
    py::array_t<bool> told(values.frames);
    auto *out = reinterpret_cast<std::uint8_t *>(told.mutable_data()); // NumPy's bool is a byte, 0 or 1
    std::uint32_t done = 0;
    tb_status status = TB_OK;
    {
        const DriftGuard guard(object);
        const py::gil_scoped_release release;
        const std::string before(object.state());
        status = update_all(object, values, out, done);
        if (status < 0) {
            std::copy(before.begin(), before.end(), object.get()->state);
        } else if (values.frames != 0) {
            object.detected() = out[values.frames - 1] != 0;
        }
    }
    if (status < 0) {
        const bool inside = done < values.frames;
        raise_status(status, "update_many", {inside ? done : -1, inside ? bad_channel(values, done) : -1});
    }
    return told;
}

float number(PyObject *value) {
    const double made = PyFloat_CheckExact(value) ? PyFloat_AS_DOUBLE(value) : PyFloat_AsDouble(value);
    if (made == -1.0 && PyErr_Occurred() != nullptr) {
        throw py::error_already_set();
    }
    return static_cast<float>(made);
}

void update_one(DriftObject &object, PyObject *x) {
    const DriftGuard guard(object);
    const float value = number(x);
    std::uint8_t told = 0;
    check(tb_drift_update_f32(object.get(), &value, 1, &told), "update");
    object.detected() = told != 0;
}

py::bytes state(DriftObject &object) {
    const DriftGuard guard(object);
    return py::bytes(object.state());
}

void load(DriftObject &object, const py::bytes &bytes, bool detected) {
    const std::string_view view = bytes;
    const DriftGuard guard(object);
    check(tb_drift_load(object.get(), view.data(), static_cast<std::uint32_t>(view.size())), "load");
    object.detected() = detected;
}

// What CPython calls for update_one: a method that takes one argument, where the call itself is the cost.
PyObject *update_entry(PyObject *self, PyObject *x) {
    try {
        update_one(py::cast<DriftObject &>(py::handle(self)), x);
        return py::none().release().ptr();
    } catch (py::error_already_set &error) {
        error.restore();
    } catch (const std::exception &error) {
        PyErr_SetString(PyExc_RuntimeError, error.what());
    }
    return nullptr;
}

PyMethodDef update_method = {"update_one", &update_entry, METH_O, "One value."};

} // namespace

void register_drift(py::module_ &module) {
    py::class_<DriftObject> drift(module, "Drift", "A drift detector on memory of its own. One thread at a time.");
    drift.def(py::init<std::uint16_t, std::vector<std::int32_t>, std::uint8_t, std::uint32_t>(), py::arg("stage"),
              py::arg("words"), py::arg("arithmetic") = std::uint8_t{TB_F32}, py::arg("features") = std::uint32_t{1},
              "In: the stage's number and words as capi/RECIPE.md has them; numbers in a vector (1: single values).");
    drift.def("update_many", &update_many, py::arg("values"),
              "Values (n,), or vectors (n, features), in their order; whether each told a drift.");
    drift.def_property_readonly(
        "detected", [](DriftObject &object) { return object.detected(); }, "Whether the last update told a drift.");
    drift.def_property_readonly("features", &DriftObject::features, "Numbers in a vector.");
    drift.def_property_readonly("size", &DriftObject::size, "Bytes of the state.");
    drift.def_property_readonly("state", &state, "All that it knows, as the bytes lie in memory.");
    drift.def("load", &load, py::arg("state"), py::arg("detected") = false,
              "Takes over the state of a detector with the same words. The bytes are checked before.");
    drift.def(
        "reset",
        [](DriftObject &object) {
            const DriftGuard guard(object);
            object.reset();
        },
        "Back to before the first value.");
    auto *type = reinterpret_cast<PyTypeObject *>(drift.ptr());
    auto method = py::reinterpret_steal<py::object>(PyDescr_NewMethod(type, &update_method));
    if (!method) {
        throw py::error_already_set();
    }
    drift.attr(update_method.ml_name) = method;
}

} // namespace twinbit::python
