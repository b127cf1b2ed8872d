// The closed loop: memory for candidate and good image, what the operator says, and what the policy tells of itself.
#include "monitor.hpp"

#include <cstring>

namespace twinbit::python {

namespace {

void attach(MonitorObject &object, std::uint32_t which) {
    const Guard guard(object);
    object.attach(which);
}

py::bytes raw_attached(MonitorObject &object, std::uint32_t which) {
    const Guard guard(object);
    return py::bytes(object.attached_image(which));
}

py::bytes save_attached(MonitorObject &object, std::uint32_t which) {
    const Guard guard(object);
    std::string bytes(object.memory().image, '\0');
    check(tb_save_attached(object.get(), which, bytes.data(), object.memory().image), "save_attached");
    return py::bytes(bytes);
}

void load_attached(MonitorObject &object, std::uint32_t which, const py::bytes &image) {
    const std::string_view view = image;
    const Guard guard(object);
    check(tb_load_attached(object.get(), which, view.data(), static_cast<std::uint32_t>(view.size())), "load_attached");
}

// A call that takes one number, named for people.
template <tb_status (*Call)(tb_monitor *, std::uint32_t)>
void tell(MonitorObject &object, std::uint32_t number, const char *what) {
    const Guard guard(object);
    check(Call(object.get(), number), what);
}

template <tb_status (*Call)(tb_monitor *)> void act(MonitorObject &object, const char *what) {
    const Guard guard(object);
    check(Call(object.get()), what);
}

py::tuple events(MonitorObject &object) {
    constexpr std::uint32_t room = 256; // the most that a recipe keeps
    const Guard guard(object);
    std::vector<tb_event> kept(room);
    std::uint32_t count = 0, lost = 0;
    check(tb_events(object.get(), kept.data(), room, &count, &lost), "events");
    return py::make_tuple(py::bytes(reinterpret_cast<const char *>(kept.data()), count * sizeof(tb_event)), lost);
}

tb_health trend(MonitorObject &object) {
    const Guard guard(object);
    tb_health health = {};
    check(tb_trend(object.get(), &health), "health");
    return health;
}

py::bytes health_raw(MonitorObject &object) {
    const tb_health health = trend(object);
    return py::bytes(reinterpret_cast<const char *>(&health), sizeof health);
}

py::dict health(MonitorObject &object) {
    const tb_health found = trend(object);
    py::dict fields;
    fields["frames"] = found.frames;
    fields["level"] = found.level;
    fields["slope"] = found.slope;
    fields["slope_error"] = found.slope_error;
    fields["to_threshold"] = found.to_threshold;
    fields["earliest"] = found.earliest;
    fields["latest"] = found.latest;
    fields["index"] = found.index;
    return fields;
}

py::dict loop(MonitorObject &object) {
    const Guard guard(object);
    tb_loop found = {};
    check(tb_loop_of(object.get(), &found), "loop");
    py::dict fields;
    fields["since"] = found.since;
    fields["over"] = found.over;
    fields["creep"] = found.creep;
    fields["blocks"] = found.blocks;
    fields["held"] = found.held;
    fields["asked"] = found.asked;
    fields["muted"] = found.muted;
    fields["candidate"] = found.candidate;
    fields["good"] = found.good;
    return fields;
}

} // namespace

void register_loop(py::module_ &, py::class_<MonitorObject> &monitor) {
    monitor.def("attach", &attach, py::arg("which"), "Gives the policy memory: 0 for a candidate, 1 for a good image.");
    monitor.def("raw_attached", &raw_attached, py::arg("which"), "An attached image's bytes as they are.");
    monitor.def("save_attached", &save_attached, py::arg("which"), "A sealed copy of an attached image.");
    monitor.def("load_attached", &load_attached, py::arg("which"), py::arg("image"), "Takes over what was saved.");
    monitor.def(
        "feedback", [](MonitorObject &object, std::uint32_t word) { tell<tb_feedback>(object, word, "feedback"); },
        py::arg("word"), "0 not a fault, 1 fault, 2 hold, 3 release.");
    monitor.def(
        "unlearn", [](MonitorObject &object, std::uint32_t blocks) { tell<tb_unlearn>(object, blocks, "unlearn"); },
        py::arg("blocks"), "Takes the last blocks of adaptation out.");
    monitor.def(
        "rollback", [](MonitorObject &object) { act<tb_rollback>(object, "rollback"); },
        "Goes back to the last good model and holds.");
    monitor.def(
        "forget", [](MonitorObject &object) { act<tb_forget>(object, "forget"); }, "Halves what was learned.");
    monitor.def("events", &events, "Records of 16 bytes, oldest first, and how many were lost.");
    monitor.def("health", &health, "The trend of the smoothed score, as raw numbers.");
    monitor.def("health_raw", &health_raw, "The same as bytes.");
    monitor.def("loop", &loop, "Where the policy stands, as raw numbers.");
}

} // namespace twinbit::python
