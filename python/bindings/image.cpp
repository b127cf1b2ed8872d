// Images: sealed copies, raw memory, loading, merging, and reading the header of any bytes.
#include "monitor.hpp"

namespace twinbit::python {

static py::bytes save(MonitorObject &object) {
    const Guard guard(object);
    check(tb_seal(object.get()), "save");
    return py::bytes(object.image());
}

static py::bytes raw(MonitorObject &object) {
    const Guard guard(object);
    return py::bytes(object.image());
}

template <tb_status (*Call)(tb_monitor *, const void *, std::uint32_t, std::uint32_t)>
static void take(MonitorObject &object, const py::bytes &image, bool dump, const char *what) {
    const std::string_view view = image;
    const Guard guard(object);
    check(Call(object.get(), view.data(), static_cast<std::uint32_t>(view.size()), dump ? TB_LOAD_RAW : TB_LOAD_SEALED),
          what);
    object.told() = 0;
}

template <tb_status (*Call)(tb_monitor *, const void *, std::uint32_t)>
static void join(MonitorObject &object, const py::bytes &image, const char *what) {
    const std::string_view view = image;
    const Guard guard(object);
    check(Call(object.get(), view.data(), static_cast<std::uint32_t>(view.size())), what);
}

static py::tuple inspect(const py::bytes &image) {
    const std::string_view view = image;
    tb_image_info info = {};
    const tb_status status = tb_inspect(view.data(), static_cast<std::uint32_t>(view.size()), &info);
    py::dict fields;
    fields["size"] = info.size;
    fields["format"] = info.format;
    fields["numerics"] = info.numerics;
    fields["arithmetic"] = info.arithmetic;
    fields["sealed"] = info.sealed;
    fields["state"] = info.state;
    fields["alarm"] = info.alarm;
    fields["layout"] = info.layout;
    fields["policy"] = info.policy;
    fields["basis"] = info.basis;
    fields["updates"] = info.updates;
    fields["crc"] = info.crc;
    fields["crc_now"] = info.crc_now;
    fields["frames"] = info.frames;
    return py::make_tuple(status, fields);
}

void register_image(py::module_ &module, py::class_<MonitorObject> &monitor) {
    module.def("inspect", &inspect, py::arg("image"),
               "First thing that is wrong (0: nothing) and the header's fields.");
    monitor.def("save", &save, "Seals the image and returns a copy of it.");
    monitor.def("raw", &raw, "The image's bytes as they are, sealed or not.");
    monitor.def(
        "load",
        [](MonitorObject &object, const py::bytes &image, bool dump) { take<tb_load>(object, image, dump, "load"); },
        py::arg("image"), py::arg("raw") = false, "Takes over an image; raw also takes unsealed memory.");
    monitor.def(
        "set_policy",
        [](MonitorObject &object, const py::bytes &image, bool dump) {
            take<tb_set_policy>(object, image, dump, "set_policy");
        },
        py::arg("image"), py::arg("raw") = false, "As load, with this recipe's thresholds instead of the image's.");
    monitor.def(
        "merge", [](MonitorObject &object, const py::bytes &image) { join<tb_merge>(object, image, "merge"); },
        py::arg("image"), "Adds the statistics of another sealed image on the same basis.");
    monitor.def(
        "unmerge", [](MonitorObject &object, const py::bytes &image) { join<tb_unmerge>(object, image, "unmerge"); },
        py::arg("image"), "Takes merged statistics out again.");
}

} // namespace twinbit::python
