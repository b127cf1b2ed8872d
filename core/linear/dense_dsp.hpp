// Dense layers of 16-bit inputs on cores with the DSP extension (Cortex-M4, M7, M33): pull and push, beside
// dense_dsp_forward.hpp.
//
// SMMULR is half_up(g v) of v in an upper half, QADD limits.
#pragma once

#include "linear/dense_dsp_forward.hpp"

namespace twinbit::dense::chip {

// clang-format off
#define TWINBIT_ROW                                     \
    "ldr    %[a], [%[g]], #4\n\t"                       \
    "ldmia  %[w], {r4, r5, r6, r8}\n\t"                 \
    "smmulr %[b], %[a], %[v0]\n\t"                      \
    "qadd   r4, r4, %[b]\n\t"                           \
    "smmulr %[b], %[a], %[v1]\n\t"                      \
    "qadd   r5, r5, %[b]\n\t"                           \
    "smmulr %[b], %[a], %[v2]\n\t"                      \
    "qadd   r6, r6, %[b]\n\t"                           \
    "smmulr %[b], %[a], %[v3]\n\t"                      \
    "qadd   r8, r8, %[b]\n\t"                           \
    "stmia  %[w], {r4, r5, r6, r8}\n\t"                 \
    "add    %[w], %[w], %[row]\n\t"
// clang-format on

// push of n / 4 > 0 times four columns down m / 4 > 0 times four rows. Not inlined: it needs every register.
__attribute__((noinline)) inline void push4(std::int32_t *w, const std::int16_t *v, const std::int32_t *steps,
                                            std::uint32_t n, std::uint32_t m) {
    const std::uint32_t down = n * (m & ~3u);
    const std::int32_t *const end = steps + (m & ~3u);
    const std::int32_t *const last = w + (n & ~3u) - 4 + down; // below the last columns
    const std::uint32_t back = 16 - 4 * down;                  // from below four columns to the next
    const std::int32_t *g;
    std::int32_t a, b, v0, v1, v2, v3;
    __asm__ volatile("1:\n\t"
                     "ldr    %[a], %[v]\n\t"
                     "ldrd   %[v1], %[v3], [%[a]], #8\n\t"
                     "str    %[a], %[v]\n\t"
                     "lsl    %[v0], %[v1], #16\n\t"
                     "bfc    %[v1], #0, #16\n\t"
                     "lsl    %[v2], %[v3], #16\n\t"
                     "bfc    %[v3], #0, #16\n\t"
                     "ldr    %[g], %[steps]\n"
                     "2:\n\t" TWINBIT_ROW TWINBIT_ROW TWINBIT_ROW TWINBIT_ROW "ldr    %[a], %[end]\n\t"
                     "cmp    %[g], %[a]\n\t"
                     "bne    2b\n\t"
                     "ldr    %[a], %[last]\n\t"
                     "ldr    %[b], %[back]\n\t"
                     "cmp    %[w], %[a]\n\t"
                     "add    %[w], %[w], %[b]\n\t"
                     "bne    1b"
                     : [a] "=&r"(a), [b] "=&r"(b), [v0] "=&r"(v0), [v1] "=&r"(v1), [v2] "=&r"(v2), [v3] "=&r"(v3),
                       [w] "+r"(w), [g] "=&r"(g), [v] "+m"(v)
                     : [row] "r"(4 * n), [steps] "m"(steps), [end] "m"(end), [last] "m"(last), [back] "m"(back)
                     : "r4", "r5", "r6", "r8", "cc", "memory");
}

#undef TWINBIT_ROW

// clang-format off
#define TWINBIT_ROW(half, e)                                   \
    "ldrd    %[a], %[b], [%[w]]\n\t"                           \
    "add     %[w], %[w], %[row]\n\t"                           \
    "smlalt" half " %[low0], %[high0], %[a], " e "\n\t"         \
    "smlalt" half " %[low1], %[high1], %[b], " e "\n\t"
// clang-format on

// delta_0 and delta_1 of two columns side by side, of m / 4 > 0 times four rows.
inline void pull2(const std::int32_t *w, const std::int16_t *e, std::int32_t *delta, std::uint32_t n, std::uint32_t m,
                  int shift) {
    std::uint32_t a, b, c, d, k = m >> 2; // two weights, two pairs of errors
    std::uint32_t low0 = 0, high0 = 0, low1 = 0, high1 = 0;
    const int up = 32 - shift;
    __asm__ volatile("1:\n\t"
                     "ldrd    %[c], %[d], [%[e]], #8\n\t" TWINBIT_ROW("b", "%[c]") TWINBIT_ROW("t", "%[c]")
                         TWINBIT_ROW("b", "%[d]") TWINBIT_ROW("t", "%[d]") "subs    %[k], #1\n\t"
                                                                           "bne     1b\n\t"
                                                                           "ldr     %[a], %[up]\n\t"
                                                                           "ldr     %[b], %[shift]\n\t"
                                                                           "lsl     %[high0], %[high0], %[a]\n\t"
                                                                           "lsl     %[high1], %[high1], %[a]\n\t"
                                                                           "lsrs    %[low0], %[low0], %[b]\n\t"
                                                                           "adc     %[low0], %[low0], %[high0]\n\t"
                                                                           "lsrs    %[low1], %[low1], %[b]\n\t"
                                                                           "adc     %[low1], %[low1], %[high1]"
                     : [low0] "+r"(low0), [high0] "+r"(high0), [low1] "+r"(low1), [high1] "+r"(high1), [w] "+r"(w),
                       [e] "+r"(e), [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [k] "+r"(k)
                     : [row] "r"(n * 4), [up] "m"(up), [shift] "m"(shift)
                     : "cc", "memory");
    delta[0] = static_cast<std::int32_t>(low0);
    delta[1] = static_cast<std::int32_t>(low1);
}

#undef TWINBIT_ROW

// w + step, limited.
TWINBIT_INLINE std::int32_t moved(std::int32_t w, std::int32_t step) {
    __asm__("qadd %[w], %[w], %[step]" : [w] "+r"(w) : [step] "r"(step));
    return w;
}

// half_up(g v, 16)
TWINBIT_INLINE std::int32_t step(std::int32_t g, std::int32_t v) {
    std::int32_t r;
    __asm__("smmulr %[r], %[g], %[v]" : [r] "=r"(r) : [g] "r"(g), [v] "r"(v * 65536));
    return r;
}

inline void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n,
                 std::uint32_t m, Places places) {
    const int shift = half_places + places.in - places.out;
    const std::uint32_t pairs = m % 4 == 0 ? n & ~1u : 0;
    for (std::uint32_t i = 0; i < pairs; i += 2) {
        pull2(layer + i, e, delta + i, n, m, shift);
    }
    for (std::uint32_t i = pairs; i < n; ++i) {
        std::int64_t sum = 0;
        for (std::uint32_t j = 0; j < m; ++j) {
            sum += std::int64_t{layer[j * n + i] >> 16} * e[j];
        }
        delta[i] = narrowed(sum, shift);
    }
}

inline void push_row(std::int32_t *w, const std::int16_t *v, std::int32_t g, std::uint32_t n) {
    for (; n != 0; --n, ++w) {
        *w = moved(*w, step(g, *v++));
    }
}

// b = limited(b + half_up(g, shift)): SMMLSR of g and -2^(32 - shift), since 2^31 is no number of 32 bits.
inline void push_biases(std::int32_t *bias, const std::int32_t *g, std::uint32_t m, int shift) {
    const std::int32_t *const end = g + (m & ~3u);
    if (g != end) {
        __asm__ volatile("1:\n\t"
                         "ldmia  %[g]!, {r4, r5, r6, r8}\n\t"
                         "ldmia  %[bias], {r9, r10, r11, r12}\n\t"
                         "smmlsr r4, r4, %[minus], %[none]\n\t"
                         "smmlsr r5, r5, %[minus], %[none]\n\t"
                         "smmlsr r6, r6, %[minus], %[none]\n\t"
                         "smmlsr r8, r8, %[minus], %[none]\n\t"
                         "qadd   r9, r9, r4\n\t"
                         "qadd   r10, r10, r5\n\t"
                         "qadd   r11, r11, r6\n\t"
                         "qadd   r12, r12, r8\n\t"
                         "cmp    %[g], %[end]\n\t"
                         "stmia  %[bias]!, {r9, r10, r11, r12}\n\t"
                         "bne    1b"
                         : [bias] "+r"(bias), [g] "+r"(g)
                         : [minus] "r"(UINT32_MAX << (32 - shift)), [none] "r"(0), [end] "r"(end)
                         : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
    }
    for (m &= 3; m != 0; --m, ++bias) {
        *bias = moved(*bias, half_up(*g++, shift));
    }
}

// What fours leave: the last columns, the last rows.
__attribute__((noinline)) inline void push_rest(std::int32_t *w, const std::int16_t *v, const std::int32_t *g,
                                                std::uint32_t n, std::uint32_t m, std::uint32_t columns) {
    for (std::uint32_t j = 0; j < m; ++j, w += n) {
        const std::uint32_t done = j < (m & ~3u) ? columns : 0;
        push_row(w + done, v + done, g[j], n - done);
    }
}

inline void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
                 Places places) {
    push_biases(layer + n * m, g, m, 16 - places.in);
    const std::uint32_t columns = m < 4 ? 0 : n & ~3u;
    if (columns != 0) {
        push4(layer, v, g, n, m);
    }
    if (columns != n || m % 4 != 0) {
        push_rest(layer, v, g, n, m, columns);
    }
}

} // namespace twinbit::dense::chip
