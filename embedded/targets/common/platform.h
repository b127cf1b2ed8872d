/* What the runner needs from the machine under it: files, one line of text, an instruction counter, the stack.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * Three implementations: semihosting on bare Arm Cortex-M and RISC-V, stdio on hosts and under user emulation.
 */
#ifndef TWINBIT_PLATFORM_H
#define TWINBIT_PLATFORM_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called once before main(): starts the counter where there is one. */
void platform_start(void);

/* Opens a file of the working folder for reading (0) or writing (1). Returns a handle, negative on failure. */
int32_t platform_open(const char *name, int writing);

/* Returns the bytes moved; fewer than size at the end of the file or on failure. */
uint32_t platform_read(int32_t file, void *bytes, uint32_t size);
uint32_t platform_write(int32_t file, const void *bytes, uint32_t size);
void platform_close(int32_t file);

/* Text for the console, zero-terminated. */
void platform_print(const char *text);

/* Ends the program. */
void platform_exit(int code);

/* Ticks gone by since an earlier value of platform_ticks(). A tick is an instruction on RISC-V and a SysTick tick on
 * Cortex-M; there is no counter on hosts (always 0). Regions up to 2^24 - 1 ticks can be told. */
uint32_t platform_ticks(void);
uint32_t platform_ticks_since(uint32_t start);

/* The stack pointer, for the high-water mark. */
static inline uintptr_t platform_sp(void) {
    uintptr_t sp;
#if defined(__x86_64__)
    __asm__ volatile("movq %%rsp, %0" : "=r"(sp));
#elif defined(__i386__)
    __asm__ volatile("movl %%esp, %0" : "=r"(sp));
#elif defined(__riscv)
    __asm__ volatile("mv %0, sp" : "=r"(sp));
#else
    __asm__ volatile("mov %0, sp" : "=r"(sp));
#endif
    return sp;
}

/* Bytes below the stack pointer that may be painted: the stack must reach that far down. */
uint32_t platform_stack_left(void);

#ifdef __cplusplus
}
#endif

#endif
