// Dense layers of 16-bit inputs on cores with the DSP extension (Cortex-M4, M7, M33): pull and push, beside
// dense_dsp_forward.hpp.
//
// SMMULR is half_up(g v) of v in an upper half, QADD limits.
#pragma once

#include "linear/dense_dsp_forward.hpp"

namespace twinbit::dense::chip {

// Four columns of push, down m / 2 pairs of rows. Not inlined: it needs every register.
__attribute__((noinline)) inline void push4(std::int32_t *w, const std::int16_t *v, const std::int32_t *g,
                                            std::uint32_t row, std::uint32_t m) {
    const auto *pair = reinterpret_cast<const std::uint32_t *>(v);
    const std::uint32_t low = pair[0], high = pair[1];
    const std::int32_t *const end = g + (m & ~1u);
    std::int32_t a, b; // the step of a row, a product
    __asm__ volatile("1:\n\t"
                     "ldr    %[a], [%[g]], #4\n\t"
                     "ldmia  %[w], {r4, r5, r6, r8}\n\t"
                     "smmulr %[b], %[a], %[v0]\n\t"
                     "qadd   r4, r4, %[b]\n\t"
                     "smmulr %[b], %[a], %[v1]\n\t"
                     "qadd   r5, r5, %[b]\n\t"
                     "smmulr %[b], %[a], %[v2]\n\t"
                     "qadd   r6, r6, %[b]\n\t"
                     "smmulr %[b], %[a], %[v3]\n\t"
                     "qadd   r8, r8, %[b]\n\t"
                     "ldr    %[a], [%[g]], #4\n\t"
                     "stmia  %[w], {r4, r5, r6, r8}\n\t"
                     "add    %[w], %[w], %[row]\n\t"
                     "ldmia  %[w], {r4, r5, r6, r8}\n\t"
                     "smmulr %[b], %[a], %[v0]\n\t"
                     "qadd   r4, r4, %[b]\n\t"
                     "smmulr %[b], %[a], %[v1]\n\t"
                     "qadd   r5, r5, %[b]\n\t"
                     "smmulr %[b], %[a], %[v2]\n\t"
                     "qadd   r6, r6, %[b]\n\t"
                     "smmulr %[b], %[a], %[v3]\n\t"
                     "qadd   r8, r8, %[b]\n\t"
                     "ldr    %[a], %[end]\n\t"
                     "stmia  %[w], {r4, r5, r6, r8}\n\t"
                     "add    %[w], %[w], %[row]\n\t"
                     "cmp    %[g], %[a]\n\t"
                     "bne    1b"
                     : [a] "=&r"(a), [b] "=&r"(b), [w] "+r"(w), [g] "+r"(g)
                     : [v0] "r"(low << 16), [v1] "r"(low & 0xFFFF0000u), [v2] "r"(high << 16),
                       [v3] "r"(high & 0xFFFF0000u), [row] "r"(row), [end] "m"(end)
                     : "r4", "r5", "r6", "r8", "cc", "memory");
}

// Two columns of pull: sum_j (w_j >> 16) e_j.
struct Two {
    std::int64_t first, second;
};
TWINBIT_INLINE Two weigh2(const std::int32_t *w, const std::int16_t *e, std::uint32_t n, std::uint32_t m) {
    Two sum = {0, 0};
    std::uint32_t k = m >> 1;
    if (k != 0) {
        std::uint32_t a, b, c; // two weights, a pair of errors
        __asm__("1:\n\t"
                "ldr     %[c], [%[e]], #4\n\t"
                "ldrd    %[a], %[b], [%[w]]\n\t"
                "add     %[w], %[w], %[row]\n\t"
                "smlaltb %Q[first], %R[first], %[a], %[c]\n\t"
                "smlaltb %Q[second], %R[second], %[b], %[c]\n\t"
                "ldrd    %[a], %[b], [%[w]]\n\t"
                "add     %[w], %[w], %[row]\n\t"
                "smlaltt %Q[first], %R[first], %[a], %[c]\n\t"
                "smlaltt %Q[second], %R[second], %[b], %[c]\n\t"
                "subs    %[k], #1\n\t"
                "bne     1b"
                : [first] "+r"(sum.first), [second] "+r"(sum.second), [w] "+r"(w), [e] "+r"(e), [a] "=&r"(a),
                  [b] "=&r"(b), [c] "=&r"(c), [k] "+r"(k)
                : [row] "r"(n * 4)
                : "cc", "memory");
    }
    if ((m & 1) != 0) {
        sum.first += std::int64_t{w[0] >> 16} * *e;
        sum.second += std::int64_t{w[1] >> 16} * *e;
    }
    return sum;
}

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
    std::uint32_t i = 0;
    for (; i + 2 <= n; i += 2) {
        const Two sums = weigh2(layer + i, e, n, m);
        delta[i] = narrowed(sums.first, shift);
        delta[i + 1] = narrowed(sums.second, shift);
    }
    if (i < n) {
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

// b = limited(b + half_up(g, shift)): the bit below the point is the carry.
inline void push_biases(std::int32_t *bias, const std::int32_t *g, std::uint32_t m, int shift) {
    for (; m >= 2; m -= 2) {
        std::uint32_t a, b, c, d;
        __asm__ volatile("ldrd %[a], %[b], [%[g]], #8\n\t"
                         "ldrd %[c], %[d], [%[bias]]\n\t"
                         "asrs %[a], %[a], %[shift]\n\t"
                         "adc  %[a], %[a], #0\n\t"
                         "asrs %[b], %[b], %[shift]\n\t"
                         "adc  %[b], %[b], #0\n\t"
                         "qadd %[c], %[c], %[a]\n\t"
                         "qadd %[d], %[d], %[b]\n\t"
                         "strd %[c], %[d], [%[bias]], #8"
                         : [a] "=&r"(a), [b] "=&r"(b), [c] "=&r"(c), [d] "=&r"(d), [bias] "+r"(bias), [g] "+r"(g)
                         : [shift] "r"(shift)
                         : "cc", "memory");
    }
    if (m != 0) {
        *bias = moved(*bias, half_up(*g, shift));
    }
}

inline void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
                 Places places) {
    std::int32_t *const biases = layer + n * m;
    const std::uint32_t blocks = m > 1 ? n & ~3u : 0;
    for (std::int32_t *w = layer; w != layer + blocks; w += 4, v += 4) {
        push4(w, v, g, 4 * n, m);
    }
    if ((m & 1) != 0) {
        push_row(biases - n, v - blocks, g[m - 1], blocks);
    }
    if (blocks != n) {
        const std::int32_t *step = g;
        for (std::int32_t *w = layer + blocks; step != g + m; w += n) {
            push_row(w, v, *step++, n - blocks);
        }
    }
    push_biases(biases, g, m, 16 - places.in);
}

} // namespace twinbit::dense::chip
