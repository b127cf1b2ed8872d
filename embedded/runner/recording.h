/* Reads a recording frame by frame, see script.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_RECORDING_H
#define TWINBIT_RUNNER_RECORDING_H

#include "script.h"
#include "twinbit.h"

#include <stdint.h>

/* One frame, or sample. Which member of value is filled depends on the recording's kind. */
typedef struct frame {
    uint32_t actions;
    tb_context context;
    union {
        float f32[SCRIPT_CHANNELS_MAX];
        int32_t i32[SCRIPT_CHANNELS_MAX];
        int16_t i16[SCRIPT_CHANNELS_MAX];
    } value;
} frame;

/* The last values of the recording, as many as a whole frame has, oldest first. Begins as zeros. */
typedef struct whole {
    uint32_t count;
    union {
        float f32[SCRIPT_VALUES_MAX];
        int32_t i32[SCRIPT_VALUES_MAX];
        int16_t i16[SCRIPT_VALUES_MAX];
    } value;
} whole;

typedef struct recording {
    uint32_t kind;
    uint32_t channels;
    uint32_t frames;
    uint32_t attached; /* bits of images */
    uint32_t vectors;  /* bits of drift detectors that take whole frames */
} recording;

/* Returns 0, or -1 if the file is missing or not a recording. */
int recording_open(const char *name, recording *out);

/* Returns 0, or -1 at a premature end. */
int recording_next(const recording *of, frame *out);

/* Appends a frame's values; the oldest ones fall out. */
void whole_push(whole *last, const recording *of, const frame *f);

#endif
