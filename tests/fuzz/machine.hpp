// A monitor in memory of exactly its size, so that the address sanitizer sees the first byte too far; and a check.
#pragma once

#include "twinbit.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <vector>

namespace fuzz {

// Ends the program if a promise is broken: the fuzzer keeps the input that did it.
inline void check(bool kept, const char *promise) {
    if (!kept) {
        std::fprintf(stderr, "broken: %s\n", promise);
        std::abort();
    }
}

using Bytes = std::vector<std::uint8_t>;

struct Machine {
    explicit Machine(const tb_recipe &recipe) {
        tb_memory sizes = {};
        check(tb_sizes(&recipe, &sizes) == TB_OK, "tb_sizes takes a valid recipe");
        size = sizes.image;
        image.reset(new std::uint8_t[sizes.image]);
        scratch.reset(new std::uint8_t[sizes.scratch]);
        plan.reset(new std::uint8_t[sizes.plan]);
        check(tb_init(&monitor, &recipe, image.get(), sizes.image, scratch.get(), sizes.scratch,
                      sizes.plan == 0 ? nullptr : plan.get(), sizes.plan) == TB_OK,
              "tb_init takes what tb_sizes tells");
        if (monitor.part[TB_PART_POLICY] != nullptr) {
            for (std::uint32_t which = 0; which < TB_ATTACHED; ++which) {
                attach(which, sizes);
            }
        }
    }
    Machine(const Machine &) = delete;
    Machine &operator=(const Machine &) = delete;

    Bytes own() const { return Bytes(image.get(), image.get() + size); }
    // The image, and behind it those that are attached.
    Bytes bytes() const {
        Bytes all = own();
        for (const auto &other : attached) {
            all.insert(all.end(), other.get(), other.get() + (other ? size : 0));
        }
        return all;
    }
    bool holds(const Bytes &other) const { return bytes() == other; }

    tb_monitor monitor = {};
    std::uint32_t size = 0;
    std::unique_ptr<std::uint8_t[]> image, scratch, plan, attached[TB_ATTACHED], attached_plan[TB_ATTACHED];

  private:
    void attach(std::uint32_t which, const tb_memory &sizes) {
        attached[which].reset(new std::uint8_t[sizes.image]);
        attached_plan[which].reset(new std::uint8_t[sizes.plan]);
        check(tb_attach(&monitor, which, attached[which].get(), sizes.image,
                        sizes.plan == 0 ? nullptr : attached_plan[which].get(), sizes.plan) == TB_OK,
              "tb_attach takes what tb_sizes tells");
    }
};

// What holds for the result of any frame that was taken.
inline void check_result(const tb_result &result) {
    constexpr std::int32_t most = 64 * TB_SCORE_ONE;
    check(result.state <= TB_DRIFTING, "a result's state is one of five");
    check(result.similarity <= 100 || result.similarity == TB_SIMILARITY_NONE, "similarity is 0 to 100, or none");
    check(result.score >= -most && result.score <= most, "a score is within 64 octaves");
    check(result.smoothed >= -most && result.smoothed <= most, "a smoothed score is within 64 octaves");
    check((result.flags & ~0xFFFu) == 0 && result.reserved == 0, "no unknown flags");
}

} // namespace fuzz
