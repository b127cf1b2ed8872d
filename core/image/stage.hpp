// What a stage of a recipe offers to the monitor: one constant table of functions per stage and arithmetic.
//
// An exported recipe points to these tables (tb_kmeans_q15 ...), so only the stages in use are linked. A stage's block in
// the image begins with its basis bytes (what images must share to be merged), then its statistics, then what is
// derived from both.
#pragma once

#include "memory/frame.hpp"
#include "memory/layout.hpp"
#include "twinbit.h"

namespace twinbit {

enum class Role : std::uint8_t { input, scaler, detector, decision };

// Parameters of a stage and the length of the vector that enters it.
struct Setup {
    const std::int32_t *words;
    std::uint32_t count;
    std::uint32_t inputs; // values that enter: channels for the input, features for the others
};

// What a stage takes. All sizes in bytes.
struct Shape {
    std::uint32_t features; // values that leave the stage
    std::uint32_t image;
    std::uint32_t basis; // leading bytes of image
    std::uint32_t scratch;
    std::uint32_t plan;
};

// A stage at work: its parameters and its memory.
struct Block {
    Setup setup;
    std::uint8_t *image;
    std::uint8_t *scratch;
    std::uint8_t *plan;
};

// What a frame looked like on its way in.
struct Reading {
    tb_status status;
    std::uint16_t flags;
};

struct InputOps {
    // Values to raw features in `raw`. Changes nothing else. `hold` allows held values to stand in for missing ones.
    Reading (*read)(const Block &, const Values &, std::uint32_t phase, void *raw, bool hold);
    // Remembers the frame for later missing values.
    void (*remember)(const Block &, const void *raw);
    // Raw features as samples, for recipes without a scaler.
    void (*pass)(const Block &, const void *raw, void *sample);
};

struct ScalerOps {
    bool (*learn)(const Block &, const void *raw); // false: the sums are full, nothing was learned
    void (*freeze)(const Block &);
    void (*apply)(const Block &, const void *raw, void *sample);
};

struct DetectorOps {
    bool (*ready)(const Block &); // has learned enough to score
    // Learns x. If score is not null and the detector is ready, it gets the score of x before it is learned.
    tb_status (*learn)(const Block &, const void *x, std::int32_t *score);
    std::int32_t (*score)(const Block &, const void *x); // octaves, Q15.16
    void (*explain)(const Block &, const void *x, std::int32_t *shares);
    void (*settle)(const Block &); // rebuilds what is derived, and the plan
    void (*new_epoch)(const Block &);
    // Adds (sign 1) or takes out (sign -1) the statistics of another block; all or nothing. The other one is not aligned.
    tb_status (*merge)(const Block &, const std::uint8_t *other, int sign);
    bool (*selftest)();
};

} // namespace twinbit

struct tb_stage {
    std::uint16_t id;
    twinbit::Role role;
    std::uint8_t arithmetic;    // 0: serves all
    std::uint16_t layout_words; // the first words, which shape the image; 65535 = all
    // Checks the words; false if one is out of range.
    bool (*shape)(const twinbit::Setup &, twinbit::Shape &);
    void (*init)(const twinbit::Block &); // the block is zero before
    // Every field of an untrusted block, of any alignment, lies in its range.
    bool (*valid)(const twinbit::Setup &, const std::uint8_t *block);
    const twinbit::InputOps *input;
    const twinbit::ScalerOps *scaler;
    const twinbit::DetectorOps *detector;
};
