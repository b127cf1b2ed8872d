/* The recording that a runner reads and the records that it writes. twinbit/parity/script.py has the same numbers.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * A frame of the recording is a sample where the recipe has a framer; calls that take whole frames then get the last
 * samples, and zeros for those that were not yet.
 *
 * recording.bin, little-endian: u32 magic, u32 kind of values, u32 channels, u32 frames, u32 images attached (a bit
 * each), u32 drift detectors that take whole frames where they stand alone (a bit each; others take the first channel),
 * then for each frame
 *     u32 actions, u32 dt_ms, u32 phase, and one 32-bit word a channel: a float, an int32, or an int16 widened to 32 bits.
 * results.bin: records of u32 frame, u16 record kind, u16 size of the payload, i32 status, payload.
 */
#ifndef TWINBIT_RUNNER_SCRIPT_H
#define TWINBIT_RUNNER_SCRIPT_H

#define SCRIPT_MAGIC 0x43524254u /* "TBRC" */
#define SCRIPT_CHANNELS_MAX 32
#define SCRIPT_VALUES_MAX 192  /* of a whole frame: a window of samples where the recipe has a framer */
#define SCRIPT_FEATURES_MAX 64 /* that are explained */
#define SCRIPT_PRUNE_KEEP 4
#define SCRIPT_HEADER_WORDS 6
#define SCRIPT_FRAME_WORDS 3 /* before the values */

/* Kinds of values. */
#define VALUES_F32 1
#define VALUES_I32 2
#define VALUES_I16 3

/* What is done after a frame's step, in this order. */
#define ACTION_SCORE 1u       /* tb_score_* of the whole frame */
#define ACTION_SCORE_FLOAT 2u /* tb_score_f32 of its numbers, also where the recording holds integers */
#define ACTION_EXPLAIN 4u     /* tb_explain_* of the frame */
#define ACTION_LEARN 8u       /* tb_learn_* of the frame */
#define ACTION_EPOCH 16u      /* tb_new_epoch */
#define ACTION_KEEP 32u       /* tb_save into a second buffer */
#define ACTION_RESTORE 64u    /* the image is wiped, tb_init, tb_load from the second buffer */
#define ACTION_MERGE 128u     /* tb_merge of the second buffer */
#define ACTION_UNMERGE 256u   /* tb_unmerge of the second buffer */
#define ACTION_RECALIBRATE 512u
#define ACTION_PRUNE 2048u  /* tb_prune to SCRIPT_PRUNE_KEEP units */
#define ACTION_DIGEST 1024u /* a checksum of the whole image, so that a difference of state has a frame */
#define ACTION_ROLLBACK 4096u
#define ACTION_UNLEARN 8192u /* of the last block */
#define ACTION_FORGET 16384u
#define ACTION_NOT_A_FAULT 32768u /* tb_feedback, as the next three */
#define ACTION_FAULT 65536u
#define ACTION_HOLD 131072u
#define ACTION_RELEASE 262144u
#define ACTION_EVENTS 524288u
#define ACTION_HEALTH 1048576u /* tb_trend, tb_loop_of */

/* Kinds of records. Those of actions carry what the call put out. */
#define RECORD_SELFTEST 1
#define RECORD_INIT 2  /* u32 image size */
#define RECORD_STEP 3  /* tb_result */
#define RECORD_SCORE 4 /* i32 */
#define RECORD_SCORE_FLOAT 5
#define RECORD_EXPLAIN 6 /* i32 a feature */
#define RECORD_LEARN 7
#define RECORD_EPOCH 8
#define RECORD_KEEP 9
#define RECORD_RESTORE 10
#define RECORD_MERGE 11
#define RECORD_UNMERGE 12
#define RECORD_RECALIBRATE 13
#define RECORD_DIGEST 14 /* u32 FNV-1a an image */
#define RECORD_IMAGE 15  /* a piece of the sealed image, at the end */
#define RECORD_PRUNE 16
#define RECORD_ROLLBACK 17
#define RECORD_UNLEARN 18
#define RECORD_FORGET 19
#define RECORD_FEEDBACK 20
#define RECORD_EVENTS 21 /* tb_event, one behind the other */
#define RECORD_LOST 22   /* u32, of events */
#define RECORD_HEALTH 23 /* tb_health */
#define RECORD_KEEP_ATTACHED 24
#define RECORD_RESTORE_ATTACHED 25
#define RECORD_CANDIDATE 26 /* a piece of an attached image, sealed, at the end */
#define RECORD_GOOD 27
#define RECORD_DRIFT 28       /* u32 number of a drift detector that tells a drift by itself */
#define RECORD_DRIFT_STATE 29 /* a piece of what such a detector knows, at the end */
#define RECORD_LOOP 30        /* tb_loop */

#endif
