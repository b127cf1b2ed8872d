// Status codes: their names and texts, and how one becomes a Python exception (twinbit.errors decides which class).
#include "register.hpp"

namespace twinbit::python {

void raise_status(tb_status status, const char *what, Place place) {
    const py::object make = py::module_::import("twinbit.errors").attr("from_status");
    const py::object error = make(status, what, place.frame, place.channel);
    PyErr_SetObject(reinterpret_cast<PyObject *>(Py_TYPE(error.ptr())), error.ptr());
    throw py::error_already_set();
}

static py::dict status_names() {
    py::dict names;
#define TB_NAME_(name, value, text) names[py::int_(value)] = #name;
    TB_STATUS_LIST(TB_NAME_)
#undef TB_NAME_
    return names;
}

void register_status(py::module_ &module) {
    module.def("status_names", &status_names, "The C name of each status.");
    module.def("status_text", &tb_status_text, py::arg("status"), "The C text of a status.");
}

} // namespace twinbit::python
