// Fuzzer of everything that takes an image: tb_load, tb_set_policy, tb_merge, tb_unmerge, tb_inspect; for recipes with
// a policy also tb_load_attached, and tb_drift_load for their drift detectors by themselves.
//
// Input: a byte that picks the recipe, one that says how many frames the monitor has seen, one that picks the call, its
// mode, whether checksum and digests are put right first, and which image it is; the rest is the image.
// Promises: an error leaves the monitor as it was; what was taken can be stepped, and its results stay in their ranges; it
// can be sealed and saved. An image that some monitor wrote can be loaded again; one that was made up to have every field
// in its range, but that no frames lead to, may be refused with an error instead.
#include "alone.hpp"
#include "loop.hpp"
#include "machine.hpp"
#include "patch.hpp"
#include "recipes.hpp"

namespace {

using fuzz::Bytes;
using fuzz::check;
using fuzz::Machine;

constexpr std::size_t plan_bytes = 3;
constexpr std::uint32_t most_frames = 2 * fuzz::frames_to_monitoring;
static_assert(most_frames > fuzz::frames_to_drift + 10, "a drift begins within a life");

enum Call : std::uint8_t { load, set_policy, merge, unmerge };
enum Where : std::uint8_t { own, candidate, good, alone };

struct Plan {
    std::uint32_t recipe, frames;
    Call call;
    std::uint32_t mode;
    bool patched;
    Where where;  // of recipes with a policy: whose image it is
    bool made_up; // nothing vouches for what the image says: no checksum, or one that the fuzzer wrote

    explicit Plan(const std::uint8_t *bytes)
        : recipe(bytes[0] % fuzz::recipe_count), frames(bytes[1] % most_frames), call(static_cast<Call>(bytes[2] & 3u)),
          mode((bytes[2] & 4u) != 0 ? TB_LOAD_RAW : TB_LOAD_SEALED), patched((bytes[2] & 8u) != 0),
          where(fuzz::loops(fuzz::recipe(recipe)) ? static_cast<Where>((bytes[2] >> 4) & 3u) : own),
          made_up(patched || mode == TB_LOAD_RAW || where != own) {}
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

// The life of a monitor before the image comes; where there is a policy, normal moves.
void live(Machine &machine, const Plan &plan) {
    const std::uint32_t pace = fuzz::entries[plan.recipe].pace;
    const bool drifts = plan.frames > fuzz::frames_to_drift && fuzz::loops(*machine.monitor.recipe);
    const std::uint32_t calm = drifts ? fuzz::frames_to_drift : plan.frames;
    step(machine, calm * pace, false);
    step(machine, (plan.frames - calm) * pace, true);
}

tb_status call(const Plan &plan, Machine &machine, const Bytes &bytes) {
    const auto size = static_cast<std::uint32_t>(bytes.size());
    if (plan.where != own) {
        return tb_load_attached(&machine.monitor, plan.where - candidate, bytes.data(), size);
    }
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

// A drift, and all that can be asked and said meanwhile.
void use_loop(Machine &machine) {
    for (std::uint32_t number = 0; number < fuzz::loop_calls; ++number) {
        step(machine, 2, true);
        fuzz::look_at_loop(machine);
        fuzz::change_loop(machine, number);
    }
    step(machine, 10, true);
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
    tb_forget(&machine.monitor);
    tb_prune(&machine.monitor, 1);
    step(machine, 2 * pace, false);
    if (fuzz::loops(*machine.monitor.recipe)) {
        use_loop(machine);
    }
    tb_new_epoch(&machine.monitor);
    tb_recalibrate(&machine.monitor);
    step(machine, 2 * pace, false);
}

// What is in the attached images can be saved, and loaded again.
void save_attached(Machine &machine, const Plan &plan) {
    for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
        Bytes saved(machine.size);
        if (tb_save_attached(&machine.monitor, which, saved.data(), machine.size) == TB_OK) {
            const tb_status status = tb_load_attached(&machine.monitor, which, saved.data(), machine.size);
            check(status == TB_OK || (plan.made_up && status == TB_ERR_CORRUPT), "a saved image can be loaded again");
        }
    }
}

void save_and_load(Machine &machine, const Plan &plan) {
    save_attached(machine, plan);
    Bytes saved(machine.size);
    check(tb_save(&machine.monitor, saved.data(), machine.size) == TB_OK, "any image can be saved");
    tb_image_info info = {};
    check(tb_inspect(saved.data(), machine.size, &info) == TB_OK, "a saved image is sound");
    Machine other(fuzz::recipe(plan.recipe));
    const Bytes before = other.bytes();
    const tb_status status = tb_load(&other.monitor, saved.data(), machine.size, TB_LOAD_SEALED);
    if (status == TB_OK) {
        check(plan.made_up || std::memcmp(other.image.get(), saved.data(), saved.size()) == 0,
              "a loaded image has the saved bytes");
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
    Bytes bytes(data + plan_bytes, data + size);
    if (plan.where == alone) {
        fuzz::drift_alone(recipe, plan.call, bytes);
        return 0;
    }
    Machine machine(recipe);
    live(machine, plan);

    tb_image_info info = {};
    const tb_status seen = tb_inspect(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &info);
    check(info.size <= bytes.size() || seen != TB_OK, "a sound image is not longer than its bytes");
    if (plan.patched) {
        check(tb_seal(&machine.monitor) == TB_OK, "any image can be sealed");
        const bool sealed = plan.mode == TB_LOAD_SEALED || plan.call >= merge || plan.where != own;
        fuzz::patch_image(bytes, machine.own(), sealed);
        if (plan.where != own) {
            fuzz::patch_attached(machine, plan.where - candidate, bytes);
        }
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
