/* The calls of the closed loop, as the script asks for them.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_LOOP_H
#define TWINBIT_RUNNER_LOOP_H

#include <stdint.h>

void loop_change(uint32_t frame, uint32_t actions); /* roll-back, unlearning, forgetting, feedback */
void loop_look(uint32_t frame, uint32_t actions);   /* events and health */

#endif
