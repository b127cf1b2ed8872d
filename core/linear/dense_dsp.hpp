// Rows and columns of a dense layer on cores with the DSP extension (Cortex-M4,
// M7, M33).
//
// SMLALTB multiplies the upper half of a weight with either half of a pair of
// inputs; SMMULR is half_up(g v) of v in an upper half; QADD limits. Compilers
// find none of them by themselves, nor LDM.
#pragma once

#include "linear/dense_fixed.hpp"

namespace twinbit::dense::chip {

#define TWINBIT_INLINE inline __attribute__((always_inline))

// half_up(sum 2^-shift) for a sum that fits 32 bits then, 1 <= shift <= 31: the
// bit below the point is the carry.
TWINBIT_INLINE std::int32_t narrowed(std::int64_t sum, int shift) {
    std::int32_t r;
    const int up = 32 - shift;
    __asm__("lsl  %R[sum], %R[sum], %[up]\n\t"
            "lsrs %Q[sum], %Q[sum], %[shift]\n\t"
            "adc  %[r], %Q[sum], %R[sum]"
            : [r] "=r"(r), [sum] "+r"(sum)
            : [shift] "ri"(shift), [up] "ri"(up)
            : "cc");
    return r;
}

TWINBIT_INLINE std::int16_t limited(std::int32_t v) {
    __asm__("ssat %[v], #16, %[v]" : [v] "+r"(v));
    return static_cast<std::int16_t>(v);
}

// clang-format off
#define TWINBIT_FOUR(low, high, w, v)               \
    "ldmia   " w "!, {r4, r5, r6, r8}\n\t"          \
    "ldrd    %[a], %[b], [" v "], #8\n\t"           \
    "smlaltb " low ", " high ", r4, %[a]\n\t"       \
    "smlaltt " low ", " high ", r5, %[a]\n\t"       \
    "smlaltb " low ", " high ", r6, %[b]\n\t"       \
    "smlaltt " low ", " high ", r8, %[b]\n\t"
#define TWINBIT_EIGHT(low, high, w, v) TWINBIT_FOUR(low, high, w, v) TWINBIT_FOUR(low, high, w, v)
// clang-format on

// sum + sum_i (w_i >> 16) v_i; w moves on to the next row.
TWINBIT_INLINE std::int64_t weigh(std::int64_t sum, const std::int32_t *&w, const std::int16_t *v, std::uint32_t n) {
    std::uint32_t k = n >> 3;
    if (k != 0) {
        std::uint32_t a, b; // two pairs of inputs
        __asm__("1:\n\t" TWINBIT_EIGHT("%Q[sum]", "%R[sum]", "%[w]", "%[v]") "subs    %[k], #1\n\t"
                                                                             "bne     1b"
                : [sum] "+r"(sum), [w] "+r"(w), [v] "+r"(v), [a] "=&r"(a), [b] "=&r"(b), [k] "+r"(k)
                :
                : "r4", "r5", "r6", "r8", "cc", "memory");
    }
    for (k = n & 7; k != 0; --k) {
        sum += std::int64_t{*w++ >> 16} * *v++;
    }
    return sum;
}

// Errors of m outputs that have eight inputs in Q0.15, which stay in registers. It takes 13: more than GCC has at -O0.
inline void miss8(const std::int32_t *w, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                  std::uint32_t m) {
    const auto *pair = reinterpret_cast<const std::uint32_t *>(v);
    const std::int32_t *bias = w + 8 * m;
    const std::int32_t *const end = bias + m;
    std::uint32_t low, high, a, b;
    __asm__ volatile("1:\n\t"
                     "ldr     %[low], [%[bias]], #4\n\t"
                     "ldrsh   %[a], [%[x]], #2\n\t"
                     "asr     %[low], %[low], #1\n\t"
                     "sub     %[low], %[low], %[a], lsl #14\n\t"
                     "ldrd    %[a], %[b], [%[w]], #8\n\t"
                     "asr     %[high], %[low], #31\n\t"
                     "smlaltb %[low], %[high], %[a], %[v0]\n\t"
                     "smlaltt %[low], %[high], %[b], %[v0]\n\t"
                     "ldrd    %[a], %[b], [%[w]], #8\n\t"
                     "smlaltb %[low], %[high], %[a], %[v1]\n\t"
                     "smlaltt %[low], %[high], %[b], %[v1]\n\t"
                     "ldrd    %[a], %[b], [%[w]], #8\n\t"
                     "smlaltb %[low], %[high], %[a], %[v2]\n\t"
                     "smlaltt %[low], %[high], %[b], %[v2]\n\t"
                     "ldrd    %[a], %[b], [%[w]], #8\n\t"
                     "smlaltb %[low], %[high], %[a], %[v3]\n\t"
                     "smlaltt %[low], %[high], %[b], %[v3]\n\t"
                     "lsl     %[high], %[high], #17\n\t"
                     "lsrs    %[low], %[low], #15\n\t"
                     "adc     %[a], %[low], %[high]\n\t"
                     "ssat    %[a], #16, %[a]\n\t"
                     "strh    %[a], [%[e]], #2\n\t"
                     "cmp     %[bias], %[end]\n\t"
                     "bne     1b"
                     : [low] "=&r"(low), [high] "=&r"(high), [w] "+r"(w), [bias] "+r"(bias), [x] "+r"(x), [e] "+r"(e),
                       [a] "=&r"(a), [b] "=&r"(b)
                     : [v0] "r"(pair[0]), [v1] "r"(pair[1]), [v2] "r"(pair[2]), [v3] "r"(pair[3]), [end] "r"(end)
                     : "cc", "memory");
}

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

// sum of squares of n numbers of 16 bits
inline std::uint64_t squares(const std::int16_t *v, std::uint32_t n) {
    std::uint64_t sum = 0;
    std::uint32_t k = n >> 2;
    if (k != 0) {
        std::uint32_t a, b;
        __asm__("1:\n\t"
                "ldrd   %[a], %[b], [%[v]], #8\n\t"
                "smlald %Q[sum], %R[sum], %[a], %[a]\n\t"
                "smlald %Q[sum], %R[sum], %[b], %[b]\n\t"
                "subs   %[k], #1\n\t"
                "bne    1b"
                : [sum] "+r"(sum), [v] "+r"(v), [a] "=&r"(a), [b] "=&r"(b), [k] "+r"(k)
                :
                : "cc", "memory");
    }
    for (k = n & 3; k != 0; --k) {
        sum += static_cast<std::uint32_t>(*v * *v);
        ++v;
    }
    return sum;
}

// forward for n a multiple of eight, with all that a row needs beside its sum. It takes 13 registers, too.
inline void forward_rows(const std::int32_t *w, const std::int16_t *v, std::int32_t *y, std::uint32_t eights,
                         std::uint32_t m, int drop, int shift) {
    const std::int32_t *bias = w + 8 * eights * m;
    const std::int32_t *const end = bias + m;
    const std::int16_t *input;
    const int up = 32 - shift;
    std::uint32_t low, high, a, b, k;
    __asm__ volatile(
        "1:\n\t"
        "ldr     %[low], [%[bias]], #4\n\t"
        "ldr     %[a], %[drop]\n\t"
        "ldr     %[input], %[v]\n\t"
        "ldr     %[k], %[eights]\n\t"
        "asr     %[low], %[low], %[a]\n\t"
        "asr     %[high], %[low], #31\n"
        "2:\n\t" TWINBIT_EIGHT("%[low]", "%[high]", "%[w]", "%[input]") "subs    %[k], #1\n\t"
                                                                        "bne     2b\n\t"
                                                                        "ldr     %[a], %[up]\n\t"
                                                                        "ldr     %[b], %[shift]\n\t"
                                                                        "lsl     %[high], %[high], %[a]\n\t"
                                                                        "lsrs    %[low], %[low], %[b]\n\t"
                                                                        "ldr     %[a], %[end]\n\t"
                                                                        "adc     %[low], %[low], %[high]\n\t"
                                                                        "cmp     %[bias], %[a]\n\t"
                                                                        "str     %[low], [%[y]], #4\n\t"
                                                                        "bne     1b"
        : [low] "=&r"(low), [high] "=&r"(high), [w] "+r"(w), [bias] "+r"(bias), [y] "+r"(y), [a] "=&r"(a), [b] "=&r"(b),
          [k] "=&r"(k), [input] "=&r"(input)
        : [v] "m"(v), [eights] "m"(eights), [drop] "m"(drop), [shift] "m"(shift), [up] "m"(up), [end] "m"(end)
        : "r4", "r5", "r6", "r8", "cc", "memory");
}

inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
    const int shift = half_places + places.in - places.out;
#ifdef __OPTIMIZE__
    if (n % 8 == 0) {
        forward_rows(layer, v, y, n / 8, m, 16 - places.in, shift);
        return;
    }
#endif
    const std::int32_t *bias = layer + n * m;
    const std::int32_t *const end = bias + m;
    do {
        *y++ = narrowed(weigh(*bias++ >> (16 - places.in), layer, v, n), shift);
    } while (bias != end);
}

#undef TWINBIT_EIGHT
#undef TWINBIT_FOUR

inline void miss_rows(const std::int32_t *w, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                      std::uint32_t n, std::uint32_t m, int in) {
    const std::int32_t *bias = w + n * m;
    const std::int32_t *const end = bias + m;
    do {
        const std::int32_t start = (*bias++ >> (16 - in)) - *x++ * (1 << (in - 1));
        *e++ = limited(narrowed(weigh(start, w, v, n), in));
    } while (bias != end);
}

inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
#ifdef __OPTIMIZE__
    if (n == 8 && places.in == 15) {
        miss8(layer, v, x, e, m);
        return squares(e, m);
    }
#endif
    miss_rows(layer, v, x, e, n, m, places.in);
    return squares(e, m);
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
    const std::int32_t *const end = g + m;
    if (blocks != n) {
        const std::int32_t *one = g;
        for (std::int32_t *w = layer + blocks; one != end; w += n) {
            push_row(w, v, *one++, n - blocks);
        }
    }
    for (std::int32_t *bias = biases; g != end; ++bias) {
        const std::int32_t doubled = *g++ >> (15 - places.in);
        *bias = moved(*bias, (doubled >> 1) + (doubled & 1));
    }
}

} // namespace twinbit::dense::chip
