// The module twinbit._core: thin bindings over twinbit.h and twinbit_host.h, one file a subject. No algorithm lives here.
#include "register.hpp"

PYBIND11_MODULE(_core, module) {
    module.doc() = "Bindings of the C interface. Use the twinbit package instead: it checks shapes and names.";
    module.attr("VERSION") = TB_VERSION;
    module.attr("NUMERICS_VERSION") = TB_NUMERICS_VERSION;
    module.attr("THRESHOLD_NONE") = TB_THRESHOLD_NONE;
    module.attr("SIMILARITY_NONE") = TB_SIMILARITY_NONE;
    twinbit::python::register_status(module);
    twinbit::python::register_recipe(module);
    twinbit::python::register_monitor(module);
    twinbit::python::register_drift(module);
}
