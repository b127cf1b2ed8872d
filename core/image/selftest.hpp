// Known answers: a small instance of each stage runs some frames on the very chip; the checksum of what it gave and of its
// block must be the one that every other target has.
//
// A stage's source has its words and digests (KnownAnswer), a role its driver, which knows stages by their tables of
// functions alone. Nothing points from a stage to its answer: tb_selftest() finds those that are linked by weak references
// (selftest.cpp). So firmware without it has none of this, and firmware with it has the tests of its own stages.
//
// The policy has none: what it does is comparisons of integers, as in a decision.
#pragma once

#include "image/stage.hpp"
#include "memory/bytes.hpp"
#include "numbers/random.hpp"

namespace twinbit {

// A stage at its test.
struct Bench {
    Bench(const tb_stage &s, const Setup &setup, std::uint32_t seed)
        : stage(s), block{setup, nullptr, nullptr, nullptr}, random(seed) {
        clear(shape);
    }

    const tb_stage &stage;
    Shape shape;
    Block block;
    std::uint8_t *in = nullptr, *out = nullptr; // vectors of 4-byte numbers; a column, where there is a window
    Random random;
    std::uint32_t crc = 0; // of what it gave
};

struct KnownAnswer {
    void (*run)(Bench &); // the driver of its role
    const std::int32_t *words;
    std::uint8_t count; // of words
    std::uint8_t id;
    std::uint8_t inputs, window; // as in Setup
    std::uint32_t digests[3];    // F32, Q15, Q31; stages that serve all arithmetics have the first one only
};

template <std::size_t n> constexpr std::uint8_t length_of(const std::int32_t (&)[n]) {
    static_assert(n < 256, "a small instance");
    return n;
}

// The drivers: selftest_roles.cpp.
void run_input(Bench &);
void run_framer(Bench &);
void run_extractor(Bench &);
void run_transform(Bench &);
void run_scaler(Bench &);
void run_detector(Bench &);
void run_tail(Bench &);
void run_decision(Bench &);
void run_drift(Bench &);

// The stages that have one: tests/unit/test_selftest.cpp compares them with the list of all stages.
#define TWINBIT_TESTED_STAGES(X)                                                                                       \
    X(input)                                                                                                           \
    X(input_phase)                                                                                                     \
    X(input_raw)                                                                                                       \
    X(input_clock)                                                                                                     \
    X(framer)                                                                                                          \
    X(time)                                                                                                            \
    X(bands)                                                                                                           \
    X(envelope)                                                                                                        \
    X(lags)                                                                                                            \
    X(octaves)                                                                                                         \
    X(scaler)                                                                                                          \
    X(centre)                                                                                                          \
    X(kmeans)                                                                                                          \
    X(mahalanobis)                                                                                                     \
    X(autoencoder)                                                                                                     \
    X(elm)                                                                                                             \
    X(subspace)                                                                                                        \
    X(distance)                                                                                                        \
    X(boxes)                                                                                                           \
    X(seasonal)                                                                                                        \
    X(univariate)                                                                                                      \
    X(deviation)                                                                                                       \
    X(bank_autoencoder)                                                                                                \
    X(bank_elm)                                                                                                        \
    X(bank_subspace)                                                                                                   \
    X(tail)                                                                                                            \
    X(decision)                                                                                                        \
    X(steady)                                                                                                          \
    X(page_hinkley)                                                                                                    \
    X(adwin)                                                                                                           \
    X(ks)                                                                                                              \
    X(centroid)
#define TWINBIT_ANSWER(name) extern const KnownAnswer name##_answer;
TWINBIT_TESTED_STAGES(TWINBIT_ANSWER)
#undef TWINBIT_ANSWER

// A stage's answer; null if none is linked.
const KnownAnswer *known_answer(std::uint16_t id);

// Runs the test of a stage. 0 if it refuses the words, or needs more memory than there is.
std::uint32_t selftest_digest(const tb_stage &, const KnownAnswer &);

// The stage gives what it must.
bool selftest_passes(const tb_stage &);

} // namespace twinbit
