// The monitor object: its memory, its guard and what can be asked of it.
#include "monitor.hpp"

namespace twinbit::python {

static std::vector<std::uint64_t> words_for(std::uint32_t bytes) {
    return std::vector<std::uint64_t>((static_cast<std::size_t>(bytes) + 7) / 8);
}

MonitorObject::MonitorObject(std::string_view recipe) : store_(std::make_unique<tb_recipe_store>()) {
    check(tb_recipe_read(recipe.data(), static_cast<std::uint32_t>(recipe.size()), store_.get()), "recipe");
    check(tb_sizes(&store_->recipe, &memory_), "recipe");
    image_ = words_for(memory_.image);
    scratch_ = words_for(memory_.scratch);
    plan_ = words_for(memory_.plan);
    check(tb_init(&monitor_, &store_->recipe, image_.data(), memory_.image, scratch_.data(), memory_.scratch,
                  memory_.plan == 0 ? nullptr : plan_.data(), memory_.plan),
          "Monitor");
    if (monitor_.values != monitor_.channels) {
        hop_ = static_cast<std::uint32_t>(monitor_.part[TB_PART_SIGNAL]->words[2]); // RECIPE.md: a framer's third word
    }
    frame_.resize(monitor_.values);
}

std::string_view MonitorObject::image() const { return {reinterpret_cast<const char *>(image_.data()), memory_.image}; }

void MonitorObject::attach(std::uint32_t which) {
    if (which >= TB_ATTACHED) {
        raise_status(TB_ERR_ARGUMENT, "attach");
    }
    Attached fresh = {words_for(memory_.image), words_for(memory_.plan)};
    check(tb_attach(&monitor_, which, fresh.image.data(), memory_.image,
                    memory_.plan == 0 ? nullptr : fresh.plan.data(), memory_.plan),
          "attach");
    attached_[which] = std::move(fresh); // the memory itself stays where it is
}

std::string_view MonitorObject::attached_image(std::uint32_t which) const {
    if (which >= TB_ATTACHED || attached_[which].image.empty()) {
        return {};
    }
    return {reinterpret_cast<const char *>(attached_[which].image.data()), memory_.image};
}

Guard::Guard(MonitorObject &object) : Turn(object.busy_, "monitor") {}

static py::tuple sizes(const MonitorObject &object) {
    return py::make_tuple(object.memory().image, object.memory().scratch, object.memory().plan);
}

static py::tuple blocks(MonitorObject &object) {
    const std::uint32_t *at = object.get()->block;
    return py::make_tuple(at[TB_PART_INPUT], at[TB_PART_SCALER], at[TB_PART_DETECTOR], at[TB_PART_DECISION],
                          at[TB_PART_TAIL], at[TB_PART_DRIFT], at[TB_PART_POLICY]);
}

static int state(MonitorObject &object) {
    const Guard guard(object);
    const tb_status status = tb_state(object.get());
    check(status, "state");
    return status;
}

template <tb_status (*Call)(tb_monitor *)> static void act(MonitorObject &object, const char *what) {
    const Guard guard(object);
    check(Call(object.get()), what);
}

static void prune(MonitorObject &object, std::uint32_t keep) {
    const Guard guard(object);
    check(tb_prune(object.get(), keep), "prune");
}

void register_monitor(py::module_ &module) {
    py::class_<MonitorObject> monitor(module, "Monitor", "A monitor on memory of its own. One thread at a time.");
    monitor.def(py::init([](const py::bytes &recipe) { return std::make_unique<MonitorObject>(recipe); }),
                py::arg("recipe"), "In: the recipe in its canonical binary form.");
    monitor.def_property_readonly("channels", &MonitorObject::channels,
                                  "Values in a frame; in a sample with a framer.");
    monitor.def_property_readonly("features", &MonitorObject::features, "Numbers that the detector sees.");
    monitor.def_property_readonly("sizes", &sizes, "Bytes of image, scratch and plan.");
    monitor.def_property_readonly(
        "blocks", &blocks,
        "Where input, scaler, detector, decision, tail, drift and policy begin in the image (0: not in it).");
    monitor.def_property_readonly("state", &state, "0 scaling, 1 learning, 2 calibrating, 3 monitoring, 4 drifting.");
    monitor.def_property(
        "told", [](MonitorObject &object) { return object.told(); },
        [](MonitorObject &object, std::uint32_t flags) { object.told() = flags; },
        "What samples so far leave for the next frame to tell.");
    monitor.def(
        "recalibrate", [](MonitorObject &object) { act<tb_recalibrate>(object, "recalibrate"); },
        "Forgets the threshold and calibrates with the next frames.");
    monitor.def(
        "new_epoch", [](MonitorObject &object) { act<tb_new_epoch>(object, "new_epoch"); },
        "Empties the statistics; what they led to becomes the basis that copies have in common.");
    monitor.def("prune", &prune, py::arg("keep"), "ELM: leaves so many hidden units in use, and solves again.");
    register_batches(monitor);
    register_single(module, monitor);
    register_image(module, monitor);
    register_loop(module, monitor);
}

} // namespace twinbit::python
