// What a stage of a recipe offers to the monitor: one constant table of functions per stage and arithmetic.
//
// An exported recipe points to these tables (tb_kmeans_q15 ...), so only the stages in use are linked. A stage's
// block in the image begins with its basis bytes (what images must share to be merged), then its statistics, then
// what is derived from both.
#pragma once

#include "image/header.hpp"
#include "memory/fields.hpp"
#include "twinbit.h"

namespace twinbit {

// In the order that the parts of a recipe have. There is one of each at most, but for extractors, transforms and drifts.
enum class Role : std::uint8_t {
    none, // before the first part
    input,
    framer,    // gathers samples to windows
    extractor, // windows to features
    transform, // a vector of features to another one
    scaler,
    detector,
    tail, // a score to how rare it is
    decision,
    drift, // any number, behind the decision
    policy
};

// Parameters of a stage and the length of the vector that enters it.
struct Setup {
    const std::int32_t *words;
    std::uint32_t count;
    std::uint32_t inputs;     // values that enter: the input's own features for the input, axes for extractors
    std::uint32_t window = 0; // samples of a window; 0 without a framer
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
    std::uint32_t window;   // samples of a window: only a framer says so

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

// A word's range, for shape().
constexpr bool within(std::int32_t v, std::int32_t low, std::int32_t high) { return v >= low && v <= high; }

// A stage at work: its parameters and its memory.
struct Block {
    Setup setup;
    std::uint8_t *image;
    std::uint8_t *scratch;
    std::uint8_t *plan;
};

// What a frame looked like on its way in: its flags (TB_FLAG_...), or a negative status.
using Reading = std::int32_t;

// A frame as the caller gave it, and how its numbers get to the beginning of scratch as raw values. One reader a type of
// number: firmware that steps with integers links no code for floats.
using Reader = Reading (*)(const tb_monitor &, const void *values, bool hold);

struct Given {
    const void *values;
    Reader read;
    std::uint32_t size; // bytes of a value
};

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

// What drives framer, extractors and transforms. Reached only through their tables: a recipe without them doesn't
// link it (signal/chain.cpp).
struct ChainOps {
    // Takes the raw values that the input left at the beginning of scratch. False: a window is not full yet. Otherwise
    // the features lie there instead. dt_ms: since the sample before; becomes the time since the frame before.
    bool (*advance)(const tb_monitor &, std::uint32_t phase, std::uint32_t &dt_ms);
    // The features of a whole frame, a window of samples where there is a framer. Nothing in the image moves.
    Reading (*whole)(const tb_monitor &, const Given &, std::uint32_t phase);
    void (*settle)(const tb_monitor &); // makes the plans of all its stages
};

// The beginning of the next three.
struct SignalOps {
    const ChainOps *chain;
    void (*settle)(const Block &); // makes the plan; null without one
};

// A column is one axis of a window: Setup::window raw numbers.
struct FramerOps {
    const ChainOps *chain;
    void (*settle)(const Block &);
    // Takes a sample, one raw value an axis; true if a frame is due, with the time since the last one.
    bool (*push)(const Block &, const void *raw, std::uint32_t &dt_ms);
    void (*column)(const Block &, std::uint32_t axis, void *column); // out of the ring, oldest first
    // Puts raw value `raw` where the i-th number of a column goes, as the ring would have kept it.
    void (*put)(const Block &, const void *raw, std::uint32_t i, void *column);
    void (*detrend)(const Block &, void *column);
};

struct ExtractorOps {
    const ChainOps *chain;
    void (*settle)(const Block &);
    // One axis of a window, in the order of the axes. `features` are all of this part's; those of all axes together are
    // written with the last one.
    void (*axis)(const Block &, const void *column, std::uint32_t axis, void *features);
};

struct TransformOps {
    const ChainOps *chain;
    void (*settle)(const Block &);
    void (*apply)(const Block &, const void *in, std::uint32_t phase, void *out); // nothing in the image moves
    void (*remember)(const Block &, const void *in);                              // null: keeps nothing
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
    // After a frame of the stream was scored: what moves with the stream while nothing is learned. calm: the frame is
    // not over the threshold and there is no alarm. Null: nothing does.
    void (*follow)(const Block &, const void *x, bool calm);
};

struct TailOps {
    std::int32_t (*score)(const Block &, std::int32_t score);     // octaves, Q15.16
    void (*follow)(const Block &, std::int32_t score, bool calm); // as the detector's, with the detector's score
};

struct DecisionOps {
    // A frame whose score stands in the result: smooths it, then calibrates or decides, by the state.
    void (*scored)(const Block &, Header &, std::uint32_t dt_ms, tb_result &);
    void (*show)(const Block &, tb_result &); // threshold and similarity, also of frames without a score
    void (*clear)(const Block &);             // forgets the calibration
    void (*renew)(const Block &);             // other words: derives the threshold anew
};

struct DriftOps {
    // Takes a frame; true: a drift is told with it. x: the sample vector, or one value, a score in octaves as Q15.16.
    bool (*update)(const Block &, const void *x);
    bool samples; // x is the vector
};

struct PolicyOps {
    // After a frame was taken: raw features still lie in scratch, and samples if it was learned or scored. before: the
    // state that the frame found.
    void (*after)(const tb_monitor &, std::uint8_t before, std::uint32_t dt_ms, tb_result &);
    // After a call between frames has changed model, threshold or state.
    void (*changed)(const tb_monitor &);
};

// A stage's functions, by its role; `signal` for framer, extractor and transform alike.
union Ops {
    const InputOps *input;
    const SignalOps *signal;
    const FramerOps *framer;
    const ExtractorOps *extractor;
    const TransformOps *transform;
    const ScalerOps *scaler;
    const DetectorOps *detector;
    const TailOps *tail;
    const DecisionOps *decision;
    const DriftOps *drift;
    const PolicyOps *policy;

    explicit constexpr Ops(const InputOps *o) : input(o) {}
    explicit constexpr Ops(const FramerOps *o) : framer(o) {}
    explicit constexpr Ops(const ExtractorOps *o) : extractor(o) {}
    explicit constexpr Ops(const TransformOps *o) : transform(o) {}
    explicit constexpr Ops(const ScalerOps *o) : scaler(o) {}
    explicit constexpr Ops(const DetectorOps *o) : detector(o) {}
    explicit constexpr Ops(const TailOps *o) : tail(o) {}
    explicit constexpr Ops(const DecisionOps *o) : decision(o) {}
    explicit constexpr Ops(const DriftOps *o) : drift(o) {}
    explicit constexpr Ops(const PolicyOps *o) : policy(o) {}
};

// Which numbers a stage does not take. No scaler goes between an input that gives raw ones and a detector of these.
inline constexpr std::uint8_t refuses_samples = 1, refuses_raw = 2, gives_raw = 2;

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
    // Halves counts and sums and settles: a detector that is ready stays so. All or nothing.
    tb_status (*forget)(const twinbit::Block &);
};

struct tb_stage {
    std::uint16_t id;
    twinbit::Role role;
    std::uint8_t arithmetic;   // 0: serves all
    std::uint8_t policy_words; // the last words; those before them shape the image
    std::uint8_t refuses;      // refuses_...; of an input gives_raw, if it hands raw values on as they are
    // The fields of its block: the first `basis` of them are what images must share to be merged.
    const twinbit::Field *fields;
    std::uint32_t basis;
    // Checks the words; false if one is out of range.
    bool (*shape)(const twinbit::Setup &, twinbit::Shape &);
    twinbit::Ops ops;
};
