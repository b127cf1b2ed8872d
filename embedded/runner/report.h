/* Counts of a run and the one line that tells them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_REPORT_H
#define TWINBIT_RUNNER_REPORT_H

#include "twinbit.h"

#include <stdint.h>

#define TALLY_STATES 5

typedef struct tally {
    uint32_t frames;
    uint32_t failed;
    uint32_t steps[TALLY_STATES]; /* by the state that the step ended in */
    uint64_t ticks[TALLY_STATES];
} tally;

void tally_step(tally *counts, tb_status status, uint8_t state, uint32_t ticks);
void report(const tally *counts, const tb_memory *sizes, uint32_t stack);

#endif
