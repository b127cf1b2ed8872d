/* Measures one call: instructions by the machine's counter, stack by painting.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "probe.h"

#define PAINT 0xC5A55AC5u
#define DEPTH 2048u /* bytes painted below the caller, where there are so many */

static uint32_t empty_ticks;
static uint32_t high_water;

void probe_calibrate(void) {
    empty_ticks = 0;
    uint32_t least = UINT32_MAX;
    for (int i = 0; i < 8; ++i) {
        const uint32_t start = platform_ticks();
        __asm__ volatile("" ::: "memory");
        const uint32_t ticks = platform_ticks_since(start);
        least = ticks < least ? ticks : least;
    }
    empty_ticks = least;
}

/* The lowest word that is painted: DEPTH below sp, or half of what is left of a small stack. */
static uintptr_t lowest(uintptr_t sp) {
    const uint32_t left = platform_stack_left();
    return (sp - (left < 2 * DEPTH ? left / 2 : DEPTH)) & ~(uintptr_t)7;
}

/* Stops short of its own frame: 256 bytes cover that and the 128 bytes below sp that the x86-64 ABI lets it use. The
 * words it leaves out count as used, so 256 bytes is the least that is reported for hosts, 64 elsewhere. */
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)
#define OWN_FRAME 256u
#else
#define OWN_FRAME 64u
#endif

__attribute__((noinline)) void probe_paint(uintptr_t sp) {
    const uintptr_t end = (sp - OWN_FRAME) & ~(uintptr_t)7;
    for (uintptr_t p = lowest(sp); p < end; p += 4) {
        *(volatile uint32_t *)p = PAINT;
    }
}

__attribute__((noinline)) uint32_t probe_read(uint32_t ticks, uintptr_t sp) {
    uintptr_t p = lowest(sp);
    while (p < sp && *(volatile uint32_t *)p == PAINT) {
        p += 4;
    }
    const uint32_t used = (uint32_t)(sp - p);
    high_water = used > high_water ? used : high_water;
    return ticks < empty_ticks ? 0 : ticks - empty_ticks;
}

uint32_t probe_stack(void) { return high_water; }

uint32_t probe_reset(void) {
    const uint32_t most = high_water;
    high_water = 0;
    return most;
}
