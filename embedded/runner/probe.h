/* Measures one call: instructions by the machine's counter, stack by painting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_PROBE_H
#define TWINBIT_RUNNER_PROBE_H

#include "platform.h"

#include <stdint.h>

/* Learns what an empty region costs. Call once before any measurement. */
void probe_calibrate(void);

/* Paints the stack below sp. */
void probe_paint(uintptr_t sp);

/* Ticks since start, less those of an empty region; adds the touched stack below sp to the high-water mark. */
uint32_t probe_read(uint32_t ticks, uintptr_t sp);

/* Most bytes of stack that a measured call has used. */
uint32_t probe_stack(void);

/* The same, and begins anew. */
uint32_t probe_reset(void);

/* Evaluates call between two looks at counter and stack; its ticks go to ticks. */
#define PROBE(ticks, call)                                                                                             \
    do {                                                                                                               \
        const uintptr_t probe_sp_ = platform_sp();                                                                     \
        probe_paint(probe_sp_);                                                                                        \
        const uint32_t probe_start_ = platform_ticks();                                                                \
        call;                                                                                                          \
        (ticks) = probe_read(platform_ticks_since(probe_start_), probe_sp_);                                           \
    } while (0)

#endif
