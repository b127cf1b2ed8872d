/* twinbit on a host: recipes as bytes, stages by number, batches of frames. Not linked into firmware.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * The rules of twinbit.h hold here too: no heap, no global state, nothing changes when a call fails.
 */
#ifndef TWINBIT_HOST_H
#define TWINBIT_HOST_H

#include "twinbit.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Recipes as bytes ---------------------------------------------------------------------------------------- */

#define TB_RECIPE_MAX_PARTS 16
#define TB_RECIPE_MAX_WORDS 12400 /* an input of 4096 channels has 12,290 */

/* A recipe with the memory of all its parts. About 50 KB; must stay where it was read to. */
typedef struct tb_recipe_store {
    tb_recipe recipe;
    tb_part parts[TB_RECIPE_MAX_PARTS];
    int32_t words[TB_RECIPE_MAX_WORDS];
} tb_recipe_store;

/* Reads the canonical binary form. The bytes are not trusted; nothing is allocated.
 *
 *   u32 magic "TBRC", u16 format, u8 arithmetic, u8 count
 *   for each part: u16 stage id, u16 number of words, i32 words...
 *   u32 CRC-32 of everything before; all little-endian, nothing after it
 *
 * Out: store; undefined after an error.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_TRUNCATED, TB_ERR_MAGIC, TB_ERR_FORMAT, TB_ERR_CRC, TB_ERR_RECIPE. */
tb_status tb_recipe_read(const void *bytes, uint32_t size, tb_recipe_store *store);

/* Writes that form. The same recipe always gives the same bytes.
 * In: bytes, capacity of them; bytes may be null to ask for the size.
 * Out: size, in bytes.
 * Errors: TB_ERR_ARGUMENT, TB_ERR_RECIPE, TB_ERR_SIZE. */
tb_status tb_recipe_write(const tb_recipe *recipe, void *bytes, uint32_t capacity, uint32_t *size);

/* The digests that images of this recipe carry. Errors: TB_ERR_ARGUMENT, TB_ERR_RECIPE. */
tb_status tb_recipe_digests(const tb_recipe *recipe, uint32_t *layout, uint32_t *policy);

/* ---- Stages by number ---------------------------------------------------------------------------------------- */

/* The stage with this id and arithmetic; null if there is none. RECIPE.md lists the ids. */
const tb_stage *tb_stage_by_id(uint16_t id, uint8_t arithmetic);

/* Its id; 0 for null. */
uint16_t tb_stage_id(const tb_stage *stage);

/* The C symbol of a stage, such as "tb_kmeans_q15"; null for a stage that is not in the list. */
const char *tb_stage_symbol(const tb_stage *stage);

/* The tools of a detector; null for any other stage. Their C symbol is the stage's and "_tools". */
const tb_tools *tb_tools_of(const tb_stage *stage);

/* ---- Batches ------------------------------------------------------------------------------------------------- */

/* As the functions of one frame, for `frames` frames of `count` values one after the other. contexts may be null, else
 * there is one a frame. Stop at the first frame that fails; the frames before it are done.
 * Out: one result or score a frame; done, the number of frames taken. */
tb_status tb_step_f32_many(tb_monitor *monitor, const float *values, uint32_t frames, uint32_t count,
                           const tb_context *contexts, tb_result *results, uint32_t *done);
tb_status tb_step_i32_many(tb_monitor *monitor, const int32_t *values, uint32_t frames, uint32_t count,
                           const tb_context *contexts, tb_result *results, uint32_t *done);
tb_status tb_score_f32_many(const tb_monitor *monitor, const float *values, uint32_t frames, uint32_t count,
                            const tb_context *contexts, int32_t *scores, uint32_t *done);
tb_status tb_score_i32_many(const tb_monitor *monitor, const int32_t *values, uint32_t frames, uint32_t count,
                            const tb_context *contexts, int32_t *scores, uint32_t *done);
tb_status tb_learn_f32_many(tb_monitor *monitor, const float *values, uint32_t frames, uint32_t count,
                            const tb_context *contexts, uint32_t *done);
tb_status tb_learn_i32_many(tb_monitor *monitor, const int32_t *values, uint32_t frames, uint32_t count,
                            const tb_context *contexts, uint32_t *done);

/* Where the frames go that samples make. */
typedef struct tb_frames {
    tb_result *results; /* room of them */
    uint32_t *at;       /* room of them: the number of the sample, within the call, that completed the frame */
    uint32_t room;
    uint32_t count; /* of frames that were written */
    uint32_t told;  /* TB_FLAG_... of samples that the next frame will tell of: 0 at first, then left as it is */
} tb_frames;

/* tb_step_*() for many samples of `count` values one after the other; only whole frames are written down: not those
 * samples that were skipped or of which a window is still gathering. Without a framer each sample is a frame. A frame's
 * result also has TB_FLAG_HELD and TB_FLAG_CLIPPED if a sample since the frame before had them; frames->told carries them
 * from call to call.
 * Stop at the first sample that fails, and with TB_ERR_SIZE where no room is left; the samples before it are done. For n
 * samples and a hop of h, n / h + 2 frames are always room enough.
 * Out: frames->results, at, count and told; done, the number of samples taken. */
tb_status tb_stream_f32(tb_monitor *monitor, const float *values, uint32_t samples, uint32_t count,
                        const tb_context *contexts, tb_frames *frames, uint32_t *done);
tb_status tb_stream_i32(tb_monitor *monitor, const int32_t *values, uint32_t samples, uint32_t count,
                        const tb_context *contexts, tb_frames *frames, uint32_t *done);
tb_status tb_stream_i16(tb_monitor *monitor, const int16_t *values, uint32_t samples, uint32_t count,
                        const tb_context *contexts, tb_frames *frames, uint32_t *done);

/* Score, then learn, in one pass of the detector: scores[i] is frame i's score before it was learned, 0 while there is
 * none. scores[*done], of the frame that failed, may have been written. */
tb_status tb_learn_score_f32_many(tb_monitor *monitor, const float *values, uint32_t frames, uint32_t count,
                                  const tb_context *contexts, int32_t *scores, uint32_t *done);
tb_status tb_learn_score_i32_many(tb_monitor *monitor, const int32_t *values, uint32_t frames, uint32_t count,
                                  const tb_context *contexts, int32_t *scores, uint32_t *done);

/* tb_drift_update_*() for `frames` values of `count` numbers one after the other. Stop at the first one that fails; those
 * before it are done.
 * Out: detected, a byte a value; done, the number of values taken. */
tb_status tb_drift_update_f32_many(tb_drift *drift, const float *values, uint32_t frames, uint32_t count,
                                   uint8_t *detected, uint32_t *done);
tb_status tb_drift_update_i32_many(tb_drift *drift, const int32_t *values, uint32_t frames, uint32_t count,
                                   uint8_t *detected, uint32_t *done);

#ifdef __cplusplus
}
#endif

#endif
