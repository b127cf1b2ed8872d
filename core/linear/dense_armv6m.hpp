// Dense layers of 16-bit inputs on cores that multiply 32 bits into 32 (Cortex-M0, M0+).
//
// Two products of 16 bits are added before they enter a sum, whose low word rarely overflows: when it does, a branch
// moves the high word. half_up is a shift and its carry. g v is two products, of g's halves. Compilers find none of it,
// nor LDM. Eight registers take part in arithmetic, and one of them is a debugger's: seven are used.
#pragma once

#include "linear/dense_fixed.hpp"

#define TWINBIT_INLINE inline __attribute__((always_inline))

namespace twinbit::dense::chip {

// high 2^32 + low, both signed.
struct Sum {
    std::int32_t low, high;
};

inline void add(Sum &sum, std::int32_t p) {
    const auto low = static_cast<std::int32_t>(static_cast<std::uint32_t>(sum.low) + static_cast<std::uint32_t>(p));
    sum.high += (p < 0) == (low < sum.low) ? 0 : (p < 0 ? -1 : 1);
    sum.low = low;
}

// half_up(sum 2^-shift) for a sum that fits 32 bits then, 1 <= shift <= 31.
TWINBIT_INLINE std::int32_t narrowed(Sum sum, int shift) {
    std::int32_t high = sum.high + (sum.low >> 31);
    __asm__(".syntax unified\n\t"
            "lsls %[high], %[high], %[up]\n\t"
            "lsrs %[low], %[low], %[shift]\n\t"
            "adcs %[high], %[high], %[low]"
            : [low] "+l"(sum.low), [high] "+l"(high)
            : [shift] "l"(shift), [up] "l"(32 - shift)
            : "cc");
    return high;
}

// clang-format off
#define TWINBIT_PAIR                   \
    "ldmia %[v]!, {%[a]}\n\t"          \
    "ldmia %[w]!, {r2, r3}\n\t"        \
    "sxth  %[b], %[a]\n\t"             \
    "asrs  %[a], %[a], #16\n\t"        \
    "asrs  r2, r2, #16\n\t"            \
    "asrs  r3, r3, #16\n\t"            \
    "muls  r2, %[b], r2\n\t"           \
    "muls  r3, %[a], r3\n\t"           \
    "adds  r2, r2, r3\n\t"             \
    "adds  %[low], %[low], r2\n\t"
// The low word that is left tells which way it went over: the high word grows where it is negative, else it falls.
#define TWINBIT_CARRY(low, high)       \
    "asrs  %[a], " low ", #31\n\t"     \
    "adds  %[a], %[a], %[a]\n\t"       \
    "mvns  %[a], %[a]\n\t"             \
    "add   " high ", %[a]\n\t"
// clang-format on

// The last n of a row; rare, so apart.
__attribute__((noinline)) inline Sum weigh_rest(Sum sum, const std::int32_t *w, const std::int16_t *v,
                                                std::uint32_t n) {
    do {
        add(sum, (*w++ >> 16) * *v++);
    } while (--n != 0);
    return sum;
}

// start + sum_i (w_i >> 16) v_i for whole + rest inputs, whole a multiple of 4; w moves on to the next row.
TWINBIT_INLINE Sum weigh(std::int32_t low, const std::int32_t *&w, const std::int16_t *v, std::uint32_t whole,
                         std::uint32_t rest) {
    register std::int32_t high __asm__("r12") = 0;
    register const std::int16_t *const end __asm__("lr") = v + whole;
    std::uint32_t a, b;
    __asm__(".syntax unified\n\t"
            "b     4f\n"
            "3:\n\t" TWINBIT_CARRY("%[low]", "%[high]") "b     2f\n"
                                                        "5:\n\t" TWINBIT_CARRY(
                                                            "%[low]", "%[high]") "b     4f\n"
                                                                                 "1:\n\t" TWINBIT_PAIR "bvs   3b\n"
                                                                                 "2:\n\t" TWINBIT_PAIR "bvs   5b\n"
                                                                                 "4:\n\t"
                                                                                 "cmp   %[v], %[end]\n\t"
                                                                                 "bne   1b"
            : [low] "+l"(low), [high] "+r"(high), [w] "+l"(w), [v] "+l"(v), [a] "=&l"(a), [b] "=&l"(b)
            : [end] "r"(end)
            : "r2", "r3", "cc", "memory");
    Sum sum = {low, high};
    if (rest != 0) {
        sum = weigh_rest(sum, w, v, rest);
        w += rest;
    }
    return sum;
}

inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
    const int shift = half_places + places.in - places.out;
    const std::int32_t *bias = layer + n * m;
    const std::int32_t *const end = bias + m;
    do {
        *y++ = narrowed(weigh(*bias++ >> (16 - places.in), layer, v, n & ~3u, n & 3), shift);
    } while (bias != end);
}

inline std::uint64_t squares(const std::int16_t *v, std::uint32_t n) {
    std::uint64_t sum = 0;
    for (; n >= 2; n -= 2, v += 2) {
        sum += static_cast<std::uint32_t>(v[0] * v[0]) + static_cast<std::uint32_t>(v[1] * v[1]); // 2^31 at most
    }
    return n == 0 ? sum : sum + static_cast<std::uint32_t>(*v * *v);
}

inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
    const std::int32_t *bias = layer + n * m;
    std::uint32_t j = 0;
    do {
        const std::int32_t start = (bias[j] >> (16 - places.in)) - x[j] * (1 << (places.in - 1));
        const std::int32_t miss = narrowed(weigh(start, layer, v, n & ~3u, n & 3), places.in);
        const auto narrow = static_cast<std::int16_t>(miss);
        e[j] = narrow == miss ? narrow : static_cast<std::int16_t>((miss >> 31) ^ 32767);
    } while (++j != m);
    return squares(e, m);
}

// clang-format off
#define TWINBIT_COLUMN(w, low, carry)  \
    "ldr   %[a], [%[w], #" w "]\n\t"   \
    "asrs  %[a], %[a], #16\n\t"        \
    "muls  %[a], %[e], %[a]\n\t"       \
    "adds  " low ", " low ", %[a]\n\t" \
    "bvs   " carry "\n"
// clang-format on

// delta_0 and delta_1 of two columns side by side.
inline void pull2(const std::int32_t *w, const std::int16_t *errors, std::int32_t *delta, std::uint32_t n,
                  std::uint32_t m, int shift) {
    std::int32_t low0 = 0, low1 = 0, a, e;
    register std::int32_t high0 __asm__("r8") = 0;
    register std::int32_t high1 __asm__("r9") = 0;
    register const std::uint32_t row __asm__("r12") = n * 4;
    register const std::int16_t *const end __asm__("lr") = errors + m;
    __asm__(
        ".syntax unified\n\t"
        "b     1f\n"
        "4:\n\t" TWINBIT_CARRY(
            "%[low0]", "%[high0]") "b     2f\n"
                                   "5:\n\t" TWINBIT_CARRY(
                                       "%[low1]",
                                       "%[high1]") "b     3f\n"
                                                   "1:\n\t"
                                                   "movs  %[a], #0\n\t"
                                                   "ldrsh %[e], [%[errors], %[a]]\n\t" TWINBIT_COLUMN(
                                                       "0", "%[low0]",
                                                       "4b") "2:\n\t" TWINBIT_COLUMN("4", "%[low1]",
                                                                                     "5b") "3:\n\t"
                                                                                           "adds  %[errors], #2\n\t"
                                                                                           "add   %[w], %[row]\n\t"
                                                                                           "cmp   %[errors], %[end]\n\t"
                                                                                           "bne   1b"
        : [low0] "+l"(low0), [high0] "+r"(high0), [low1] "+l"(low1), [high1] "+r"(high1), [w] "+l"(w),
          [errors] "+l"(errors), [a] "=&l"(a), [e] "=&l"(e)
        : [row] "r"(row), [end] "r"(end)
        : "cc", "memory");
    delta[0] = narrowed({low0, high0}, shift);
    delta[1] = narrowed({low1, high1}, shift);
}

inline void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n,
                 std::uint32_t m, Places places) {
    const int shift = half_places + places.in - places.out;
    std::uint32_t i = 0;
    for (; i + 2 <= n; i += 2) {
        pull2(layer + i, e, delta + i, n, m, shift);
    }
    if (i < n) {
        Sum sum = {0, 0};
        for (std::uint32_t j = 0; j < m; ++j) {
            add(sum, (layer[j * n + i] >> 16) * e[j]);
        }
        delta[i] = narrowed(sum, shift);
    }
}

// clang-format off
// w + (g >> 16) v + half_up((g & 65535) v, 16), limited
#define TWINBIT_PUSH(limit)            \
    "movs  %[b], %[a]\n\t"             \
    "muls  %[b], %[low], %[b]\n\t"     \
    "muls  %[a], %[high], %[a]\n\t"    \
    "asrs  %[b], %[b], #16\n\t"        \
    "adcs  %[b], %[b], %[a]\n\t"       \
    "ldr   %[a], [%[w]]\n\t"           \
    "adds  %[b], %[b], %[a]\n\t"       \
    "bvs   " limit "\n"
#define TWINBIT_LIMIT                  \
    "asrs  %[b], %[b], #31\n\t"        \
    "movs  %[a], #1\n\t"               \
    "lsls  %[a], %[a], #31\n\t"        \
    "eors  %[b], %[b], %[a]\n\t"
// clang-format on

// w_i = limited(w_i + half_up(g v_i, 16)) for an even n > 0.
TWINBIT_INLINE void push_row(std::int32_t *w, const std::int16_t *v, std::int32_t g, std::uint32_t n) {
    register const std::int16_t *const end __asm__("lr") = v + n;
    std::int32_t a, b, pair;
    __asm__ volatile(".syntax unified\n\t"
                     "b     1f\n"
                     "4:\n\t" TWINBIT_LIMIT "b     2f\n"
                     "5:\n\t" TWINBIT_LIMIT "b     3f\n"
                     "1:\n\t"
                     "ldmia %[v]!, {%[pair]}\n\t"
                     "sxth  %[a], %[pair]\n\t" TWINBIT_PUSH("4b") "2:\n\t"
                                                                  "stmia %[w]!, {%[b]}\n\t"
                                                                  "asrs  %[a], %[pair], #16\n\t" TWINBIT_PUSH(
                                                                      "5b") "3:\n\t"
                                                                            "stmia %[w]!, {%[b]}\n\t"
                                                                            "cmp   %[v], %[end]\n\t"
                                                                            "bne   1b"
                     : [w] "+l"(w), [v] "+l"(v), [a] "=&l"(a), [b] "=&l"(b), [pair] "=&l"(pair)
                     : [low] "l"(g & 0xFFFF), [high] "l"(g >> 16), [end] "r"(end)
                     : "cc", "memory");
}

#undef TWINBIT_LIMIT
#undef TWINBIT_PUSH
#undef TWINBIT_COLUMN
#undef TWINBIT_CARRY
#undef TWINBIT_PAIR

// half_up(g v, 16)
inline std::int32_t step(std::int32_t g, std::int32_t v) {
    return (g >> 16) * v + ((((g & 0xFFFF) * v >> 15) + 1) >> 1);
}

inline void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
                 Places places) {
    std::int32_t *bias = layer + n * m;
    const std::int32_t *const end = g + m;
    do {
        const std::uint32_t even = n & ~1u;
        if (even != 0) {
            push_row(layer, v, *g, even);
        }
        layer += n;
        if (even != n) {
            layer[-1] = plain::moved(layer[-1], step(*g, v[n - 1]));
        }
        const std::int32_t doubled = *g++ >> (15 - places.in);
        *bias = plain::moved(*bias, (doubled >> 1) + (doubled & 1));
        ++bias;
    } while (g != end);
}

} // namespace twinbit::dense::chip
