/* The smallest firmware of a monitor: learn, score, raise alarms, seal for saving. Linked to measure flash, never run.
 * With FOOTPRINT_LOAD it also loads saved images, with all checks; with FOOTPRINT_LOOP it gives a policy its memory,
 * tells it what the operator says and rolls back.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * The linker keeps what these calls reach. This file, the startup code and the platform are not counted.
 */
#include "twinbit.h"

extern const tb_recipe runner_recipe;
int firmware(void *image, void *scratch, void *plan, const void *values, tb_result *result);

#if defined(FOOTPRINT_F32)
#define STEP(monitor, values, result) tb_step_f32(monitor, values, 8, 0, result)
#elif defined(FOOTPRINT_I16)
#define STEP(monitor, values, result) tb_step_i16(monitor, values, 8, 0, result)
#else
#define STEP(monitor, values, result) tb_step_i32(monitor, values, 8, 0, result)
#endif

int firmware(void *image, void *scratch, void *plan, const void *values, tb_result *result) {
    tb_monitor monitor;
    tb_status status = tb_init(&monitor, &runner_recipe, image, 4096, scratch, 4096, plan, 4096);
#if defined(FOOTPRINT_LOAD)
    status |= tb_load(&monitor, values, 4096, TB_LOAD_SEALED);
#endif
#if defined(FOOTPRINT_LOOP)
    status |= tb_attach(&monitor, TB_CANDIDATE, scratch, 4096, plan, 4096);
    status |= tb_feedback(&monitor, TB_NOT_A_FAULT) | tb_rollback(&monitor);
#endif
    status |= STEP(&monitor, values, result);
    return status | tb_seal(&monitor);
}
