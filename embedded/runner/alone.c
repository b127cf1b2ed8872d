/* The recipe's drift detectors once more, each by itself: the first channel of every frame, or all of them, goes in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "alone.h"

#include "memory.h"
#include "probe.h"
#include "records.h"

#define DRIFTS_MAX 4u

static tb_drift drifts[DRIFTS_MAX];
static uint32_t drift_count;

static tb_status set_up_one(tb_drift *drift, const tb_part *part, uint32_t features) {
    uint32_t size = 0;
    tb_status status = tb_drift_size(part, features, &size);
    void *memory = memory_take(size);
    if (status == TB_OK && memory == 0) {
        return TB_ERR_SIZE;
    }
    uint32_t ticks;
    PROBE(ticks, status = status != TB_OK ? status : tb_drift_init(drift, part, features, memory, size));
    (void)ticks;
    return status;
}

tb_status alone_set_up(const recording *of) {
    const tb_part *part = monitor.part[TB_PART_DRIFT];
    tb_status status = TB_OK;
    for (; part != 0 && part != monitor.part[TB_PART_POLICY] && drift_count < DRIFTS_MAX && status == TB_OK; ++part) {
        const uint32_t features = of->vectors & (1u << drift_count) ? of->channels : 1u;
        status = set_up_one(&drifts[drift_count++], part, features);
    }
    return status;
}

/* Counts of 16 bits go in as those of 32. */
static tb_status update(tb_drift *drift, const recording *of, const frame *f, uint8_t *detected) {
    static int32_t wide[SCRIPT_CHANNELS_MAX];
    if (of->kind == VALUES_F32) {
        return tb_drift_update_f32(drift, f->value.f32, drift->features, detected);
    }
    for (uint32_t i = 0; i < of->channels; ++i) {
        wide[i] = of->kind == VALUES_I16 ? f->value.i16[i] : f->value.i32[i];
    }
    return tb_drift_update_i32(drift, wide, drift->features, detected);
}

void alone_update(uint32_t number, const recording *of, const frame *f) {
    for (uint32_t i = 0; i < drift_count; ++i) {
        uint8_t detected = 0;
        tb_status status;
        uint32_t ticks;
        PROBE(ticks, status = update(&drifts[i], of, f, &detected));
        (void)ticks;
        if (status != TB_OK || detected != 0) {
            records_put(number, RECORD_DRIFT, status, &i, sizeof i);
        }
    }
}

void alone_put_states(uint32_t number) {
    for (uint32_t i = 0; i < drift_count; ++i) {
        memory_put(number, RECORD_DRIFT_STATE, TB_OK, drifts[i].state, drifts[i].size);
    }
}
