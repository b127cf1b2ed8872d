/* One semihosting call: the debugger, here QEMU, does the input and output.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * Reference: Arm "Semihosting for AArch32 and AArch64" (2.0) and the RISC-V semihosting specification, which takes the
 * same operations and parameter blocks behind another instruction sequence.
 */
#ifndef TWINBIT_SEMIHOSTING_H
#define TWINBIT_SEMIHOSTING_H

#include <stdint.h>

#define SYS_OPEN 0x01
#define SYS_CLOSE 0x02
#define SYS_WRITE0 0x04
#define SYS_WRITE 0x05
#define SYS_READ 0x06
#define SYS_EXIT_EXTENDED 0x20
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

#if defined(__arm__)

static inline intptr_t semihosting(intptr_t operation, const void *parameters) {
    register intptr_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = parameters;
    __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
    return r0;
}

#elif defined(__riscv)

/* The three instructions must be uncompressed and lie in one page, hence the alignment. */
static inline intptr_t semihosting(intptr_t operation, const void *parameters) {
    register intptr_t a0 __asm__("a0") = operation;
    register const void *a1 __asm__("a1") = parameters;
    __asm__ volatile(".option push\n\t"
                     ".option norvc\n\t"
                     ".balign 16\n\t"
                     "slli x0, x0, 0x1f\n\t"
                     "ebreak\n\t"
                     "srai x0, x0, 7\n\t"
                     ".option pop"
                     : "+r"(a0)
                     : "r"(a1)
                     : "memory");
    return a0;
}

#else
#error "semihosting: unknown machine"
#endif

#endif
