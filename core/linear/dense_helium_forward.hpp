// Dense layers of 16-bit inputs with integer Helium (Cortex-M55, M85): forward and miss.
//
// Eight products enter a sum of 64 bits at once. Two interleaved loads part the upper halves of eight weights from the
// lower ones. Errors are begun and rounded four at once. Float stays scalar: Helium's flushes subnormal numbers.
#pragma once

#include "linear/dense_fixed.hpp"

#include <arm_mve.h>

#define TWINBIT_INLINE inline __attribute__((always_inline))

namespace twinbit::dense::chip {

// Upper halves of up to eight weights that lie a stride apart, at places_of(stride).
inline int16x8_t upper(const std::int32_t *w, uint16x8_t places, mve_pred16_t some) {
    return vldrhq_gather_shifted_offset_z_s16(reinterpret_cast<const std::int16_t *>(w), places, some);
}
inline uint16x8_t places_of(std::uint32_t stride) {
    return vaddq_n_u16(vmulq_n_u16(vidupq_n_u16(0u, 2), static_cast<std::uint16_t>(stride)), 1);
}

// clang-format off
// some and t make loads and stores stop where the rows end: vctp and a suffix, or nothing.
#define TWINBIT_BEGIN(some, t)                              \
    "dls            lr, %[fours]\n"                              \
    "1:\n\t" some                                                \
    "vldrh" t ".s32 q1, [%[x]], #8\n\t"                          \
    "vldrw" t ".u32 q0, [%[bias]], #16\n\t"                      \
    "vshl.s32       q0, %[drop]\n\t"                             \
    "vmla.s32       q0, q1, %[unit]\n\t"                         \
    "vadd.i32       q0, q0, %[half]\n\t"                         \
    "vshr.s32       q1, q0, #31\n\t"                             \
    "vst20.32       {q0, q1}, [%[to]]\n\t"                       \
    "vst21.32       {q0, q1}, [%[to]]!\n\t"                      \
    "le             lr, 1b"
#define TWINBIT_NARROW                                           \
    "dls            lr, %[fours]\n"                              \
    "1:\n\t"                                                     \
    "vld20.32       {q0, q1}, [%[at]]\n\t"                       \
    "vld21.32       {q0, q1}, [%[at]]!\n\t"                      \
    "vshl.u32       q0, %[down]\n\t"                             \
    "vshl.s32       q1, %[up]\n\t"                               \
    "vorr           q0, q0, q1\n\t"
#define TWINBIT_END(some, t)                                \
    TWINBIT_NARROW                                               \
    "vqmovnb.s32    q0, q0\n\t"                                  \
    "vmovlb.s16     q0, q0\n\t" some                             \
    "vstrh" t ".32  q0, [%[e]], #8\n\t"                          \
    "vmlaldava" t ".s32 %Q[squares], %R[squares], q0, q0\n\t"    \
    "le             lr, 1b"
#define TWINBIT_SOME(vpst)                                       \
    "vctp.32        %[rows]\n\t"                                 \
    "subs           %[rows], #4\n\t" vpst "\n\t"
#define TWINBIT_WEIGH8                                           \
    "ldrd           r4, r5, [%[at]]\n\t"                         \
    "vld20.16       {q0, q1}, [%[w]]\n\t"                        \
    "vld21.16       {q0, q1}, [%[w]]!\n\t"                       \
    "vmlaldava.s16  r4, r5, q1, q2\n\t"                          \
    "strd           r4, r5, [%[at]], #8\n\t"
#define TWINBIT_EIGHT                                            \
    "vld20.16       {q0, q1}, [%[w]]\n\t"                        \
    "vld21.16       {q0, q1}, [%[w]]!\n\t"                       \
    "vldrh.u16      q2, [%[input]], #16\n\t"                     \
    "vmlaldava.s16  r4, r5, q1, q2\n\t"
// clang-format on

// Sums of up to `most` rows, between their start and their rounding. Loops over four at once end with vctp, not with
// letp: interleaved loads and stores are not for loops of the latter kind. Whole fours need neither.
struct Sums {
    static constexpr std::uint32_t most = 32;
    alignas(8) std::int64_t sum[most];

    // (b_j >> drop) - x_j 2^raise + half a unit of what will be left. All of it has 32 bits.
    TWINBIT_INLINE void begin(const std::int32_t *bias, const std::int16_t *x, std::uint32_t rows, int drop, int raise,
                              int shift) {
        std::int64_t *to = sum;
        const std::int32_t half = std::int32_t{1} << (shift - 1);
        const std::int32_t unit = -(std::int32_t{1} << raise);
        const std::uint32_t fours = (rows + 3) >> 2;
        if (rows % 4 == 0) {
            __asm__ volatile(TWINBIT_BEGIN("", "")
                             : [bias] "+r"(bias), [to] "+r"(to), [x] "+l"(x)
                             : [fours] "r"(fours), [drop] "r"(-drop), [unit] "r"(unit), [half] "r"(half)
                             : "q0", "q1", "lr", "cc", "memory");
        } else {
            __asm__ volatile(TWINBIT_BEGIN(TWINBIT_SOME("vpstt"), "t")
                             : [bias] "+r"(bias), [to] "+r"(to), [x] "+l"(x), [rows] "+r"(rows)
                             : [fours] "r"(fours), [drop] "r"(-drop), [unit] "r"(unit), [half] "r"(half)
                             : "q0", "q1", "lr", "cc", "memory");
        }
    }

    // sum_j += sum_i (w_ji >> 16) v_i of eight inputs, which stay in one register; an even number of rows.
    TWINBIT_INLINE void weigh8(const std::int32_t *w, const std::int16_t *v, std::uint32_t rows) {
        std::int64_t *at = sum;
        __asm__ volatile("vldrh.u16      q2, [%[v]]\n\t"
                         "dls            lr, %[pairs]\n"
                         "1:\n\t" TWINBIT_WEIGH8 TWINBIT_WEIGH8 "le             lr, 1b"
                         : [at] "+r"(at), [w] "+r"(w)
                         : [v] "r"(v), [pairs] "r"(rows >> 1)
                         : "r4", "r5", "q0", "q1", "q2", "lr", "cc", "memory");
    }

    // The same of n inputs, without the last n modulo 8.
    void weigh(const std::int32_t *w, const std::int16_t *v, std::uint32_t n, std::uint32_t rows) {
        std::int64_t *at = sum;
        const std::int16_t *input;
        __asm__ volatile("1:\n\t"
                         "ldrd           r4, r5, [%[at]]\n\t"
                         "mov            %[input], %[v]\n\t"
                         "dls            lr, %[eights]\n"
                         "2:\n\t" TWINBIT_EIGHT "le             lr, 2b\n\t"
                         "add            %[w], %[w], %[rest]\n\t"
                         "strd           r4, r5, [%[at]], #8\n\t"
                         "subs           %[rows], #1\n\t"
                         "bne            1b"
                         : [at] "+r"(at), [w] "+r"(w), [input] "=&r"(input), [rows] "+r"(rows)
                         : [v] "r"(v), [eights] "r"(n >> 3), [rest] "r"(4 * (n & 7))
                         : "r4", "r5", "q0", "q1", "q2", "lr", "cc", "memory");
    }

    // These last ones.
    void weigh_rest(const std::int32_t *w, const std::int16_t *v, std::uint32_t n, std::uint32_t rows) {
        const mve_pred16_t some = vctp16q(n & 7);
        const int16x8_t inputs = vld1q_z_s16(v + (n & ~7u), some);
        const uint16x8_t places = places_of(1);
        w += n & ~7u;
        for (std::uint32_t j = 0; j < rows; ++j) {
            sum[j] = vmlaldavaq_p_s16(sum[j], upper(w + j * n, places, some), inputs, some);
        }
    }

    __attribute__((noinline)) void add(const std::int32_t *w, const std::int16_t *v, std::uint32_t n,
                                       std::uint32_t rows) {
        if (n >= 8) {
            weigh(w, v, n, rows);
        }
        if ((n & 7) != 0) {
            weigh_rest(w, v, n, rows);
        }
    }

    // e_j limited to 16 bits; returns squares + sum_j e_j^2.
    TWINBIT_INLINE std::int64_t end(std::int16_t *e, std::uint32_t rows, int shift, std::int64_t squares) const {
        const std::int64_t *at = sum;
        const std::uint32_t fours = (rows + 3) >> 2;
        if (rows % 4 == 0) {
            __asm__ volatile(TWINBIT_END("", "")
                             : [at] "+r"(at), [e] "+l"(e), [squares] "+r"(squares)
                             : [fours] "r"(fours), [down] "r"(-shift), [up] "r"(32 - shift)
                             : "q0", "q1", "lr", "cc", "memory");
        } else {
            __asm__ volatile(TWINBIT_END(TWINBIT_SOME("vpstt"), "t")
                             : [at] "+r"(at), [e] "+l"(e), [rows] "+r"(rows), [squares] "+r"(squares)
                             : [fours] "r"(fours), [down] "r"(-shift), [up] "r"(32 - shift)
                             : "q0", "q1", "lr", "cc", "memory");
        }
        return squares;
    }
};

#undef TWINBIT_WEIGH8
#undef TWINBIT_SOME
#undef TWINBIT_END
#undef TWINBIT_NARROW
#undef TWINBIT_BEGIN

// forward for n = 8 turns > 0. It takes 13 registers: more than GCC has at -O0.
inline void forward8(const std::int32_t *w, const std::int16_t *v, std::int32_t *y, std::uint32_t turns,
                     std::uint32_t m, int drop, int shift) {
    const std::int32_t *bias = w + 8 * turns * m;
    const std::int16_t *input;
    __asm__ volatile("1:\n\t"
                     "ldr            r4, [%[bias]], #4\n\t"
                     "mov            %[input], %[v]\n\t"
                     "asr            r4, r4, %[drop]\n\t"
                     "dls            lr, %[turns]\n\t"
                     "asr            r5, r4, #31\n"
                     "2:\n\t" TWINBIT_EIGHT "le             lr, 2b\n\t"
                     "lsl            r5, r5, %[up]\n\t"
                     "lsrs           r4, r4, %[shift]\n\t"
                     "adc            r4, r4, r5\n\t"
                     "str            r4, [%[y]], #4\n\t"
                     "subs           %[m], #1\n\t"
                     "bne            1b"
                     : [w] "+r"(w), [bias] "+r"(bias), [input] "=&r"(input), [y] "+r"(y), [m] "+r"(m)
                     : [v] "r"(v), [turns] "r"(turns), [drop] "r"(drop), [shift] "r"(shift), [up] "r"(32 - shift)
                     : "r4", "r5", "q0", "q1", "q2", "lr", "cc", "memory");
}

#undef TWINBIT_EIGHT

// Any n: half a unit is added first.
inline void forward_rows(const std::int32_t *w, const std::int16_t *v, std::int32_t *y, std::uint32_t n,
                         std::uint32_t m, int drop, int shift) {
    const std::int32_t *bias = w + n * m;
    const mve_pred16_t some = vctp16q(n & 7);
    const uint16x8_t places = places_of(1);
    do {
        std::int64_t sum = (*bias++ >> drop) + (std::int32_t{1} << (shift - 1));
        for (const std::int16_t *input = v; input != v + (n & ~7u); input += 8, w += 8) {
            const int16x8_t weights = vld2q_s16(reinterpret_cast<const std::int16_t *>(w)).val[1];
            sum = vmlaldavaq_s16(sum, weights, vld1q_s16(input));
        }
        sum = vmlaldavaq_p_s16(sum, upper(w, places, some), vld1q_z_s16(v + (n & ~7u), some), some);
        w += n & 7;
        *y++ = static_cast<std::int32_t>(sum >> shift);
    } while (--m != 0);
}

inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
    const int shift = half_places + places.in - places.out;
#ifdef __OPTIMIZE__
    if (n % 8 == 0) {
        forward8(layer, v, y, n / 8, m, 16 - places.in, shift);
        return;
    }
#endif
    forward_rows(layer, v, y, n, m, 16 - places.in, shift);
}

inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
    Sums sums;
    const std::int32_t *bias = layer + n * m;
    std::int64_t squares = 0;
    for (;;) {
        const std::uint32_t rows = m < Sums::most ? m : Sums::most;
        sums.begin(bias, x, rows, 16 - places.in, places.in - 1, places.in);
        if (n == 8 && rows % 2 == 0) {
            sums.weigh8(layer, v, rows);
        } else {
            sums.add(layer, v, n, rows);
        }
        squares = sums.end(e, rows, places.in, squares);
        m -= rows;
        if (m == 0) {
            return static_cast<std::uint64_t>(squares);
        }
        layer += rows * n;
        bias += rows;
        x += rows;
        e += rows;
    }
}

} // namespace twinbit::dense::chip
