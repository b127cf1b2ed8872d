/* Startup for every Cortex-M target: vector table, memory, floating-point unit, main().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "platform.h"

#include <stdint.h>

extern uint32_t data_load[], data_start[], data_end[], bss_start[], bss_end[], stack_top[];
int main(void);
void reset_handler(void);
void fault_handler(void);

/* Coprocessor access control register: full access to coprocessors 10 and 11, the FPU (ARMv7-M reference, B3.2.20). */
static void enable_fpu(void) {
#if defined(__ARM_FP) || defined(__ARM_FEATURE_MVE)
    *(volatile uint32_t *)0xE000ED88u |= 0xFu << 20;
    __asm__ volatile("dsb\n\tisb" ::: "memory");
#endif
}

/* Not inlined: its prologue may save FPU registers, which must be on by then. volatile: no call of memcpy or memset. */
__attribute__((noinline)) static void start(void) {
    const volatile uint32_t *from = data_load;
    for (volatile uint32_t *to = data_start; to < data_end; ++to) {
        *to = *from++;
    }
    for (volatile uint32_t *to = bss_start; to < bss_end; ++to) {
        *to = 0;
    }
    platform_start();
    platform_exit(main());
}

void reset_handler(void) {
    enable_fpu();
    start();
    for (;;) {
    }
}

/* Any fault or unexpected interrupt ends the run with a status that is not 0. */
void fault_handler(void) {
    platform_print("fault\n");
    platform_exit(98);
    for (;;) {
    }
}

typedef struct vectors {
    uint32_t *stack;
    void (*handler[15])(void);
} vectors;

__attribute__((section(".vectors"), used)) static const vectors table = {
    stack_top,
    {reset_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
     fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler, fault_handler,
     fault_handler}};
