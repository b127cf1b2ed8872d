// Recipes in their canonical binary form: memory they need, self-test, and the check that they are canonical.
#include "register.hpp"
#include "twinbit_host.h"

#include <memory>

namespace twinbit::python {

static std::unique_ptr<tb_recipe_store> read(const py::bytes &bytes) {
    const std::string_view view = bytes;
    auto store = std::make_unique<tb_recipe_store>();
    check(tb_recipe_read(view.data(), static_cast<std::uint32_t>(view.size()), store.get()), "recipe");
    return store;
}

static py::tuple sizes(const py::bytes &bytes) {
    tb_memory memory = {};
    check(tb_sizes(&read(bytes)->recipe, &memory), "sizes");
    return py::make_tuple(memory.image, memory.scratch, memory.plan);
}

static py::bytes canonical(const py::bytes &bytes) {
    const auto store = read(bytes);
    std::uint32_t size = 0;
    check(tb_recipe_write(&store->recipe, nullptr, 0, &size), "recipe");
    std::string out(size, '\0');
    check(tb_recipe_write(&store->recipe, out.data(), size, &size), "recipe");
    return py::bytes(out);
}

static void selftest(const py::bytes &bytes) { check(tb_selftest(&read(bytes)->recipe), "selftest"); }

void register_recipe(py::module_ &module) {
    module.def("sizes", &sizes, py::arg("recipe"), "Bytes of image, scratch and plan of a canonical recipe.");
    module.def("canonical", &canonical, py::arg("recipe"), "A checked recipe, written again.");
    module.def("selftest", &selftest, py::arg("recipe"), "Known answers through the stages of a recipe.");
}

} // namespace twinbit::python
