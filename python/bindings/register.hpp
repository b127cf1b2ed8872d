// What each subject's file adds to the module, and what they share: status codes turned into Python exceptions.
#pragma once

#include "twinbit.h"

#include <pybind11/pybind11.h>

#include <cstdint>

namespace twinbit::python {

namespace py = pybind11;

class MonitorObject;

void register_status(py::module_ &module);
void register_recipe(py::module_ &module);
void register_monitor(py::module_ &module);
void register_drift(py::module_ &module);
void register_batches(py::class_<MonitorObject> &monitor);
void register_single(py::module_ &module, py::class_<MonitorObject> &monitor);
void register_image(py::module_ &module, py::class_<MonitorObject> &monitor);
void register_loop(py::module_ &module, py::class_<MonitorObject> &monitor);

// Where in the data something went wrong; -1 where that is not known.
struct Place {
    std::int64_t frame = -1;
    std::int64_t channel = -1;
};

// Raises the twinbit exception that belongs to a negative status. `what` names the call, for people.
[[noreturn]] void raise_status(tb_status status, const char *what, Place place = {});

inline void check(tb_status status, const char *what) {
    if (status < 0) {
        raise_status(status, what);
    }
}

} // namespace twinbit::python
