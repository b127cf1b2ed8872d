/* Reads a recording frame by frame, see script.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_RECORDING_H
#define TWINBIT_RUNNER_RECORDING_H

#include "script.h"
#include "twinbit.h"

#include <stdint.h>

/* One frame. Which member of value is filled depends on the recording's kind. */
typedef struct frame {
    uint32_t actions;
    tb_context context;
    union {
        float f32[SCRIPT_CHANNELS_MAX];
        int32_t i32[SCRIPT_CHANNELS_MAX];
        int16_t i16[SCRIPT_CHANNELS_MAX];
    } value;
} frame;

typedef struct recording {
    uint32_t kind;
    uint32_t channels;
    uint32_t frames;
} recording;

/* Returns 0, or -1 if the file is missing or not a recording. */
int recording_open(const char *name, recording *out);

/* Returns 0, or -1 at a premature end. */
int recording_next(const recording *of, frame *out);

#endif
