// Dense layers in float by eights on cores whose FPU has scalars only (Cortex-M4F, M7, M33, M55): sums in s0 to s7,
// weights of an input in s8 to s15, inputs from s16 on, products in s20 to s27.
//
// A product is rounded by VMUL before VADD adds it. VMLA rounds the same and would halve the instructions, but takes a
// cycle more than both on a Cortex-M4.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit::dense::eight {

#define TWINBIT_EIGHT_REGISTERS                                                                                        \
    "s0", "s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "s12", "s13", "s14", "s15"
#define TWINBIT_MORE_REGISTERS "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "s24", "s25", "s26", "s27"

// clang-format off
#define TWINBIT_INPUT(x)                                                     \
    "vldmia   %[w], {s8-s15}\n\t"          "add      %[w], %[w], %[row]\n\t" \
    "vmul.f32 s8, s8, " x "\n\t"           "vmul.f32 s9, s9, " x "\n\t"      \
    "vmul.f32 s10, s10, " x "\n\t"         "vmul.f32 s11, s11, " x "\n\t"    \
    "vadd.f32 s0, s0, s8\n\t"              "vadd.f32 s1, s1, s9\n\t"         \
    "vmul.f32 s12, s12, " x "\n\t"         "vmul.f32 s13, s13, " x "\n\t"    \
    "vadd.f32 s2, s2, s10\n\t"             "vadd.f32 s3, s3, s11\n\t"        \
    "vmul.f32 s14, s14, " x "\n\t"         "vmul.f32 s15, s15, " x "\n\t"    \
    "vadd.f32 s4, s4, s12\n\t"             "vadd.f32 s5, s5, s13\n\t"        \
    "vadd.f32 s6, s6, s14\n\t"             "vadd.f32 s7, s7, s15\n\t"
#define TWINBIT_STEP(x)                                                      \
    "vldmia   %[w], {s8-s15}\n\t"                                            \
    "vmul.f32 s20, s0, " x "\n\t"          "vmul.f32 s21, s1, " x "\n\t"     \
    "vmul.f32 s22, s2, " x "\n\t"          "vmul.f32 s23, s3, " x "\n\t"     \
    "vadd.f32 s8, s8, s20\n\t"             "vadd.f32 s9, s9, s21\n\t"        \
    "vmul.f32 s24, s4, " x "\n\t"          "vmul.f32 s25, s5, " x "\n\t"     \
    "vadd.f32 s10, s10, s22\n\t"           "vadd.f32 s11, s11, s23\n\t"      \
    "vmul.f32 s26, s6, " x "\n\t"          "vmul.f32 s27, s7, " x "\n\t"     \
    "vadd.f32 s12, s12, s24\n\t"           "vadd.f32 s13, s13, s25\n\t"      \
    "vadd.f32 s14, s14, s26\n\t"           "vadd.f32 s15, s15, s27\n\t"      \
    "vstmia   %[w], {s8-s15}\n\t"          "add      %[w], %[w], %[row]\n\t"
#define TWINBIT_LANES(a, b, c, d, e, f, g, h)                                \
    "vmul.f32 s8, s8, " a "\n\t"           "vmul.f32 s9, s9, " b "\n\t"      \
    "vmul.f32 s10, s10, " c "\n\t"         "vmul.f32 s11, s11, " d "\n\t"    \
    "vadd.f32 s0, s0, s8\n\t"              "vadd.f32 s1, s1, s9\n\t"         \
    "vmul.f32 s12, s12, " e "\n\t"         "vmul.f32 s13, s13, " f "\n\t"    \
    "vadd.f32 s2, s2, s10\n\t"             "vadd.f32 s3, s3, s11\n\t"        \
    "vmul.f32 s14, s14, " g "\n\t"         "vmul.f32 s15, s15, " h "\n\t"    \
    "vadd.f32 s4, s4, s12\n\t"             "vadd.f32 s5, s5, s13\n\t"        \
    "vadd.f32 s6, s6, s14\n\t"             "vadd.f32 s7, s7, s15\n\t"
#define TWINBIT_TREE                                                         \
    "vadd.f32 s0, s0, s4\n\t"              "vadd.f32 s1, s1, s5\n\t"         \
    "vadd.f32 s2, s2, s6\n\t"              "vadd.f32 s3, s3, s7\n\t"         \
    "vadd.f32 s0, s0, s2\n\t"              "vadd.f32 s1, s1, s3\n\t"         \
    "vadd.f32 %[sum], s0, s1"
// clang-format on

// y = bias + sum_i w_i v_i for blocks > 0 times eight outputs; a row of weights has m.
inline void forward8(const float *bias, const float *w, const float *v, float *y, std::uint32_t n, std::uint32_t m,
                     std::uint32_t blocks) {
    const float *weight, *input;
    std::uint32_t k;
    __asm__ volatile(
        "1:\n\t"
        "vldmia   %[bias]!, {s0-s7}\n\t"
        "mov      %[w], %[weight]\n\t"
        "mov      %[v], %[input]\n\t"
        "movs     %[k], %[eights]\n\t"
        "beq      3f\n"
        "2:\n\t"
        "vldmia   %[v]!, {s16-s23}\n\t" TWINBIT_INPUT("s16") TWINBIT_INPUT("s17") TWINBIT_INPUT("s18")
            TWINBIT_INPUT("s19") TWINBIT_INPUT("s20") TWINBIT_INPUT("s21") TWINBIT_INPUT("s22")
                TWINBIT_INPUT("s23") "subs     %[k], #1\n\t"
                                     "bne      2b\n"
                                     "3:\n\t"
                                     "movs     %[k], %[rest]\n\t"
                                     "beq      5f\n"
                                     "4:\n\t"
                                     "vldmia   %[v]!, {s16}\n\t" TWINBIT_INPUT("s16") "subs     %[k], #1\n\t"
                                                                                      "bne      4b\n"
                                                                                      "5:\n\t"
                                                                                      "vstmia   %[y]!, {s0-s7}\n\t"
                                                                                      "add      %[weight], #32\n\t"
                                                                                      "subs     %[blocks], #1\n\t"
                                                                                      "bne      1b"
        : [weight] "+r"(w), [bias] "+r"(bias), [y] "+r"(y), [blocks] "+r"(blocks), [w] "=&r"(weight), [v] "=&r"(input),
          [k] "=&r"(k)
        : [input] "r"(v), [eights] "r"(n >> 3), [rest] "r"(n & 7), [row] "r"(4 * m)
        : TWINBIT_EIGHT_REGISTERS, "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "cc", "memory");
}

// w_i += v_i g for eight outputs, and bias += g in the row after the last.
inline void push8(float *w, const float *v, const float *g, std::uint32_t n, std::uint32_t m) {
    std::uint32_t k;
    __asm__ volatile("vldmia   %[g], {s0-s7}\n\t"
                     "lsrs     %[k], %[n], #2\n\t"
                     "beq      2f\n"
                     "1:\n\t"
                     "vldmia   %[v]!, {s16-s19}\n\t" TWINBIT_STEP("s16") TWINBIT_STEP("s17") TWINBIT_STEP("s18")
                         TWINBIT_STEP("s19") "subs     %[k], #1\n\t"
                                             "bne      1b\n"
                                             "2:\n\t"
                                             "ands     %[k], %[n], #3\n\t"
                                             "beq      4f\n"
                                             "3:\n\t"
                                             "vldmia   %[v]!, {s16}\n\t" TWINBIT_STEP(
                                                 "s16") "subs     %[k], #1\n\t"
                                                        "bne      3b\n"
                                                        "4:\n\t"
                                                        "vmov.f32 s16, #1.0\n\t" TWINBIT_STEP("s16")
                     : [w] "+r"(w), [v] "+r"(v), [k] "=&r"(k)
                     : [g] "r"(g), [n] "r"(n), [row] "r"(4 * m)
                     : TWINBIT_EIGHT_REGISTERS, TWINBIT_MORE_REGISTERS, "cc", "memory");
}

inline constexpr float zeros[8] = {};

// The sum of lanes.hpp over a b, blocks > 0 times eight elements.
inline float dot8(const float *a, const float *b, std::uint32_t blocks) {
    float sum;
    __asm__ volatile("vldmia   %[zeros], {s0-s7}\n"
                     "1:\n\t"
                     "vldmia   %[a]!, {s8-s15}\n\t"
                     "vldmia   %[b]!, {s16-s23}\n\t" TWINBIT_LANES("s16", "s17", "s18", "s19", "s20", "s21", "s22",
                                                                   "s23") "subs     %[blocks], #1\n\t"
                                                                          "bne      1b\n\t" TWINBIT_TREE
                     : [sum] "=t"(sum), [a] "+r"(a), [b] "+r"(b), [blocks] "+r"(blocks)
                     : [zeros] "r"(zeros)
                     : TWINBIT_EIGHT_REGISTERS, "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "cc", "memory");
    return sum;
}

// e -= x for blocks > 0 times eight elements; returns the sum of lanes.hpp over e^2.
inline float miss8(float *e, const float *x, std::uint32_t blocks) {
    float sum;
    __asm__ volatile("vldmia   %[zeros], {s0-s7}\n"
                     "1:\n\t"
                     "vldmia   %[e], {s8-s15}\n\t"
                     "vldmia   %[x]!, {s16-s23}\n\t"
                     "vsub.f32 s8, s8, s16\n\t"
                     "vsub.f32 s9, s9, s17\n\t"
                     "vsub.f32 s10, s10, s18\n\t"
                     "vsub.f32 s11, s11, s19\n\t"
                     "vsub.f32 s12, s12, s20\n\t"
                     "vsub.f32 s13, s13, s21\n\t"
                     "vsub.f32 s14, s14, s22\n\t"
                     "vsub.f32 s15, s15, s23\n\t"
                     "vstmia   %[e]!, {s8-s15}\n\t" TWINBIT_LANES("s8", "s9", "s10", "s11", "s12", "s13", "s14",
                                                                  "s15") "subs     %[blocks], #1\n\t"
                                                                         "bne      1b\n\t" TWINBIT_TREE
                     : [sum] "=t"(sum), [e] "+r"(e), [x] "+r"(x), [blocks] "+r"(blocks)
                     : [zeros] "r"(zeros)
                     : TWINBIT_EIGHT_REGISTERS, "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23", "cc", "memory");
    return sum;
}

#undef TWINBIT_TREE
#undef TWINBIT_LANES
#undef TWINBIT_STEP
#undef TWINBIT_INPUT
#undef TWINBIT_MORE_REGISTERS
#undef TWINBIT_EIGHT_REGISTERS

} // namespace twinbit::dense::eight
