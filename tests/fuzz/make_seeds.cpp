// Writes the seeds that are committed in tests/fuzz/seeds: `fuzz_make_seeds FOLDER`.
//
// fuzz_image: images of every recipe after a few frames and after a whole life, for every call, patched or not; of
// closed loops also the attached images and their drift detectors by themselves.
// fuzz_recipe: the canonical bytes of the same recipes.
#include "alone.hpp"
#include "machine.hpp"
#include "recipes.hpp"
#include "twinbit_host.h"

#include <fstream>
#include <memory>
#include <string>

namespace {

using fuzz::Bytes;

void write(const std::string &path, const Bytes &bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    fuzz::check(file.good(), path.c_str());
}

// The recipe's monitor after some frames, the last three of them wrong; where there is a policy, more of them.
std::unique_ptr<fuzz::Machine> machine_after(std::uint32_t number, std::uint32_t frames) {
    auto machine = std::make_unique<fuzz::Machine>(fuzz::recipe(number));
    const std::uint32_t pace = fuzz::entries[number].pace;
    const std::uint32_t samples = pace == 1 ? frames : fuzz::window + pace * (frames - 1);
    for (std::uint32_t i = 0; i < samples; ++i) {
        std::int32_t values[fuzz::channels];
        const bool drifted = fuzz::loops(fuzz::recipe(number)) && i >= fuzz::frames_to_drift;
        fuzz::example_frame(i, drifted || (i + 3 * pace >= samples && i > pace * fuzz::frames_to_monitoring), values);
        tb_result result = {};
        fuzz::check(tb_step_i32(&machine->monitor, values, machine->monitor.channels, nullptr, &result) == TB_OK,
                    "sample taken");
    }
    return machine;
}

void write_seed(const std::string &folder, const std::string &name, std::uint32_t number, std::uint32_t frames,
                std::uint32_t call, const Bytes &body) {
    Bytes bytes = {static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(frames),
                   static_cast<std::uint8_t>(call)};
    bytes.insert(bytes.end(), body.begin(), body.end());
    write(folder + "/fuzz_image/" + fuzz::entries[number].name + name + "_call" + std::to_string(call) + ".bin", bytes);
}

void image_seed(const std::string &folder, std::uint32_t number, std::uint32_t frames, std::uint32_t call) {
    const std::uint32_t young = frames < fuzz::frames_to_monitoring ? frames : fuzz::frames_to_monitoring;
    const auto machine = machine_after(number, frames);
    Bytes saved(machine->size);
    fuzz::check(tb_save(&machine->monitor, saved.data(), machine->size) == TB_OK, "image saved");
    write_seed(folder, "_frames" + std::to_string(frames), number, young, call, saved);
}

// The attached images in the middle of a drift, and the drift detectors by themselves.
void loop_seeds(const std::string &folder, std::uint32_t number) {
    constexpr std::uint32_t drifting = fuzz::frames_to_drift + 5;
    const auto machine = machine_after(number, drifting);
    for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
        Bytes saved(machine->size);
        if (tb_save_attached(&machine->monitor, which, saved.data(), machine->size) == TB_OK) {
            write_seed(folder, "_attached", number, drifting, 8 + 16 * (1 + which), saved);
        }
    }
    const auto drifts =
        static_cast<std::uint32_t>(fuzz::recipe(number).count - 5); // behind the decision, before the policy
    for (std::uint32_t drift = 0; drift < drifts; ++drift) {
        fuzz::Alone alone(fuzz::recipe(number), drift);
        alone.sweep();
        write_seed(folder, "_drift", number, 0, drift + 16 * 3, alone.bytes());
    }
}

void recipe_seed(const std::string &folder, std::uint32_t number, std::uint8_t patched) {
    const tb_recipe &recipe = fuzz::recipe(number);
    std::uint32_t size = 0;
    fuzz::check(tb_recipe_write(&recipe, nullptr, 0, &size) == TB_OK, "recipe's size");
    Bytes body(size);
    fuzz::check(tb_recipe_write(&recipe, body.data(), size, &size) == TB_OK, "recipe written");
    Bytes bytes = {patched};
    bytes.insert(bytes.end(), body.begin(), body.end());
    write(folder + "/fuzz_recipe/" + fuzz::entries[number].name + (patched ? "_patched.bin" : ".bin"), bytes);
}

} // namespace

int main(int count, char **words) {
    if (count != 2) {
        std::fputs("fuzz_make_seeds FOLDER\n", stderr);
        return 2;
    }
    for (std::uint32_t number = 0; number < fuzz::recipe_count; ++number) {
        // Bits of the call: which one 0-3, 4 = raw, 8 = patched.
        image_seed(words[1], number, 2, 0);
        image_seed(words[1], number, 9, 8 + 4);
        image_seed(words[1], number, 18, 8 + 1);
        image_seed(words[1], number, 30, 8 + number % 4);
        image_seed(words[1], number, 24, 8 + 2);
        if (fuzz::loops(fuzz::recipe(number))) {
            image_seed(words[1], number, 40, 8 + 4);
            loop_seeds(words[1], number);
        }
        recipe_seed(words[1], number, 0);
        recipe_seed(words[1], number, 1);
    }
    return 0;
}
