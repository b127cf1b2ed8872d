/* Counts of a run and the one line that tells them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "report.h"

#include "print.h"

void tally_step(tally *counts, tb_status status, uint8_t state, uint32_t ticks) {
    ++counts->frames;
    if (status != TB_OK || state >= TALLY_STATES) {
        ++counts->failed;
        return;
    }
    ++counts->steps[state];
    counts->ticks[state] += ticks;
}

void report(const tally *counts, const tb_memory *sizes, uint32_t stack) {
    print_number("twinbit-runner frames=", counts->frames);
    print_number(" failed=", counts->failed);
    print_number(" image=", sizes->image);
    print_number(" scratch=", sizes->scratch);
    print_number(" plan=", sizes->plan);
    print_number(" stack=", stack);
    for (int i = 0; i < TALLY_STATES; ++i) {
        print_number(i == 0 ? " steps=" : ",", counts->steps[i]);
    }
    for (int i = 0; i < TALLY_STATES; ++i) {
        print_number(i == 0 ? " ticks=" : ",", counts->ticks[i]);
    }
    platform_print("\n");
}
