/* The runner's platform on bare metal: files through semihosting, instructions through the machine's own counter.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "platform.h"
#include "semihosting.h"

extern uint8_t bss_end[];

static uintptr_t length_of(const char *text) {
    uintptr_t n = 0;
    while (text[n] != '\0') {
        ++n;
    }
    return n;
}

int32_t platform_open(const char *name, int writing) {
    const uintptr_t block[3] = {(uintptr_t)name, writing ? 5u : 1u, length_of(name)}; /* modes "wb" and "rb" */
    return (int32_t)semihosting(SYS_OPEN, block);
}

/* SYS_READ and SYS_WRITE return the number of bytes that were not moved. */
static uint32_t moved(intptr_t operation, int32_t file, uintptr_t bytes, uint32_t size) {
    const uintptr_t block[3] = {(uintptr_t)file, bytes, size};
    const uint32_t rest = (uint32_t)semihosting(operation, block);
    return rest > size ? 0 : size - rest;
}

uint32_t platform_read(int32_t file, void *bytes, uint32_t size) {
    return moved(SYS_READ, file, (uintptr_t)bytes, size);
}

uint32_t platform_write(int32_t file, const void *bytes, uint32_t size) {
    return moved(SYS_WRITE, file, (uintptr_t)bytes, size);
}

void platform_close(int32_t file) {
    const uintptr_t block[1] = {(uintptr_t)file};
    (void)semihosting(SYS_CLOSE, block);
}

void platform_print(const char *text) { (void)semihosting(SYS_WRITE0, text); }

void platform_exit(int code) {
    const uintptr_t block[2] = {ADP_STOPPED_APPLICATION_EXIT, (uintptr_t)code};
    (void)semihosting(SYS_EXIT_EXTENDED, block);
    for (;;) {
    }
}

uint32_t platform_stack_left(void) { return (uint32_t)(platform_sp() - (uintptr_t)bss_end); }

#if defined(__arm__)

/* SysTick counts down 24 bits at the CPU's clock (ARMv7-M reference, B3.3). */
#define SYST_CSR (*(volatile uint32_t *)0xE000E010u)
#define SYST_RVR (*(volatile uint32_t *)0xE000E014u)
#define SYST_CVR (*(volatile uint32_t *)0xE000E018u)

void platform_start(void) {
    SYST_RVR = 0xFFFFFFu;
    SYST_CVR = 0;
    SYST_CSR = 5; /* on, CPU clock, no interrupt */
}

uint32_t platform_ticks(void) { return SYST_CVR; }

uint32_t platform_ticks_since(uint32_t start) { return (start - SYST_CVR) & 0xFFFFFFu; }

#else

void platform_start(void) {}

/* Instructions retired, the low 32 bits. */
uint32_t platform_ticks(void) {
    uint32_t count;
    __asm__ volatile(".option push\n\t.option arch, +zicsr\n\tcsrr %0, minstret\n\t.option pop" : "=r"(count));
    return count;
}

uint32_t platform_ticks_since(uint32_t start) { return platform_ticks() - start; }

#endif
