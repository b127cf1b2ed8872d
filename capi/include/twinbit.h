/* twinbit: learn what is normal on the device, score what it sees, raise alarms.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * The C interface. C99, no heap, no global state, no exceptions; several monitors may live side by side.
 *
 * A monitor is
 *   - a recipe: constant, written by `twinbit export` (or by hand), usually in flash;
 *   - an image: what was learned and where the monitor stands. The only memory that is ever saved;
 *   - scratch: nothing in it survives a call. One scratch may serve several monitors that are never used at once;
 *   - a plan: derived from recipe and image when they are joined, rebuilt at will, never saved.
 * The caller gives all three memories, 8-byte aligned, with the sizes that tb_sizes() tells (an exported recipe has
 * them as macros). twinbit never keeps a pointer outside the tb_monitor that the caller holds.
 *
 * The same inputs give the same bytes, in every result and in the whole image, on every supported target, compiler and
 * optimisation level, for one TB_NUMERICS_VERSION.
 *
 * Rules that hold for every function
 *   - Returns TB_OK (0) or a negative status; tb_status_text() explains it. After a failure the image and the outputs
 *     are as they were before the call, unless the function says otherwise.
 *   - Order of arguments: monitor, inputs, outputs; a length follows its array. Pointers may not be null unless said.
 *   - Threads: no two calls may use the same monitor, image, scratch or plan at once; different monitors need no lock.
 *   - Interrupts: a function whose block says "ISR-safe" may run in an interrupt handler as long as the rule above is
 *     kept. None blocks, none allocates.
 *   - Floating point: on hosts each call sets round-to-nearest without flushing and restores what it found. On
 *     microcontrollers tb_init() and tb_selftest() check the control register instead.
 */
#ifndef TWINBIT_H
#define TWINBIT_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Versions. Bits are promised for one numerics version; an image with another one is refused by name. */
#define TB_VERSION "0.1.0"
#define TB_NUMERICS_VERSION 1
#define TB_IMAGE_FORMAT 2
#define TB_RECIPE_FORMAT 1

/* ---- Status -------------------------------------------------------------------------------------------------- */

/* X(name, value, text): the one list that the enumeration and tb_status_text() are made of. */
#define TB_STATUS_LIST(X)                                                                                              \
    X(TB_OK, 0, "ok")                                                                                                  \
    X(TB_ERR_ARGUMENT, -1, "an argument is null, misaligned or out of its range")                                      \
    X(TB_ERR_SHAPE, -2, "the number of values does not match the recipe")                                              \
    X(TB_ERR_NOT_FINITE, -3, "a value is not finite (NaN or infinity); nothing was changed")                           \
    X(TB_ERR_MISSING, -4, "a value is missing and the recipe refuses missing values")                                  \
    X(TB_ERR_SIZE, -5, "the memory given is smaller than tb_sizes() asks for")                                         \
    X(TB_ERR_RECIPE, -6, "the recipe is not valid: a stage, its order or a parameter is out of range")                 \
    X(TB_ERR_TRUNCATED, -7, "the bytes end before the image does")                                                     \
    X(TB_ERR_MAGIC, -8, "these bytes are not a twinbit image")                                                         \
    X(TB_ERR_FORMAT, -9, "the image has a format version that this build does not read")                               \
    X(TB_ERR_NUMERICS, -10, "the image was made by another numerics version: its bits are not comparable")             \
    X(TB_ERR_LAYOUT, -11, "the image belongs to another recipe: shapes, stages or arithmetic differ")                  \
    X(TB_ERR_POLICY, -12, "the image was made under other policies (thresholds, k of n): see tb_set_policy()")         \
    X(TB_ERR_BASIS, -13, "the images stand on different bases (scaler, start centroids): they can't be merged")        \
    X(TB_ERR_CRC, -14, "the checksum does not match: the image is damaged")                                            \
    X(TB_ERR_TORN, -15, "the image was copied in the middle of an update")                                             \
    X(TB_ERR_UNSEALED, -16, "the image is not sealed: seal it before saving, or load it as a raw dump")                \
    X(TB_ERR_CORRUPT, -17, "a field of the image is outside its range")                                                \
    X(TB_ERR_RANGE, -18, "sums are full or would overflow, or learning has ended: nothing was changed")                \
    X(TB_ERR_UNSUPPORTED, -19, "the detector, its arithmetic or a recipe without tools does not support this")         \
    X(TB_ERR_STATE, -20, "the monitor is not in a state that allows this call")                                        \
    X(TB_ERR_ENVIRONMENT, -21, "the floating-point environment rounds or flushes differently from what bits need")     \
    X(TB_ERR_SELFTEST, -22, "this build computes other bits: a compiler flag or the hardware breaks the contract")

#define TB_STATUS_ENUM_(name, value, text) name = (value),
enum { TB_STATUS_LIST(TB_STATUS_ENUM_) TB_STATUS_END_ = 1 };
#undef TB_STATUS_ENUM_
typedef int32_t tb_status;

/* The text of a status, "unknown status" for any other number. Never null. ISR-safe. */
const char *tb_status_text(tb_status status);

/* ---- Recipe -------------------------------------------------------------------------------------------------- */

/* Arithmetic of a recipe. */
#define TB_F32 1
#define TB_Q15 2
#define TB_Q31 3

/* A stage's code. Opaque: an exported recipe names the ones it uses and the linker drops the others. */
typedef struct tb_stage tb_stage;

/* What can be in a recipe; RECIPE.md gives each one's words. */
extern const tb_stage tb_input_f32, tb_input_q15, tb_input_q31;
extern const tb_stage tb_input_phase_f32, tb_input_phase_q15, tb_input_phase_q31;
extern const tb_stage tb_input_raw_f32, tb_input_raw_q15, tb_input_raw_q31;
extern const tb_stage tb_input_clock_f32, tb_input_clock_q15, tb_input_clock_q31;
extern const tb_stage tb_scaler_f32, tb_scaler_q15, tb_scaler_q31;
extern const tb_stage tb_centre_f32, tb_centre_q15, tb_centre_q31;
extern const tb_stage tb_kmeans_f32, tb_kmeans_q15, tb_kmeans_q31;
extern const tb_stage tb_mahalanobis_f32, tb_mahalanobis_q15, tb_mahalanobis_q31;
extern const tb_stage tb_elm_f32, tb_elm_q15, tb_elm_q31;
extern const tb_stage tb_subspace_f32, tb_subspace_q15, tb_subspace_q31;
extern const tb_stage tb_deviation_f32, tb_deviation_q15, tb_deviation_q31;
extern const tb_stage tb_distance_f32, tb_distance_q15, tb_distance_q31;
extern const tb_stage tb_boxes_f32, tb_boxes_q15, tb_boxes_q31;
extern const tb_stage tb_bank_autoencoder_f32, tb_bank_autoencoder_q15, tb_bank_autoencoder_q31;
extern const tb_stage tb_bank_elm_f32, tb_bank_elm_q15, tb_bank_elm_q31;
extern const tb_stage tb_bank_subspace_f32, tb_bank_subspace_q15, tb_bank_subspace_q31;
extern const tb_stage tb_seasonal_f32, tb_seasonal_q15, tb_seasonal_q31;
extern const tb_stage tb_univariate_f32, tb_univariate_q15, tb_univariate_q31;
extern const tb_stage tb_autoencoder_f32, tb_autoencoder_q15, tb_autoencoder_q31;
extern const tb_stage tb_bands_f32, tb_bands_q15, tb_bands_q31;
extern const tb_stage tb_envelope_f32, tb_envelope_q15, tb_envelope_q31;
extern const tb_stage tb_framer_f32, tb_framer_q15, tb_framer_q31;
extern const tb_stage tb_time_f32, tb_time_q15, tb_time_q31;
extern const tb_stage tb_lags_f32, tb_lags_q15, tb_lags_q31;
extern const tb_stage tb_octaves_f32, tb_octaves_q15, tb_octaves_q31;
extern const tb_stage tb_decision, tb_steady;
extern const tb_stage tb_tail;
extern const tb_stage tb_page_hinkley, tb_adwin, tb_ks;
extern const tb_stage tb_centroid_f32, tb_centroid_q15, tb_centroid_q31;
extern const tb_stage tb_policy;

/* What a detector offers beside learning and scoring: explanation, merge, epochs. */
typedef struct tb_tools tb_tools;
extern const tb_tools tb_kmeans_f32_tools, tb_kmeans_q15_tools, tb_kmeans_q31_tools;
extern const tb_tools tb_mahalanobis_f32_tools, tb_mahalanobis_q15_tools, tb_mahalanobis_q31_tools;
extern const tb_tools tb_autoencoder_f32_tools, tb_autoencoder_q15_tools, tb_autoencoder_q31_tools;
extern const tb_tools tb_elm_f32_tools, tb_elm_q15_tools, tb_elm_q31_tools;
extern const tb_tools tb_subspace_f32_tools, tb_subspace_q15_tools, tb_subspace_q31_tools;
extern const tb_tools tb_deviation_f32_tools, tb_deviation_q15_tools, tb_deviation_q31_tools;
extern const tb_tools tb_distance_f32_tools, tb_distance_q15_tools, tb_distance_q31_tools;
extern const tb_tools tb_boxes_f32_tools, tb_boxes_q15_tools, tb_boxes_q31_tools;
extern const tb_tools tb_seasonal_f32_tools, tb_seasonal_q15_tools, tb_seasonal_q31_tools;
extern const tb_tools tb_univariate_f32_tools, tb_univariate_q15_tools, tb_univariate_q31_tools;
extern const tb_tools tb_bank_autoencoder_f32_tools, tb_bank_autoencoder_q15_tools, tb_bank_autoencoder_q31_tools;
extern const tb_tools tb_bank_elm_f32_tools, tb_bank_elm_q15_tools, tb_bank_elm_q31_tools;
extern const tb_tools tb_bank_subspace_f32_tools, tb_bank_subspace_q15_tools, tb_bank_subspace_q31_tools;

/* One stage with its parameters, as 32-bit words in the order of RECIPE.md. */
typedef struct tb_part {
    const tb_stage *stage;
    const int32_t *words;
    uint32_t count; /* of words */
} tb_part;

/* A whole recipe: input, then a framer with its extractors, transforms, a scaler (none of which it must have), then one
 * detector, at most one tail, and the decision; behind it drift detectors, if any, and the policy that they serve. */
typedef struct tb_recipe {
    uint16_t format;     /* TB_RECIPE_FORMAT */
    uint8_t arithmetic;  /* TB_F32, TB_Q15 or TB_Q31: the same for all its stages */
    uint8_t count;       /* of parts */
    const tb_part *part; /* in the order of the data */
    /* The detector's own tools. Null leaves them out of the firmware: tb_explain_*, tb_merge, tb_unmerge,
     * tb_new_epoch, tb_forget and tb_prune say TB_ERR_UNSUPPORTED then. Not part of the recipe's digests. */
    const tb_tools *tools;
} tb_recipe;

/* Bytes that the caller gives. An exported recipe has the same numbers as macros. */
typedef struct tb_memory {
    uint32_t image;
    uint32_t scratch;
    uint32_t plan; /* may be 0 */
} tb_memory;

/* Checks a recipe and tells its memory.
 * Out: sizes, in bytes.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_RECIPE. */
tb_status tb_sizes(const tb_recipe *recipe, tb_memory *sizes);

/* The parts of a monitor that are one stage each, or begin with one. */
#define TB_PART_INPUT 0
#define TB_PART_SCALER 1
#define TB_PART_DETECTOR 2
#define TB_PART_DECISION 3
#define TB_PART_SIGNAL 4 /* the first of framer, extractors and transforms */
#define TB_PART_TAIL 5
#define TB_PART_DRIFT 6 /* the first drift detector */
#define TB_PART_POLICY 7
#define TB_PARTS 8

/* Memory that a policy may need beside the image; tb_attach() gives it. */
#define TB_CANDIDATE 0 /* a candidate normal learns here */
#define TB_GOOD 1      /* the last good image: what tb_rollback() returns to, and the reference of `adapt` */
#define TB_ATTACHED 2

/* ---- Monitor ------------------------------------------------------------------------------------------------- */

/* Where a monitor's memory is. Filled by tb_init(); may be copied. Its fields are for reading only. */
typedef struct tb_monitor {
    const tb_recipe *recipe;
    uint8_t *image;
    uint8_t *scratch;
    uint8_t *plan;                 /* null if the recipe needs none */
    tb_memory sizes;               /* of the three */
    const tb_part *part[TB_PARTS]; /* of the recipe, by TB_PART_...; null where it has none */
    uint32_t block[TB_PARTS];      /* their offsets in the image */
    uint32_t channels;             /* values that tb_step_*() takes: a frame, or one sample where there is a framer */
    uint32_t values;               /* in a whole frame: channels, times the window where there is a framer */
    uint32_t features;             /* values that the detector sees */
    uint32_t plan_at;              /* offset of the detector's plan */
    uint32_t sample;               /* offsets in scratch */
    uint32_t work;
    uint8_t *attached[TB_ATTACHED];      /* images given by tb_attach(); null where none was */
    uint8_t *attached_plan[TB_ATTACHED]; /* and their plans */
} tb_monitor;

/* Joins a recipe and memory into a monitor that has learned nothing.
 * In: each memory 8-byte aligned, with its size in bytes. plan may be null if tb_sizes() says 0.
 * Out: monitor; image, scratch and plan are overwritten.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_RECIPE, TB_ERR_SIZE, TB_ERR_ENVIRONMENT. */
tb_status tb_init(tb_monitor *monitor, const tb_recipe *recipe, void *image, uint32_t image_size, void *scratch,
                  uint32_t scratch_size, void *plan, uint32_t plan_size);

/* States, in the order a monitor goes through them. */
#define TB_SCALING 0  /* the scaler learns mean and spread of each channel */
#define TB_LEARNING 1 /* the detector learns */
#define TB_CALIBRATING                                                                                                 \
    2                   /* scores of the learned model fill the histogram that gives the threshold. An ELM is solved
                          * first, a part with each frame: those are not scored and don't count */
#define TB_MONITORING 3 /* alarms are raised; nothing is learned unless tb_learn() is called or the policy adapts */
#define TB_DRIFTING 4   /* as monitoring, but normal has moved, or crept as far as it may: see tb_policy in RECIPE.md */

/* Flags of a result. */
#define TB_FLAG_SCORED 1u      /* score and smoothed are valid */
#define TB_FLAG_OVER 2u        /* smoothed > threshold */
#define TB_FLAG_ALARM 4u       /* the alarm is on (k of n, hysteresis, hold) */
#define TB_FLAG_SKIPPED 8u     /* a value was missing and the frame was skipped: nothing else changed */
#define TB_FLAG_HELD 16u       /* a missing value was replaced by the channel's last one */
#define TB_FLAG_CLIPPED 32u    /* a value was outside the range of the input's format and was limited to it */
#define TB_FLAG_NEW_STATE 64u  /* the state changed with this frame */
#define TB_FLAG_GATHERING 256u /* a sample was taken and no window is due yet: nothing was learned or scored */
#define TB_FLAG_FULL 128u      /* the frame was not learned: sums are full, or early stopping has ended learning */
#define TB_FLAG_DRIFT 512u     /* a drift is told with this frame */
#define TB_FLAG_ASK 1024u      /* policy `ask`: a candidate waits for tb_feedback(); with every scored frame */
#define TB_FLAG_TAKEN 2048u    /* a new normal took over with this frame */

/* Scores are in octaves, as raw * 2^-16: +1.0 is twice as far from normal. High = anomalous. 0 is the typical distance
 * of a k-means or Mahalanobis, elsewhere an error as large as standardised features vary: normal lies below it.
 * Range -64 to 64. */
#define TB_SCORE_ONE 65536
#define TB_THRESHOLD_NONE INT32_MAX /* before the first calibration */
#define TB_SIMILARITY_NONE 255      /* likewise */

/* What tb_step() says of a frame. 24 bytes, no padding; compare with memcmp. */
typedef struct tb_result {
    uint32_t frame;     /* number of the frame, from 0; while gathering the next one's. Skipped frames count too, and
                         * skipped samples where there is a framer */
    int32_t score;      /* of this frame alone; octaves, 2^-16; 0 if not TB_FLAG_SCORED */
    int32_t smoothed;   /* what is compared with the threshold; octaves, 2^-16 */
    int32_t threshold;  /* margin included; octaves, 2^-16; TB_THRESHOLD_NONE before monitoring */
    uint16_t flags;     /* TB_FLAG_... */
    uint8_t state;      /* after this frame: TB_SCALING ... */
    uint8_t similarity; /* 100 = typical, 50 = at the threshold, 0 = twice as far; TB_SIMILARITY_NONE before */
    uint32_t reserved;  /* 0 */
} tb_result;

/* What a frame or sample may carry beside its values. core has no clock: time is an input. */
typedef struct tb_context {
    uint32_t dt_ms; /* since the frame before; 0 = not known */
    uint32_t phase; /* position in a cycle (time of day, shaft angle): 2^32 a turn. For tb_input_phase_* and _clock_* */
} tb_context;

/* A missing value among integer inputs; among floats it is a NaN. What it does is in the recipe: refuse, hold, skip.
 * Refused, it is TB_ERR_MISSING among integers and TB_ERR_NOT_FINITE among floats. Infinity is always refused. */
#define TB_MISSING_I16 INT16_MIN
#define TB_MISSING_I32 INT32_MIN

/* The stream: takes one frame through scaler, detector, smoothing, threshold and alarm; learns as the state says.
 * With a framer in the recipe it takes one sample, a value an axis. The result says TB_FLAG_GATHERING until a window is
 * due; the sample that completes one does all of its work. context->dt_ms is then the time since the sample before.
 * In: count values, monitor->channels: one a channel. tb_step_i16 and tb_step_i32 take counts (no float code is linked for Q15 and Q31),
 *     tb_step_f32 takes engineering units. context may be null: dt and phase are 0.
 * Out: result.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_SHAPE, TB_ERR_NOT_FINITE, TB_ERR_MISSING.
 * ISR-safe. */
tb_status tb_step_i16(tb_monitor *monitor, const int16_t *values, uint32_t count, const tb_context *context,
                      tb_result *result);
tb_status tb_step_i32(tb_monitor *monitor, const int32_t *values, uint32_t count, const tb_context *context,
                      tb_result *result);
tb_status tb_step_f32(tb_monitor *monitor, const float *values, uint32_t count, const tb_context *context,
                      tb_result *result);

/* The raw score of one frame; nothing in the image moves. Scratch is used, and the plan is rebuilt if it is stale.
 * In: count values, monitor->values: one a channel; with a framer a whole window, sample after sample, of one phase.
 * Out: score, in octaves * 2^16.
 * Errors: as tb_step_*, where every missing value is refused; TB_ERR_STATE before the detector has learned enough. */
tb_status tb_score_i16(const tb_monitor *monitor, const int16_t *values, uint32_t count, const tb_context *context,
                       int32_t *score);
tb_status tb_score_i32(const tb_monitor *monitor, const int32_t *values, uint32_t count, const tb_context *context,
                       int32_t *score);
tb_status tb_score_f32(const tb_monitor *monitor, const float *values, uint32_t count, const tb_context *context,
                       int32_t *score);

/* The detector learns one frame, whatever the state says and without a look at the score. The scaler must be frozen.
 * tb_step() does not score an ELM's next frames: it solves anew, a row a frame.
 * Errors: as tb_score_*; TB_ERR_STATE while scaling; TB_ERR_RANGE when the sums are full or an autoencoder's early
 *         stopping has ended its learning (nothing is learned). */
tb_status tb_learn_i16(tb_monitor *monitor, const int16_t *values, uint32_t count, const tb_context *context);
tb_status tb_learn_i32(tb_monitor *monitor, const int32_t *values, uint32_t count, const tb_context *context);
tb_status tb_learn_f32(tb_monitor *monitor, const float *values, uint32_t count, const tb_context *context);

/* Which features made the score: each one's share, as raw * 2^-16; the shares add up to 1 (65536) within rounding, or
 * are all 0 where the frame lies on a centroid or the mean. They may be negative where features are correlated
 * (Mahalanobis).
 * Out: shares, share_count of them: monitor->features.
 * Errors: as tb_score_*; TB_ERR_SHAPE for another share_count; TB_ERR_UNSUPPORTED without tools. */
tb_status tb_explain_i16(const tb_monitor *monitor, const int16_t *values, uint32_t count, const tb_context *context,
                         int32_t *shares, uint32_t share_count);
tb_status tb_explain_i32(const tb_monitor *monitor, const int32_t *values, uint32_t count, const tb_context *context,
                         int32_t *shares, uint32_t share_count);
tb_status tb_explain_f32(const tb_monitor *monitor, const float *values, uint32_t count, const tb_context *context,
                         int32_t *shares, uint32_t share_count);

/* Where the monitor stands.
 * Returns one of TB_SCALING ..., or a negative status. ISR-safe. */
tb_status tb_state(const tb_monitor *monitor);

/* Forgets the threshold and calibrates again with the next frames; what was learned stays.
 * Errors: TB_ERR_STATE before the detector has learned. */
tb_status tb_recalibrate(tb_monitor *monitor);

/* ---- Image --------------------------------------------------------------------------------------------------- */

/* Seals the image where it lies: writes its checksum and sets the sealed flag. The next update breaks the seal.
 * After it the image's bytes may be copied anywhere; that copy is what tb_load() takes. */
tb_status tb_seal(tb_monitor *monitor);

/* tb_seal(), then a copy.
 * Out: bytes, at least tb_memory.image long.
 * Errors: TB_ERR_SIZE. */
tb_status tb_save(tb_monitor *monitor, void *bytes, uint32_t size);

/* Modes of tb_load(). */
#define TB_LOAD_SEALED 0
#define TB_LOAD_RAW 1 /* also takes the raw memory of a running device: no checksum, every other check */

/* Takes over a saved image. The bytes are not trusted: everything is checked before anything is changed.
 * In: bytes, of any alignment, not overlapping the monitor's memory, size of them.
 * Errors: TB_ERR_TRUNCATED, TB_ERR_MAGIC, TB_ERR_FORMAT, TB_ERR_NUMERICS, TB_ERR_LAYOUT, TB_ERR_POLICY, TB_ERR_TORN,
 *         TB_ERR_UNSEALED, TB_ERR_CRC, TB_ERR_CORRUPT. */
tb_status tb_load(tb_monitor *monitor, const void *bytes, uint32_t size, uint32_t mode);

/* As tb_load(), for an image whose thresholds, margins or k of n were other ones: the monitor's recipe replaces them.
 * What was learned stays. The threshold is computed anew from the histogram that the image carries.
 * A drift that is on ends with it, to be told anew. Attached images load as they are, whatever their policy was.
 * Errors: as tb_load(), without TB_ERR_POLICY. */
tb_status tb_set_policy(tb_monitor *monitor, const void *bytes, uint32_t size, uint32_t mode);

/* The header of an image, for tools. No recipe is needed. */
typedef struct tb_image_info {
    uint32_t size; /* that the header claims */
    uint16_t format;
    uint16_t numerics;
    uint8_t arithmetic;
    uint8_t sealed;
    uint8_t state;
    uint8_t alarm;
    uint32_t layout; /* digests */
    uint32_t policy;
    uint32_t basis;
    uint32_t updates; /* odd: torn */
    uint32_t crc;     /* as written */
    uint32_t crc_now; /* as computed over the bytes; 0 if they are too few */
    uint32_t frames;
} tb_image_info;

/* Reads a header.
 * Out: info, filled as far as the bytes go (the rest is 0), also after an error.
 * Returns the first thing that is wrong with the image without a recipe at hand: TB_ERR_TRUNCATED, TB_ERR_MAGIC,
 * TB_ERR_FORMAT, TB_ERR_NUMERICS, TB_ERR_TORN, TB_ERR_UNSEALED, TB_ERR_CRC. */
tb_status tb_inspect(const void *bytes, uint32_t size, tb_image_info *info);

/* ---- Fleet --------------------------------------------------------------------------------------------------- */

/* Begins an epoch: the statistics are emptied and what they led to becomes the basis that images have in common.
 * k-means: the present centroids become the start centroids. Mahalanobis, ELM: learn from nothing on the same scaler.
 * Bank: its modes and their scales stay as they are from then on. Autoencoder, subspace: go on from what they know.
 * Copies of an image made after this call can be merged with each other, if the detector can merge at all.
 * Errors: TB_ERR_STATE while scaling, TB_ERR_UNSUPPORTED without tools. */
tb_status tb_new_epoch(tb_monitor *monitor);

/* Prunes an ELM: leaves the `keep` hidden units that explain most, and solves again with those. The image keeps its
 * size; frames cost less. The monitor is calibrating afterwards. Images merge only where the same units are left.
 * Errors: TB_ERR_ARGUMENT for keep = 0 or more units than there are, TB_ERR_STATE before the detector has learned,
 *         TB_ERR_UNSUPPORTED for other detectors or without tools. */
tb_status tb_prune(tb_monitor *monitor, uint32_t keep);

/* Adds the statistics of another image on the same basis. Derived parts are rebuilt and the monitor is calibrating.
 * In Q15 and Q31 the order of merges does not change a byte; in F32 it may change the last bits.
 * In: bytes, a sealed image, as for tb_load().
 * Errors: as tb_load() (policies may differ), TB_ERR_STATE while scaling, TB_ERR_BASIS (k-means: also before the first
 *         tb_new_epoch(), and banks), TB_ERR_RANGE, TB_ERR_UNSUPPORTED without tools, and by autoencoders, subspaces,
 *         banks of them and ELMs that forget. */
tb_status tb_merge(tb_monitor *monitor, const void *bytes, uint32_t size);

/* Takes the statistics of another image out again: the statistics are what they were before its merge, to the byte.
 * Errors: as tb_merge(); TB_ERR_RANGE if they were never in; TB_ERR_UNSUPPORTED in F32, whose sums are rounded. */
tb_status tb_unmerge(tb_monitor *monitor, const void *bytes, uint32_t size);

/* Halves what the detector has learned, so that later frames count twice as much. Means, spreads and scores stay but for
 * rounding and for what is weighed against the number of frames (RECIPE.md); the monitor stays in its state and goes on
 * with the next frame. Full sums have room again. Images merge as before, what was halved counting as half (ELMs don't any
 * more), but what was merged before can't be taken out.
 * Errors: TB_ERR_STATE before the detector has learned, TB_ERR_UNSUPPORTED without tools and by detectors that forget by
 *         themselves. */
tb_status tb_forget(tb_monitor *monitor);

/* ---- The closed loop ------------------------------------------------------------------------------------------- */

/* For recipes with a policy: what a monitor does when normal moves. RECIPE.md describes the policies tell, freeze, adapt,
 * relearn and ask, and how a drift is told apart from a fault. Without a policy these calls are TB_ERR_UNSUPPORTED, and
 * firmware that does not call them links none of it. */

/* Gives the policy memory: adapt, relearn and ask need TB_CANDIDATE, adapt and tb_rollback() need TB_GOOD. Without it
 * drifts are told and nothing else is done. The memory stays the caller's, for as long as the monitor is used.
 * In: which, TB_CANDIDATE or TB_GOOD; image and plan, 8-byte aligned, as large as the monitor's own (tb_sizes()); plan
 *     may be null if that size is 0.
 * Out: both are overwritten: nothing is in them.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_SIZE, TB_ERR_UNSUPPORTED. */
tb_status tb_attach(tb_monitor *monitor, uint32_t which, void *image, uint32_t image_size, void *plan,
                    uint32_t plan_size);

/* Copies an attached image, sealed. Save it with the monitor's own image, after the same frame: then a restart in the
 * middle of a drift changes nothing.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_SIZE, TB_ERR_STATE where nothing is in it. */
tb_status tb_save_attached(tb_monitor *monitor, uint32_t which, void *bytes, uint32_t size);

/* Takes over what tb_save_attached() gave, after tb_attach() and tb_load(). The bytes are not trusted. A candidate that is
 * not the one the monitor's image knows begins anew with the next frame of a drift; such a good image is not used.
 * Errors: as tb_load(), without TB_ERR_POLICY; TB_ERR_STATE where nothing is attached. */
tb_status tb_load_attached(tb_monitor *monitor, uint32_t which, const void *bytes, uint32_t size);

/* What the operator says.
 * Not a fault: what alarms or drifts now is normal; a candidate takes over at once, as far as it has come (without a
 *   drift it has learned nothing yet, and the monitor begins to learn).
 * Fault: the candidate is dropped, and no drift is told until frames are calm again.
 * Hold: nothing is adapted or taken over from now on, until the release. A model that still learns goes on. */
#define TB_NOT_A_FAULT 0
#define TB_FAULT 1
#define TB_HOLD 2
#define TB_RELEASE 3

/* Tells the monitor what the operator knows.
 * Errors: TB_ERR_ARGUMENT; TB_ERR_STATE for TB_NOT_A_FAULT and TB_FAULT where there is neither alarm nor drift, and for
 *         TB_NOT_A_FAULT while the hold is set;
 *         TB_ERR_UNSUPPORTED without a policy. */
tb_status tb_feedback(tb_monitor *monitor, uint32_t word);

/* Goes back to the last good model, drops a candidate and sets the hold (TB_RELEASE ends it).
 * Errors: TB_ERR_STATE where there is no good image, TB_ERR_UNSUPPORTED without a policy. */
tb_status tb_rollback(tb_monitor *monitor);

/* Takes the last blocks of adaptation out of the model: it is as it was before them, to the byte. A block that has not
 * taken over yet is dropped with them.
 * In: blocks, 1 to the number that the recipe keeps.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_RANGE where fewer are kept, TB_ERR_CORRUPT where a kept block is damaged,
 *         TB_ERR_UNSUPPORTED where the recipe keeps none. */
tb_status tb_unlearn(tb_monitor *monitor, uint32_t blocks);

/* Where the loop stands. 24 bytes, no padding. */
typedef struct tb_loop {
    uint32_t since;    /* frames that the drift has lasted; 0: none */
    uint32_t over;     /* how many of the last frames, up to `persist`, were over the threshold */
    int32_t creep;     /* how far normal has crept; octaves, 2^-16; 0 without a budget */
    uint32_t blocks;   /* kept for tb_unlearn() */
    uint8_t held;      /* 1: the hold is set */
    uint8_t asked;     /* 1: a candidate waits for tb_feedback() */
    uint8_t muted;     /* 1: after TB_FAULT, until frames are calm */
    uint8_t candidate; /* its state; TB_CANDIDATE_NONE where none learns */
    uint8_t good;      /* 1: there is a good image to go back to */
    uint8_t reserved[3];
} tb_loop;
#define TB_CANDIDATE_NONE 255

/* Errors: TB_ERR_ARGUMENT, TB_ERR_UNSUPPORTED without a policy. ISR-safe. */
tb_status tb_loop_of(const tb_monitor *monitor, tb_loop *loop);

/* What happened, one record of 16 bytes each. Scores are octaves * 2^16. */
typedef struct tb_event {
    uint32_t frame; /* number of the frame */
    uint16_t kind;  /* TB_EVENT_... */
    uint8_t state;  /* after it */
    uint8_t detail; /* by its kind */
    int32_t smoothed;
    int32_t threshold;
} tb_event;

#define TB_EVENT_DRIFT 1       /* a drift was told; detail: the drift detector's number in the recipe, from 0 */
#define TB_EVENT_PASSED 2      /* it has passed */
#define TB_EVENT_CANDIDATE 3   /* a candidate began to learn; detail 1: anew, since its memory did not match */
#define TB_EVENT_ASKED 4       /* a candidate waits for tb_feedback() */
#define TB_EVENT_TAKEN 5       /* a candidate took over; detail: the state it had reached */
#define TB_EVENT_BUDGET 6      /* normal has crept as far as it may */
#define TB_EVENT_FEEDBACK 7    /* tb_feedback(); detail: the word */
#define TB_EVENT_ROLLED_BACK 8 /* tb_rollback() */
#define TB_EVENT_UNLEARNED 9   /* tb_unlearn(); detail: blocks */
#define TB_EVENT_ALARM 10      /* detail: 1 on, 0 off */
#define TB_EVENT_STATE 11      /* the state changed; detail: the state before */
#define TB_EVENT_HEALTH 12     /* the trend, once in the `health` frames: smoothed is its level, threshold its slope */

/* The events that the image still holds, oldest first.
 * Out: events, room of them; count, how many were written; lost, how many were overwritten in all, may be null.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_UNSUPPORTED without a policy. Where room is too small the newest are given. */
tb_status tb_events(const tb_monitor *monitor, tb_event *events, uint32_t room, uint32_t *count, uint32_t *lost);

#define TB_HEALTH_NONE 255 /* an index that is not known yet */

/* Where the smoothed score has been heading over the last frames (word `health` of the policy), and when it reaches the
 * threshold if it goes on like that. Frames are those that were scored. 32 bytes. */
typedef struct tb_health {
    uint32_t frames;       /* that the trend was taken from; it has a slope from a quarter of `health` on */
    int32_t level;         /* of the trend now; octaves, 2^-16 */
    int32_t slope;         /* octaves a frame, 2^-32; limited to +-0.5; 0 where there is none yet */
    int32_t slope_error;   /* its standard deviation, in the same unit; INT32_MAX: not known yet */
    uint32_t to_threshold; /* frames until the trend meets the threshold; 0: it is there; UINT32_MAX: it does not rise,
                            * or there is no slope or no threshold yet */
    uint32_t earliest; /* in nine cases of ten the trend meets it between these two; UINT32_MAX: never, or not known. */
    uint32_t latest;   /* never, too, where it is not sure that the trend rises */
    uint8_t index;     /* 100 as when calibrated (or better) ... 0 at the threshold, of the level; or TB_HEALTH_NONE */
    uint8_t reserved[3]; /* 0 */
} tb_health;

/* The health of what is monitored.
 * Out: health.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_UNSUPPORTED without a policy or where its word `health` is 0. */
tb_status tb_trend(const tb_monitor *monitor, tb_health *health);

/* ---- Drift detectors by themselves ------------------------------------------------------------------------------- */

/* tb_page_hinkley, tb_adwin, tb_ks and tb_centroid_* without a monitor, over any numbers: values go in one by one, and the
 * detector tells with which one a drift is found. It goes on by itself afterwards, as RECIPE.md says of each one.
 *
 *     static const int32_t words[] = {16, 12, 5, 4294967, 32, 5, 10, 1};
 *     static const tb_part adwin = {&tb_adwin, words, 8};
 *     static uint64_t memory[125];
 *     tb_drift drift;
 *     tb_drift_init(&drift, &adwin, 1, memory, sizeof memory);
 *     tb_drift_update_f32(&drift, &value, 1, &detected);
 */

/* Where a drift detector's memory is. Filled by tb_drift_init(); may be copied. Its fields are for reading only. All that
 * it knows are the `size` bytes at `state`: saving is copying them. They have no checksum of their own. */
typedef struct tb_drift {
    const tb_part *part;
    uint8_t *state;
    uint32_t features; /* numbers in a value */
    uint32_t size;     /* of the state, in bytes */
} tb_drift;

/* Checks a drift detector's part and tells its memory.
 * In: part, a stage with its words; features, 1 for detectors of single values, the length of the vector for tb_centroid_*.
 * Out: bytes: the state, and behind it a vector of samples for tb_centroid_*.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_RECIPE where the stage is no drift detector, a word is out of range or features are none
 *         that it can have.
 * ISR-safe. */
tb_status tb_drift_size(const tb_part *part, uint32_t features, uint32_t *bytes);

/* Joins a part and memory into a drift detector that has seen nothing. The part and its words must stay where they are.
 * In: memory, 8-byte aligned, size of it in bytes.
 * Out: drift; as many bytes of the memory as tb_drift_size() tells are overwritten.
 * Errors: as tb_drift_size(); TB_ERR_SIZE, TB_ERR_ENVIRONMENT. */
tb_status tb_drift_init(tb_drift *drift, const tb_part *part, uint32_t features, void *memory, uint32_t size);

/* Takes one value.
 * In: count numbers, drift->features. Of detectors of single values, floats become floor(x 2^unit + 1/2), unit being their
 *     first word, and integers are in units of 2^-unit; both are limited to +-(2^23 - 1). tb_centroid_* takes standardised
 *     samples: floats become the format of its arithmetic, within +-(8 - 2^-12); integers are in it (Q3.12 for Q15, Q.20
 *     for Q31).
 * Out: detected: 1 if a drift is told with this value, else 0.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_SHAPE, TB_ERR_NOT_FINITE; TB_ERR_UNSUPPORTED for integers to tb_centroid_f32.
 * ISR-safe. */
tb_status tb_drift_update_f32(tb_drift *drift, const float *values, uint32_t count, uint8_t *detected);
tb_status tb_drift_update_i32(tb_drift *drift, const int32_t *values, uint32_t count, uint8_t *detected);

/* Takes over a saved state of the same part. The bytes are not trusted: every number is checked before anything is changed.
 * In: bytes, of any alignment, not overlapping the state, size of them: drift->size.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_TRUNCATED, TB_ERR_LAYOUT for more bytes than the state has, TB_ERR_CORRUPT. */
tb_status tb_drift_load(tb_drift *drift, const void *bytes, uint32_t size);

/* ---- Self-test ----------------------------------------------------------------------------------------------- */

/* Runs known answers through the code of all stages that the recipe names but the policy, and so through the numbers below
 * them, on this very chip. Call it at boot. Firmware that doesn't call it links none of it; linked from an archive with
 * --gc-sections, firmware that does links the answers of its own stages (k-means in Q15 on a Cortex-M0: 2 KB, and 1.4 KB of
 * soft float for the rounding of a product).
 * Memory: stack, on a Cortex-M0 up to 1,150 bytes; with a bank 1,350, with tb_univariate_* 1,850, with tb_bands_* or
 * tb_envelope_* 2,550. No image is needed and none is touched.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_RECIPE, TB_ERR_SELFTEST, TB_ERR_ENVIRONMENT. */
tb_status tb_selftest(const tb_recipe *recipe);

#ifdef __cplusplus
}
#endif

#endif
