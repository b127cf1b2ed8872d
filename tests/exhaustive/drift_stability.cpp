// Drift detectors over millions of values: constant, periodic, random, extreme ones, and noise that grows. What they
// know stays in its ranges, a constant is never a drift, and they still tell a jump at the end.
//
//     exhaustive_drift_stability [values]      2 10^6 of each kind unless given
#include "twinbit_host.h"

#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <vector>

namespace {

constexpr std::uint32_t features = 4; // of the detectors that take samples

struct Kind {
    const char *name;
    std::uint16_t id;
    std::uint32_t features;
    std::vector<std::int32_t> words;
};

// Words as in RECIPE.md; drifts of half a unit are told.
const Kind kinds[] = {
    {"Page-Hinkley", 64, 1, {16, 1310720, 4194304, 0, 30, 0}},
    {"its fading", 64, 1, {16, 1310720, 4194304, 214748, 30, 0}},
    {"ADWIN", 65, 1, {16, 12, 5, 4294967, 32, 5, 10, 1}},
    {"ADWIN, cut only", 65, 1, {16, 15, 8, 4294967, 32, 5, 10, 0}},
    {"KS", 66, 1, {16, 100, 30, 214748}},
    {"centroid", 67, features, {4, 2, 16, 400, 400, 21475, 16384, 1}},
};

struct Input {
    const char *name;
    bool quiet; // no drift may be told
    std::int32_t (*value)(std::uint32_t t, std::uint32_t &random);
};

std::int32_t uniform(std::uint32_t &random, std::int32_t limit) {
    random = random * 1664525u + 1013904223u;
    const std::uint64_t span = 2u * static_cast<std::uint32_t>(limit) + 1u;
    return static_cast<std::int32_t>((random * span) >> 32) - limit;
}

const Input inputs[] = {
    {"constant", true, [](std::uint32_t, std::uint32_t &) { return std::int32_t{20000}; }},
    {"periodic", false, // triangles of 64 values
     [](std::uint32_t t, std::uint32_t &) {
         const auto phase = static_cast<std::int32_t>(t % 64);
         return (phase < 32 ? phase : 64 - phase) * 1024;
     }},
    {"random", false, [](std::uint32_t, std::uint32_t &random) { return uniform(random, 16384); }},
    {"extreme", false, [](std::uint32_t, std::uint32_t &random) { return uniform(random, 1) * INT32_MAX; }},
    {"growing", false,
     [](std::uint32_t t, std::uint32_t &random) { return uniform(random, static_cast<std::int32_t>(t >> 4) + 1); }},
};

class Drift {
  public:
    Drift(const Kind &kind, std::uint8_t arithmetic)
        : part_{tb_stage_by_id(kind.id, arithmetic), kind.words.data(), static_cast<std::uint32_t>(kind.words.size())} {
        std::uint32_t size = 0;
        if (part_.stage == nullptr || tb_drift_size(&part_, kind.features, &size) != TB_OK) {
            std::printf("FAIL %s: no such part\n", kind.name);
            std::exit(1);
        }
        memory_.resize((size + 7) / 8);
        tb_drift_init(&drift_, &part_, kind.features, memory_.data(), size);
    }
    // The value, in units of 2^-16; as a sample in each feature, a little differently.
    bool update(std::int32_t value) {
        std::int32_t counts[features];
        float reals[features];
        for (std::uint32_t i = 0; i < features; ++i) {
            counts[i] = value / (1 << i);
            reals[i] = static_cast<float>(counts[i]) * 0x1p-16f;
        }
        std::uint8_t told = 0;
        if (tb_drift_update_i32(&drift_, counts, drift_.features, &told) != TB_OK) { // in F32
            tb_drift_update_f32(&drift_, reals, drift_.features, &told);
        }
        return told != 0;
    }
    bool in_range() {
        const std::vector<std::uint8_t> now(drift_.state, drift_.state + drift_.size);
        return tb_drift_load(&drift_, now.data(), drift_.size) == TB_OK;
    }

  private:
    tb_part part_;
    tb_drift drift_ = {};
    std::vector<std::uint64_t> memory_;
};

// Quiet noise for as long as a detector may learn, then a jump.
bool tells_a_jump(Drift &drift, std::uint32_t &random) {
    for (int t = 0; t < 70000; ++t) {
        drift.update(uniform(random, 300));
    }
    for (int t = 0; t < 3000; ++t) {
        if (drift.update(8000000 + uniform(random, 300))) {
            return true;
        }
    }
    return false;
}

bool stable(const Kind &kind, std::uint8_t arithmetic, const Input &input, std::uint32_t values) {
    Drift drift(kind, arithmetic);
    std::uint32_t random = 2026;
    std::uint32_t told = 0;
    bool fine = true;
    for (std::uint32_t t = 0; t < values; ++t) {
        told += drift.update(input.value(t, random)) ? 1u : 0u;
        fine = fine && (t % 65536 != 0 || drift.in_range());
    }
    fine = fine && drift.in_range() && (!input.quiet || told == 0) && tells_a_jump(drift, random);
    static const char *const arithmetics[] = {"", "f32", "q15", "q31"};
    std::printf("%-4s %-16s %s %-9s told %" PRIu32 " drifts in %" PRIu32 " values\n", fine ? "ok" : "FAIL", kind.name,
                arithmetics[arithmetic], input.name, told, values);
    std::fflush(stdout);
    return fine;
}

} // namespace

int main(int count, char **words) {
    const std::uint32_t values = count > 1 ? static_cast<std::uint32_t>(std::strtoul(words[1], nullptr, 10)) : 2000000u;
    bool fine = true;
    for (const Kind &kind : kinds) {
        const std::uint8_t last = kind.features == 1 ? TB_F32 : TB_Q31; // one code for scores in every arithmetic
        for (std::uint8_t arithmetic = TB_F32; arithmetic <= last; ++arithmetic) {
            for (const Input &input : inputs) {
                fine = stable(kind, arithmetic, input, values) && fine;
            }
        }
    }
    return fine ? 0 : 1;
}
