// Writes the seeds that are committed in tests/fuzz/seeds: `fuzz_make_seeds FOLDER`.
//
// fuzz_image: images of every recipe after a few frames and after a whole life, for every call, patched or not.
// fuzz_recipe: the canonical bytes of the same recipes.
#include "machine.hpp"
#include "recipes.hpp"
#include "twinbit_host.h"

#include <fstream>
#include <string>

namespace {

using fuzz::Bytes;

void write(const std::string &path, const Bytes &bytes) {
    std::ofstream file(path, std::ios::binary);
    file.write(reinterpret_cast<const char *>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
    fuzz::check(file.good(), path.c_str());
}

// The recipe's image after some frames, the last three of them wrong.
Bytes image(std::uint32_t number, std::uint32_t frames) {
    fuzz::Machine machine(fuzz::recipe(number));
    const std::uint32_t pace = fuzz::entries[number].pace;
    const std::uint32_t samples = pace == 1 ? frames : fuzz::window + pace * (frames - 1);
    for (std::uint32_t i = 0; i < samples; ++i) {
        std::int32_t values[fuzz::channels];
        fuzz::example_frame(i, i + 3 * pace >= samples && i > pace * fuzz::frames_to_monitoring, values);
        tb_result result = {};
        fuzz::check(tb_step_i32(&machine.monitor, values, machine.monitor.channels, nullptr, &result) == TB_OK,
                    "sample taken");
    }
    Bytes saved(machine.size);
    fuzz::check(tb_save(&machine.monitor, saved.data(), machine.size) == TB_OK, "image saved");
    return saved;
}

void image_seed(const std::string &folder, std::uint32_t number, std::uint32_t frames, std::uint32_t call) {
    const std::uint32_t young = frames < fuzz::frames_to_monitoring ? frames : fuzz::frames_to_monitoring;
    Bytes bytes = {static_cast<std::uint8_t>(number), static_cast<std::uint8_t>(young),
                   static_cast<std::uint8_t>(call)};
    const Bytes body = image(number, frames);
    bytes.insert(bytes.end(), body.begin(), body.end());
    write(folder + "/fuzz_image/" + fuzz::entries[number].name + "_frames" + std::to_string(frames) + "_call" +
              std::to_string(call) + ".bin",
          bytes);
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
        recipe_seed(words[1], number, 0);
        recipe_seed(words[1], number, 1);
    }
    return 0;
}
