/* Reads a recording frame by frame, see script.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "recording.h"

#include "platform.h"

static int32_t file = -1;

/* A few frames at a time: one semihosting call stops the machine, and a Cortex-M0 has no room for more. */
static uint32_t buffer[64];
static uint32_t filled;
static uint32_t taken;

static int next_word(uint32_t *word) {
    if (taken == filled) {
        filled = platform_read(file, buffer, sizeof buffer) / 4;
        taken = 0;
        if (filled == 0) {
            return -1;
        }
    }
    *word = buffer[taken++];
    return 0;
}

static int next_words(uint32_t *words, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
        if (next_word(&words[i]) != 0) {
            return -1;
        }
    }
    return 0;
}

int recording_open(const char *name, recording *out) {
    uint32_t header[SCRIPT_HEADER_WORDS];
    file = platform_open(name, 0);
    if (file < 0 || next_words(header, SCRIPT_HEADER_WORDS) != 0 || header[0] != SCRIPT_MAGIC) {
        return -1;
    }
    out->kind = header[1];
    out->channels = header[2];
    out->frames = header[3];
    out->attached = header[4];
    out->vectors = header[5];
    return out->kind < VALUES_F32 || out->kind > VALUES_I16 || out->channels > SCRIPT_CHANNELS_MAX ? -1 : 0;
}

int recording_next(const recording *of, frame *out) {
    uint32_t head[SCRIPT_FRAME_WORDS];
    if (next_words(head, SCRIPT_FRAME_WORDS) != 0) {
        return -1;
    }
    out->actions = head[0];
    out->context.dt_ms = head[1];
    out->context.phase = head[2];
    if (next_words((uint32_t *)out->value.i32, of->channels) != 0) {
        return -1;
    }
    if (of->kind == VALUES_I16) {
        for (uint32_t i = 0; i < of->channels; ++i) { /* in place: the narrow values never pass the wide ones */
            const int16_t narrow = (int16_t)out->value.i32[i];
            out->value.i16[i] = narrow;
        }
    }
    return 0;
}

void whole_push(whole *last, const recording *of, const frame *f) {
    const uint32_t kept = last->count - of->channels;
    for (uint32_t i = 0; i < last->count; ++i) {
        const uint32_t from = i < kept ? i + of->channels : i - kept; /* in the window, then in the frame */
        if (of->kind == VALUES_I16) {
            last->value.i16[i] = i < kept ? last->value.i16[from] : f->value.i16[from];
        } else { /* floats are moved as the words that they are */
            last->value.i32[i] = i < kept ? last->value.i32[from] : f->value.i32[from];
        }
    }
}
