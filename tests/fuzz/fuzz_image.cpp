// Fuzzer of everything that takes an image: tb_load, tb_set_policy, tb_merge, tb_unmerge, tb_inspect.
//
// Input: a byte that picks the recipe, one that says how many frames the monitor has seen, one that picks the call, its
// mode and whether checksum and digests are put right first; the rest is the image.
// Promises: an error leaves the monitor as it was; what was taken can be stepped, and its results stay in their ranges; it
// can be sealed and saved. An image that some monitor wrote can be loaded again; one that was made up to have every field
// in its range, but that no frames lead to, may be refused with an error instead.
#include "machine.hpp"
#include "patch.hpp"
#include "recipes.hpp"

namespace {

using fuzz::Bytes;
using fuzz::check;
using fuzz::Machine;

constexpr std::size_t plan_bytes = 3;
constexpr std::uint32_t most_frames = 2 * fuzz::frames_to_monitoring;

enum Call : std::uint8_t { load, set_policy, merge, unmerge };

struct Plan {
    std::uint32_t recipe, frames;
    Call call;
    std::uint32_t mode;
    bool patched;
    bool made_up; // nothing vouches for what the image says: no checksum, or one that the fuzzer wrote

    explicit Plan(const std::uint8_t *bytes)
        : recipe(bytes[0] % fuzz::recipe_count), frames(bytes[1] % most_frames), call(static_cast<Call>(bytes[2] & 3u)),
          mode((bytes[2] & 4u) != 0 ? TB_LOAD_RAW : TB_LOAD_SEALED), patched((bytes[2] & 8u) != 0),
          made_up(patched || mode == TB_LOAD_RAW) {}
};

void step(Machine &machine, std::uint32_t samples, bool wrong) {
    for (std::uint32_t i = 0; i < samples; ++i) {
        std::int32_t values[fuzz::channels];
        fuzz::example_frame(i, wrong, values);
        const tb_context context = {10, i << 28};
        tb_result result = {};
        check(tb_step_i32(&machine.monitor, values, machine.monitor.channels, &context, &result) == TB_OK,
              "a frame is taken");
        fuzz::check_result(result);
    }
}

tb_status call(const Plan &plan, Machine &machine, const Bytes &bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    switch (plan.call) {
    case load:
        return tb_load(&machine.monitor, bytes.data(), size, plan.mode);
    case set_policy:
        return tb_set_policy(&machine.monitor, bytes.data(), size, plan.mode);
    case merge:
        return tb_merge(&machine.monitor, bytes.data(), size);
    default:
        return tb_unmerge(&machine.monitor, bytes.data(), size);
    }
}

// Everything a user may do with an image that was taken.
void use(Machine &machine, std::uint32_t pace) {
    std::int32_t values[fuzz::window][fuzz::channels]; // a whole frame
    for (std::uint32_t i = 0; i < fuzz::window; ++i) {
        fuzz::example_frame(i, true, values[i]);
    }
    std::int32_t shares[fuzz::most_features] = {};
    std::int32_t score = 0;
    const std::uint32_t whole = machine.monitor.values;
    tb_explain_i32(&machine.monitor, values[0], whole, nullptr, shares, machine.monitor.features);
    tb_score_i32(&machine.monitor, values[0], whole, nullptr, &score);
    tb_learn_i32(&machine.monitor, values[0], whole, nullptr);
    step(machine, 3 * pace, false);
    step(machine, 3 * pace, true);
    const float floats[fuzz::channels] = {1e30f, -0.0f, 3.5f};
    tb_result result = {};
    check(tb_step_f32(&machine.monitor, floats, machine.monitor.channels, nullptr, &result) == TB_OK,
          "a float frame is taken");
    tb_prune(&machine.monitor, 1);
    step(machine, 2 * pace, false);
    tb_new_epoch(&machine.monitor);
    tb_recalibrate(&machine.monitor);
    step(machine, 2 * pace, false);
}

void save_and_load(Machine &machine, const Plan &plan) {
    Bytes saved(machine.size);
    check(tb_save(&machine.monitor, saved.data(), machine.size) == TB_OK, "any image can be saved");
    tb_image_info info = {};
    check(tb_inspect(saved.data(), machine.size, &info) == TB_OK, "a saved image is sound");
    Machine other(fuzz::recipe(plan.recipe));
    const Bytes before = other.bytes();
    const tb_status status = tb_load(&other.monitor, saved.data(), machine.size, TB_LOAD_SEALED);
    if (status == TB_OK) {
        check(plan.made_up || other.holds(saved), "a loaded image has the saved bytes");
    } else {
        check(plan.made_up && status == TB_ERR_CORRUPT, "a saved image can be loaded");
        check(other.holds(before), "an error changes nothing");
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < plan_bytes) {
        return 0;
    }
    const Plan plan(data);
    const tb_recipe &recipe = fuzz::recipe(plan.recipe);
    Machine machine(recipe);
    step(machine, plan.frames * fuzz::entries[plan.recipe].pace, false);

    Bytes bytes(data + plan_bytes, data + size);
    tb_image_info info = {};
    const tb_status seen = tb_inspect(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &info);
    check(info.size <= bytes.size() || seen != TB_OK, "a sound image is not longer than its bytes");
    if (plan.patched) {
        check(tb_seal(&machine.monitor) == TB_OK, "any image can be sealed");
        fuzz::patch_image(bytes, machine.bytes(), plan.mode == TB_LOAD_SEALED || plan.call >= merge);
    }

    const Bytes before = machine.bytes();
    if (call(plan, machine, bytes) != TB_OK) {
        check(machine.holds(before), "an error changes nothing");
        return 0;
    }
    save_and_load(machine, plan);
    use(machine, fuzz::entries[plan.recipe].pace);
    save_and_load(machine, plan);
    return 0;
}
