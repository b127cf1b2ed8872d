// Dense layers of 16-bit inputs on cores with the DSP extension (Cortex-M4, M7, M33): forward and miss.
//
// SMLALTB multiplies the upper half of a weight with either half of a pair of inputs. Compilers don't find it by
// themselves, nor LDM, and they spill much: rows are in one piece of assembly where they can be.
#pragma once

#include "linear/dense_fixed.hpp"

#define TWINBIT_INLINE inline __attribute__((always_inline))

namespace twinbit::dense::chip {

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

// half_up((start + sum_i (w_i >> 16) v_i) 2^-shift). Apart: layers of few widths have something faster.
__attribute__((noinline)) inline std::int32_t row(std::int32_t start, const std::int32_t *w, const std::int16_t *v,
                                                  std::uint32_t n, int shift) {
    std::int64_t sum = start;
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
    return narrowed(sum, shift);
}

// clang-format off
#define TWINBIT_PAIR(v)                                 \
    "ldrd    %[a], %[b], [%[w]], #8\n\t"                \
    "smlaltb %[low], %[high], %[a], " v "\n\t"          \
    "smlaltt %[low], %[high], %[b], " v "\n\t"
#define TWINBIT_ROW                                     \
    "ldr     %[low], [%[bias]], #4\n\t"                 \
    "ldrsh   %[a], [%[x]], #2\n\t"                      \
    "asr     %[low], %[low], #1\n\t"                    \
    "sub     %[low], %[low], %[a], lsl #14\n\t"         \
    "asr     %[high], %[low], #31\n\t"                  \
    TWINBIT_PAIR("%[v0]") TWINBIT_PAIR("%[v1]")         \
    TWINBIT_PAIR("%[v2]") TWINBIT_PAIR("%[v3]")         \
    "lsl     %[high], %[high], #17\n\t"                 \
    "lsrs    %[low], %[low], #15\n\t"                   \
    "adc     %[a], %[low], %[high]\n\t"                 \
    "ssat    %[a], #16, %[a]\n\t"                       \
    "strh    %[a], [%[e]], #2\n\t"
// clang-format on

// Errors of an even number of outputs that have eight inputs in Q0.15, which stay in registers. It takes 13: more than
// GCC has at -O0, as does forward16.
inline void miss8(const std::int32_t *w, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                  std::uint32_t m) {
    const auto *pair = reinterpret_cast<const std::uint32_t *>(v);
    const std::int32_t *bias = w + 8 * m;
    const std::int32_t *const end = bias + m;
    std::uint32_t low, high, a, b;
    __asm__ volatile("1:\n\t" TWINBIT_ROW TWINBIT_ROW "cmp     %[bias], %[end]\n\t"
                     "bne     1b"
                     : [low] "=&r"(low), [high] "=&r"(high), [w] "+r"(w), [bias] "+r"(bias), [x] "+r"(x), [e] "+r"(e),
                       [a] "=&r"(a), [b] "=&r"(b)
                     : [v0] "r"(pair[0]), [v1] "r"(pair[1]), [v2] "r"(pair[2]), [v3] "r"(pair[3]), [end] "r"(end)
                     : "cc", "memory");
}

#undef TWINBIT_ROW
#undef TWINBIT_PAIR

// Sum of squares of 16 bits.
inline std::uint64_t squares(const std::int16_t *v, std::uint32_t n) {
    std::uint64_t sum = 0;
    std::uint32_t k = n >> 3;
    if (k != 0) {
        std::uint32_t a, b;
        __asm__("1:\n\t"
                "ldrd   %[a], %[b], [%[v]], #8\n\t"
                "smlald %Q[sum], %R[sum], %[a], %[a]\n\t"
                "smlald %Q[sum], %R[sum], %[b], %[b]\n\t"
                "ldrd   %[a], %[b], [%[v]], #8\n\t"
                "smlald %Q[sum], %R[sum], %[a], %[a]\n\t"
                "smlald %Q[sum], %R[sum], %[b], %[b]\n\t"
                "subs   %[k], #1\n\t"
                "bne    1b"
                : [sum] "+r"(sum), [v] "+r"(v), [a] "=&r"(a), [b] "=&r"(b), [k] "+r"(k)
                :
                : "cc", "memory");
    }
    for (k = n & 7; k != 0; --k) {
        sum += static_cast<std::uint32_t>(*v * *v);
        ++v;
    }
    return sum;
}

// forward from samples to 14 places for n = 16 turns, with all that a row needs beside its sum.
inline void forward16(const std::int32_t *w, const std::int16_t *v, std::int32_t *y, std::uint32_t turns,
                      std::uint32_t m) {
    const std::int32_t *bias = w + 16 * turns * m;
    const std::int32_t *const end = bias + m;
    const std::int16_t *input;
    std::uint32_t low, high, a, b, k;
    __asm__ volatile("1:\n\t"
                     "ldr     %[low], [%[bias]], #4\n\t"
                     "ldr     %[input], %[v]\n\t"
                     "ldr     %[k], %[turns]\n\t"
                     "asr     %[low], %[low], #4\n\t"
                     "asr     %[high], %[low], #31\n"
                     "2:\n\t" TWINBIT_EIGHT("%[low]", "%[high]", "%[w]", "%[input]")
                         TWINBIT_EIGHT("%[low]", "%[high]", "%[w]", "%[input]") "subs    %[k], #1\n\t"
                                                                                "bne     2b\n\t"
                                                                                "ldr     %[a], %[end]\n\t"
                                                                                "lsl     %[high], %[high], #23\n\t"
                                                                                "lsrs    %[low], %[low], #9\n\t"
                                                                                "adc     %[low], %[low], %[high]\n\t"
                                                                                "cmp     %[bias], %[a]\n\t"
                                                                                "str     %[low], [%[y]], #4\n\t"
                                                                                "bne     1b"
                     : [low] "=&r"(low), [high] "=&r"(high), [w] "+r"(w), [bias] "+r"(bias), [y] "+r"(y), [a] "=&r"(a),
                       [b] "=&r"(b), [k] "=&r"(k), [input] "=&r"(input)
                     : [v] "m"(v), [turns] "m"(turns), [end] "m"(end)
                     : "r4", "r5", "r6", "r8", "cc", "memory");
}

inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
#ifdef __OPTIMIZE__
    if (n % 16 == 0 && places.in == 12 && places.out == 14) {
        forward16(layer, v, y, n / 16, m);
        return;
    }
#endif
    const int shift = half_places + places.in - places.out;
    const std::int32_t *bias = layer + n * m;
    do {
        *y++ = row(*bias++ >> (16 - places.in), layer, v, n, shift);
        layer += n;
    } while (--m != 0);
}

#undef TWINBIT_EIGHT
#undef TWINBIT_FOUR

inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
#ifdef __OPTIMIZE__
    if (n == 8 && m % 2 == 0 && places.in == 15) {
        miss8(layer, v, x, e, m);
        return squares(e, m);
    }
#endif
    const std::int32_t *bias = layer + n * m;
    for (std::uint32_t j = 0; j < m; ++j) {
        const std::int32_t start = (*bias++ >> (16 - places.in)) - x[j] * (1 << (places.in - 1));
        e[j] = limited(row(start, layer, v, n, places.in));
        layer += n;
    }
    return squares(e, m);
}

} // namespace twinbit::dense::chip
