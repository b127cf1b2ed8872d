/* Counts what a learned monitor costs while it watches: instructions and stack, step by step.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * Linked with an export named runner that carries what was learned, and run in a folder with the file samples.bin: one
 * 32-bit word a value, floats for F32, counts elsewhere, RUNNER_CHANNELS of them a step. Its last line on the console is
 * for python/src/twinbit/parity/cost.py:
 *     twinbit-cost samples=N frames=N sample_ticks=T frame_ticks=T most_ticks=T step_stack=B start_stack=B failed=N
 * A frame is a step that was scored, a sample one that only went into the window; most_ticks is of the dearest step.
 */
#include "../runner/print.h"
#include "../runner/probe.h"
#include "runner.h"

static uint64_t image[RUNNER_IMAGE_WORDS], scratch[RUNNER_SCRATCH_WORDS], plan[RUNNER_PLAN_WORDS + 1];
static tb_monitor monitor;
static uint32_t values[RUNNER_CHANNELS];

typedef struct counts {
    uint32_t samples, frames, failed;
    uint64_t sample_ticks, frame_ticks;
    uint32_t most_ticks;
} counts;

static tb_status start(void) {
    const tb_status status = tb_init(&monitor, &runner_recipe, image, RUNNER_IMAGE_SIZE, scratch, RUNNER_SCRATCH_SIZE,
                                     plan, RUNNER_PLAN_SIZE);
    return status != TB_OK ? status : tb_load(&monitor, runner_learned, RUNNER_IMAGE_SIZE, TB_LOAD_SEALED);
}

static tb_status step(tb_result *result) {
#if defined(COST_F32)
    return tb_step_f32(&monitor, (const float *)values, RUNNER_CHANNELS, 0, result);
#else
    return tb_step_i32(&monitor, (const int32_t *)values, RUNNER_CHANNELS, 0, result);
#endif
}

static void count(counts *c, tb_status status, const tb_result *result, uint32_t ticks) {
    const int gathers = (result->flags & TB_FLAG_GATHERING) != 0;
    c->failed += status != TB_OK || (!gathers && (result->flags & TB_FLAG_SCORED) == 0);
    c->most_ticks = ticks > c->most_ticks ? ticks : c->most_ticks;
    *(gathers ? &c->samples : &c->frames) += 1;
    *(gathers ? &c->sample_ticks : &c->frame_ticks) += ticks;
}

static void report(const counts *c, uint32_t start_stack) {
    print_number("twinbit-cost samples=", c->samples);
    print_number(" frames=", c->frames);
    print_number(" sample_ticks=", c->sample_ticks);
    print_number(" frame_ticks=", c->frame_ticks);
    print_number(" most_ticks=", c->most_ticks);
    print_number(" step_stack=", probe_stack());
    print_number(" start_stack=", start_stack);
    print_number(" failed=", c->failed);
    platform_print("\n");
}

int main(void) {
    counts c = {0, 0, 0, 0, 0, 0};
    tb_status status;
    uint32_t ticks;
    const int32_t file = platform_open("samples.bin", 0);
    probe_calibrate();
    PROBE(ticks, status = start());
    const uint32_t start_stack = probe_reset();
    if (status != TB_OK || file < 0) {
        platform_print("twinbit-cost: no monitor or no samples\n");
        return 1;
    }
    while (platform_read(file, values, sizeof values) == sizeof values) {
        tb_result result = {0, 0, 0, 0, 0, 0, 0, 0};
        PROBE(ticks, status = step(&result));
        count(&c, status, &result, ticks);
    }
    report(&c, start_stack);
    return 0;
}
