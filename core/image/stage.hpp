// What a stage of a recipe offers to the monitor: one constant table of functions per stage and arithmetic.
//
// An exported recipe points to these tables (tb_kmeans_q15 ...), so only the stages in use are linked. A stage's
// block in the image begins with its basis bytes (what images must share to be merged), then its statistics, then
// what is derived from both.
#pragma once

#include "memory/fields.hpp"
#include "twinbit.h"

namespace twinbit {

enum class Role : std::uint8_t { input, scaler, detector, decision };

// Parameters of a stage and the length of the vector that enters it.
struct Setup {
    const std::int32_t *words;
    std::uint32_t count;
    std::uint32_t inputs; // values that enter: channels for the input, features for the others
};

// Blocks of another table within a stage's block, after its own fields: the models of a bank.
struct Inner {
    const Field *table;
    std::uint32_t fields;
    Dimensions n;
    std::uint32_t count; // of blocks
};

// What a stage takes with its words.
struct Shape {
    std::uint32_t features; // values that leave the stage
    Dimensions n;           // of its fields
    std::uint32_t fields;   // how many of the stage's fields its block has
    std::uint32_t scratch;  // bytes
    std::uint32_t plan;     // bytes
    Inner inner;            // none unless the stage says so

    void set(std::uint32_t features_, const Dimensions &n_, std::uint32_t fields_, std::uint32_t scratch_ = 0,
             std::uint32_t plan_ = 0) {
        features = features_;
        n = n_;
        fields = fields_;
        scratch = scratch_;
        plan = plan_;
    }
};

// Bytes of a stage's block.
inline std::uint32_t block_bytes(const Field *table, const Shape &s) {
    return bytes_of_fields(table, s.fields, s.n) +
           s.inner.count * bytes_of_fields(s.inner.table, s.inner.fields, s.inner.n);
}

// A stage at work: its parameters and its memory.
struct Block {
    Setup setup;
    std::uint8_t *image;
    std::uint8_t *scratch;
    std::uint8_t *plan;
};

// What a frame looked like on its way in: its flags (TB_FLAG_...), or a negative status.
using Reading = std::int32_t;

struct InputOps {
    // Counts, or values in engineering units, to raw features. Nothing else changes. `hold` lets held values stand
    // in for missing ones. Counts may lie where the raw features go. Null for floats: they become counts first
    // (fixed point).
    Reading (*counts)(const Block &, const std::int32_t *values, void *raw, bool hold);
    Reading (*floats)(const Block &, const float *values, void *raw, bool hold);
    // Appends the features of the phase.
    void (*phase)(const Block &, std::uint32_t phase, void *raw);
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
    // After learning, once before every frame that may be scored: does a bounded part of what is left to derive and
    // says whether the detector may score. How far it got stands in the image, so a restart changes nothing.
    bool (*prepare)(const Block &);
    void (*settle)(const Block &); // derives everything at once: the plan too
    // A known answer for tb_selftest(): words of a small detector of 2 features, and the digest it must reach.
    const std::int32_t *test_words;
    std::uint32_t test_count;
    std::uint32_t test_digest;
};

} // namespace twinbit

// What firmware may do without: a recipe that does not name it does not link it.
struct tb_tools {
    const tb_stage *detector; // that these are the tools of
    void (*explain)(const twinbit::Block &, const void *x, std::int32_t *shares);
    void (*new_epoch)(const twinbit::Block &);
    // Adds (sign 1) or takes out (sign -1) the statistics of another block; all or nothing. The other one is not
    // aligned.
    tb_status (*merge)(const twinbit::Block &, const std::uint8_t *other, int sign);
    // Leaves the `keep` hidden units that matter most.
    tb_status (*prune)(const twinbit::Block &, std::uint32_t keep);
};

struct tb_stage {
    std::uint16_t id;
    twinbit::Role role;
    std::uint8_t arithmetic;    // 0: serves all
    std::uint16_t policy_words; // the last words; those before them shape the image
    // The fields of its block: the first `basis` of them are what images must share to be merged.
    const twinbit::Field *fields;
    std::uint32_t basis;
    // Checks the words; false if one is out of range.
    bool (*shape)(const twinbit::Setup &, twinbit::Shape &);
    const twinbit::InputOps *input;
    const twinbit::ScalerOps *scaler;
    const twinbit::DetectorOps *detector;
};
