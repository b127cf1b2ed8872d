// Fuzzer of tb_recipe_read: bytes that nobody vouches for become a recipe, or an error.
//
// Input: a byte that says whether magic, format and checksum are put right first, then the recipe.
// Promises: what was read is written back as the same bytes, tb_sizes knows its memory, and a monitor in exactly that
// memory takes frames.
#include "machine.hpp"
#include "patch.hpp"
#include "twinbit_host.h"

namespace {

using fuzz::Bytes;
using fuzz::check;

constexpr std::uint32_t most_memory = 1u << 17; // larger monitors are real, but slow to fuzz
constexpr std::uint32_t most_channels = 64;

void write_back(const tb_recipe &recipe, const Bytes &bytes) {
    std::uint32_t size = 0;
    check(tb_recipe_write(&recipe, nullptr, 0, &size) == TB_OK && size == bytes.size(), "a recipe tells its size");
    Bytes again(size);
    check(tb_recipe_write(&recipe, again.data(), size, &size) == TB_OK && again == bytes,
          "a recipe is written as read");
}

// Frames that sweep over the whole range, with a missing value among them.
void run(const tb_recipe &recipe) {
    const auto channels = static_cast<std::uint32_t>(recipe.part[0].words[0]);
    fuzz::Machine machine(recipe);
    std::vector<std::int32_t> counts(channels);
    std::vector<float> values(channels);
    for (std::uint32_t frame = 0; frame < 24; ++frame) {
        for (std::uint32_t i = 0; i < channels; ++i) {
            counts[i] = static_cast<std::int32_t>((frame * 40503u + i * 9973u) << (frame % 17));
            values[i] = static_cast<float>(counts[i]) * 0.37f;
        }
        const tb_context context = {frame * 5, frame << 27};
        tb_result result = {};
        const tb_status taken = tb_step_i32(&machine.monitor, counts.data(), channels, &context, &result);
        check(taken == TB_OK || taken == TB_ERR_MISSING, "a frame of counts is taken");
        check(tb_step_f32(&machine.monitor, values.data(), channels, &context, &result) == TB_OK, "so are floats");
        fuzz::check_result(result);
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
    if (size < 1) {
        return 0;
    }
    Bytes bytes(data + 1, data + size);
    if ((data[0] & 1u) != 0) {
        fuzz::patch_recipe(bytes);
    }
    const std::unique_ptr<tb_recipe_store> store(new tb_recipe_store());
    if (tb_recipe_read(bytes.data(), static_cast<std::uint32_t>(bytes.size()), store.get()) != TB_OK) {
        return 0;
    }
    const tb_recipe &recipe = store->recipe;
    write_back(recipe, bytes);
    tb_memory sizes = {};
    check(tb_sizes(&recipe, &sizes) == TB_OK, "what was read is valid");
    if (recipe.part[0].words[0] <= static_cast<std::int32_t>(most_channels) && sizes.image <= most_memory &&
        sizes.scratch <= most_memory && sizes.plan <= most_memory) {
        run(recipe);
    }
    return 0;
}
