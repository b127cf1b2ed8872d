// Eight outputs of a dense layer on cores whose FPU has scalars only (Cortex-M4F, M7, M33, M55): sums in s0 to s7,
// weights of an input in s8 to s15, inputs in s16 to s19. A product is rounded by VMUL before VADD adds it. VMLA rounds
// the same and would halve the instructions, but takes a cycle more than both on a Cortex-M4.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit::dense::eight {

// clang-format off
#define TWINBIT_INPUT(x)                                                 \
    "vldmia   %[w], {s8-s15}\n\t"          "add      %[w], %[w], %[row]\n\t" \
    "vmul.f32 s8, s8, " x "\n\t"           "vmul.f32 s9, s9, " x "\n\t"      \
    "vmul.f32 s10, s10, " x "\n\t"         "vmul.f32 s11, s11, " x "\n\t"    \
    "vadd.f32 s0, s0, s8\n\t"              "vadd.f32 s1, s1, s9\n\t"         \
    "vmul.f32 s12, s12, " x "\n\t"         "vmul.f32 s13, s13, " x "\n\t"    \
    "vadd.f32 s2, s2, s10\n\t"             "vadd.f32 s3, s3, s11\n\t"        \
    "vmul.f32 s14, s14, " x "\n\t"         "vmul.f32 s15, s15, " x "\n\t"    \
    "vadd.f32 s4, s4, s12\n\t"             "vadd.f32 s5, s5, s13\n\t"        \
    "vadd.f32 s6, s6, s14\n\t"             "vadd.f32 s7, s7, s15\n\t"
// clang-format on

// y = bias + sum_i w_i v_i for eight outputs; a row of weights has m.
inline void forward8(const float *bias, const float *w, const float *v, float *y, std::uint32_t n, std::uint32_t m) {
    __asm__ volatile("vldmia   %[bias], {s0-s7}\n\t"
                     "lsrs     r12, %[n], #2\n\t"
                     "beq      2f\n"
                     "1:\n\t"
                     "vldmia   %[v]!, {s16-s19}\n\t" TWINBIT_INPUT("s16") TWINBIT_INPUT("s17") TWINBIT_INPUT("s18")
                         TWINBIT_INPUT("s19") "subs     r12, #1\n\t"
                                              "bne      1b\n"
                                              "2:\n\t"
                                              "ands     r12, %[n], #3\n\t"
                                              "beq      4f\n"
                                              "3:\n\t"
                                              "vldmia   %[v]!, {s16}\n\t" TWINBIT_INPUT("s16") "subs     r12, #1\n\t"
                                                                                               "bne      3b\n"
                                                                                               "4:\n\t"
                                                                                               "vstmia   %[y], {s0-s7}"
                     : [w] "+r"(w), [v] "+r"(v)
                     : [bias] "r"(bias), [y] "r"(y), [n] "r"(n), [row] "r"(4 * m)
                     : "r12", "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13",
                       "s14", "s15", "s16", "s17", "s18", "s19", "cc", "memory");
}

#undef TWINBIT_INPUT

} // namespace twinbit::dense::eight
