/* The recipe's drift detectors once more, each by itself: the first channel of every frame, or all of them, goes in.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_ALONE_H
#define TWINBIT_RUNNER_ALONE_H

#include "recording.h"

tb_status alone_set_up(const recording *of);
void alone_update(uint32_t number, const recording *of, const frame *f); /* a record where one tells a drift */
void alone_put_states(uint32_t number);                                  /* all that they know */

#endif
