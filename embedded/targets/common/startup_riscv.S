/* Startup for the RISC-V targets: stack, global pointer, memory, floating-point unit, main().
 *
 * SPDX-License-Identifier: Apache-2.0
 */
    .section .vectors, "ax"
    .option arch, +zicsr
    .globl reset_handler
reset_handler:
    .option push
    .option norelax
    la gp, __global_pointer$
    .option pop
    la sp, stack_top
    la t0, trap
    csrw mtvec, t0
#ifdef __riscv_flen
    li t0, 1 << 13          /* mstatus.FS = initial: the FPU is on */
    csrs mstatus, t0
    csrw fcsr, zero         /* round to nearest, no exceptions seen */
#endif
    la t0, data_load
    la t1, data_start
    la t2, data_end
1:  bgeu t1, t2, 2f
    lw t3, 0(t0)
    sw t3, 0(t1)
    addi t0, t0, 4
    addi t1, t1, 4
    j 1b
2:  la t1, bss_start
    la t2, bss_end
3:  bgeu t1, t2, 4f
    sw zero, 0(t1)
    addi t1, t1, 4
    j 3b
4:  call platform_start
    call main
    call platform_exit

    .align 4
trap:                       /* any trap ends the run with a status that is not 0 */
    li a0, 98
    call platform_exit
    j trap
