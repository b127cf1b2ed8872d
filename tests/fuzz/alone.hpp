// A drift detector by itself on bytes that nobody vouches for.
#pragma once

#include "machine.hpp"
#include "recipes.hpp"

namespace fuzz {

// One of a recipe's drift detectors, by number; a larger one is the last.
struct Alone {
    Alone(const tb_recipe &recipe, std::uint32_t number) {
        const tb_part *part = nullptr;
        std::uint32_t features = 0;
        std::uint32_t size = 0;
        std::uint32_t seen = 0;
        for (const tb_part *p = recipe.part; p < recipe.part + recipe.count && seen <= number; ++p) {
            const std::uint32_t takes = tb_drift_size(p, channels, &size) == TB_OK ? channels : 1;
            if (tb_drift_size(p, takes, &size) == TB_OK) {
                part = p;
                features = takes;
                ++seen;
            }
        }
        check(part != nullptr && tb_drift_size(part, features, &size) == TB_OK, "a closed loop has drift detectors");
        memory.reset(new std::uint8_t[size]);
        check(tb_drift_init(&drift, part, features, memory.get(), size) == TB_OK, "tb_drift_init takes what is told");
    }

    Bytes bytes() const { return Bytes(drift.state, drift.state + drift.size); }

    // Shows it frames of numbers that sweep over the whole range.
    void sweep() {
        for (std::uint32_t t = 0; t < 100; ++t) {
            std::int32_t counts[channels];
            float values[channels];
            for (std::uint32_t i = 0; i < channels; ++i) {
                counts[i] = static_cast<std::int32_t>((t * 40503u + i * 9973u) << (t % 19));
                values[i] = static_cast<float>(counts[i]) * 0.37f;
            }
            std::uint8_t told = 9;
            const tb_status taken = tb_drift_update_i32(&drift, counts, drift.features, &told);
            check(taken == TB_OK ? told <= 1 : taken == TB_ERR_UNSUPPORTED && told == 9, "counts are taken");
            check(tb_drift_update_f32(&drift, values, drift.features, &told) == TB_OK && told <= 1, "so are floats");
        }
    }

    tb_drift drift = {};
    std::unique_ptr<std::uint8_t[]> memory;
};

inline void drift_alone(const tb_recipe &recipe, std::uint32_t number, const Bytes &bytes) {
    Alone alone(recipe, number);
    const Bytes before = alone.bytes();
    if (tb_drift_load(&alone.drift, bytes.data(), static_cast<std::uint32_t>(bytes.size())) != TB_OK) {
        check(alone.bytes() == before, "an error changes nothing");
    }
    alone.sweep();
    const Bytes after = alone.bytes();
    check(tb_drift_load(&alone.drift, after.data(), alone.drift.size) == TB_OK, "what it knows can be loaded again");
}

} // namespace fuzz
