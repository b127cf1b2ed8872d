// Dense layers of 16-bit inputs with integer Helium (Cortex-M55, M85): eight products enter a sum of 64 bits at once.
//
// Two interleaved loads part the upper halves of eight weights from the lower ones. Four sums are begun and rounded
// together. VRMULH is half_up(g v) of v in an upper half, VQADD limits. Float stays scalar: Helium's flushes subnormal
// numbers.
#pragma once

#include "linear/dense_fixed.hpp"

#include <arm_mve.h>

namespace twinbit::dense::chip {

// Upper halves of up to eight weights that lie a stride apart, at places_of(stride).
inline int16x8_t upper(const std::int32_t *w, uint16x8_t places, mve_pred16_t some) {
    return vldrhq_gather_shifted_offset_z_s16(reinterpret_cast<const std::int16_t *>(w), places, some);
}
inline uint16x8_t places_of(std::uint32_t stride) {
    return vaddq_n_u16(vmulq_n_u16(vidupq_n_u16(0u, 2), static_cast<std::uint16_t>(stride)), 1);
}

// Sums of up to `most` rows, between their start and their rounding. Loops over four at once end with vctp, not with
// letp: interleaved loads and stores are not for loops of the latter kind.
struct Sums {
    static constexpr std::uint32_t most = 32;
    alignas(8) std::int64_t sum[most];

    // (b_j >> drop) - x_j 2^raise + half a unit of what will be left. All of it has 32 bits.
    void begin(const std::int32_t *bias, const std::int16_t *x, std::uint32_t rows, int drop, int raise, int shift) {
        std::int64_t *to = sum;
        __asm__ volatile("dls        lr, %[fours]\n"
                         "1:\n\t"
                         "vctp.32    %[rows]\n\t"
                         "vpstt\n\t"
                         "vldrht.s32 q1, [%[x]], #8\n\t"
                         "vldrwt.u32 q0, [%[bias]], #16\n\t"
                         "vshl.s32   q1, %[raise]\n\t"
                         "vshl.s32   q0, %[drop]\n\t"
                         "vsub.i32   q0, q0, q1\n\t"
                         "vadd.i32   q0, q0, %[half]\n\t"
                         "subs       %[rows], #4\n\t"
                         "vshr.s32   q1, q0, #31\n\t"
                         "vst20.32   {q0, q1}, [%[to]]\n\t"
                         "vst21.32   {q0, q1}, [%[to]]!\n\t"
                         "le         lr, 1b"
                         : [bias] "+r"(bias), [to] "+r"(to), [x] "+l"(x), [rows] "+r"(rows)
                         : [fours] "r"((rows + 3) >> 2), [drop] "r"(-drop), [raise] "r"(raise),
                           [half] "r"(std::int32_t{1} << (shift - 1))
                         : "q0", "q1", "lr", "cc", "memory");
    }

    // The same without x.
    void begin(const std::int32_t *bias, std::uint32_t rows, int drop, int shift) {
        std::int64_t *to = sum;
        __asm__ volatile("dls        lr, %[fours]\n"
                         "1:\n\t"
                         "vctp.32    %[rows]\n\t"
                         "vpst\n\t"
                         "vldrwt.u32 q0, [%[bias]], #16\n\t"
                         "vshl.s32   q0, %[drop]\n\t"
                         "vadd.i32   q0, q0, %[half]\n\t"
                         "subs       %[rows], #4\n\t"
                         "vshr.s32   q1, q0, #31\n\t"
                         "vst20.32   {q0, q1}, [%[to]]\n\t"
                         "vst21.32   {q0, q1}, [%[to]]!\n\t"
                         "le         lr, 1b"
                         : [bias] "+r"(bias), [to] "+r"(to), [rows] "+r"(rows)
                         : [fours] "r"((rows + 3) >> 2), [drop] "r"(-drop), [half] "r"(std::int32_t{1} << (shift - 1))
                         : "q0", "q1", "lr", "cc", "memory");
    }

    // sum_j += sum_i (w_ji >> 16) v_i of eight inputs, which stay in one register.
    void weigh8(const std::int32_t *w, const std::int16_t *v, std::uint32_t rows) {
        std::int64_t *at = sum;
        __asm__ volatile("vldrh.u16     q2, [%[v]]\n\t"
                         "dls           lr, %[rows]\n"
                         "1:\n\t"
                         "ldrd          r4, r5, [%[at]]\n\t"
                         "vld20.16      {q0, q1}, [%[w]]\n\t"
                         "vld21.16      {q0, q1}, [%[w]]!\n\t"
                         "vmlaldava.s16 r4, r5, q1, q2\n\t"
                         "strd          r4, r5, [%[at]], #8\n\t"
                         "le            lr, 1b"
                         : [at] "+r"(at), [w] "+r"(w)
                         : [v] "r"(v), [rows] "r"(rows)
                         : "r4", "r5", "q0", "q1", "q2", "lr", "cc", "memory");
    }

    // The same of n inputs, without the last n modulo 8.
    void weigh(const std::int32_t *w, const std::int16_t *v, std::uint32_t n, std::uint32_t rows) {
        std::int64_t *at = sum;
        const std::int16_t *input;
        __asm__ volatile("1:\n\t"
                         "ldrd          r4, r5, [%[at]]\n\t"
                         "mov           %[input], %[v]\n\t"
                         "dls           lr, %[eights]\n"
                         "2:\n\t"
                         "vld20.16      {q0, q1}, [%[w]]\n\t"
                         "vld21.16      {q0, q1}, [%[w]]!\n\t"
                         "vldrh.u16     q2, [%[input]], #16\n\t"
                         "vmlaldava.s16 r4, r5, q1, q2\n\t"
                         "le            lr, 2b\n\t"
                         "add           %[w], %[w], %[rest]\n\t"
                         "strd          r4, r5, [%[at]], #8\n\t"
                         "subs          %[rows], #1\n\t"
                         "bne           1b"
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

    void add(const std::int32_t *w, const std::int16_t *v, std::uint32_t n, std::uint32_t rows) {
        if (n == 8) {
            weigh8(w, v, rows);
            return;
        }
        if (n > 8) {
            weigh(w, v, n, rows);
        }
        if ((n & 7) != 0) {
            weigh_rest(w, v, n, rows);
        }
    }

    // y_j = sum_j 2^-shift, rounded down.
    void end(std::int32_t *y, std::uint32_t rows, int shift) const {
        const std::int64_t *at = sum;
        __asm__ volatile("dls        lr, %[fours]\n"
                         "1:\n\t"
                         "vld20.32   {q0, q1}, [%[at]]\n\t"
                         "vld21.32   {q0, q1}, [%[at]]!\n\t"
                         "vctp.32    %[rows]\n\t"
                         "vshl.u32   q0, %[down]\n\t"
                         "vshl.s32   q1, %[up]\n\t"
                         "vorr       q0, q0, q1\n\t"
                         "vpst\n\t"
                         "vstrwt.32  q0, [%[y]], #16\n\t"
                         "subs       %[rows], #4\n\t"
                         "le         lr, 1b"
                         : [at] "+r"(at), [y] "+r"(y), [rows] "+r"(rows)
                         : [fours] "r"((rows + 3) >> 2), [down] "r"(-shift), [up] "r"(32 - shift)
                         : "q0", "q1", "lr", "cc", "memory");
    }

    // e_j limited to 16 bits; returns squares + sum_j e_j^2.
    std::int64_t end(std::int16_t *e, std::uint32_t rows, int shift, std::int64_t squares) const {
        const std::int64_t *at = sum;
        __asm__ volatile("dls             lr, %[fours]\n"
                         "1:\n\t"
                         "vld20.32        {q0, q1}, [%[at]]\n\t"
                         "vld21.32        {q0, q1}, [%[at]]!\n\t"
                         "vctp.32         %[rows]\n\t"
                         "vshl.u32        q0, %[down]\n\t"
                         "vshl.s32        q1, %[up]\n\t"
                         "vorr            q0, q0, q1\n\t"
                         "vqmovnb.s32     q0, q0\n\t"
                         "vmovlb.s16      q0, q0\n\t"
                         "vpstt\n\t"
                         "vstrht.32       q0, [%[e]], #8\n\t"
                         "vmlaldavat.s32  %Q[squares], %R[squares], q0, q0\n\t"
                         "subs            %[rows], #4\n\t"
                         "le              lr, 1b"
                         : [at] "+r"(at), [e] "+l"(e), [rows] "+r"(rows), [squares] "+r"(squares)
                         : [fours] "r"((rows + 3) >> 2), [down] "r"(-shift), [up] "r"(32 - shift)
                         : "q0", "q1", "lr", "cc", "memory");
        return squares;
    }
};

inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
    const int shift = half_places + places.in - places.out;
    Sums sums;
    const std::int32_t *bias = layer + n * m;
    do {
        const std::uint32_t rows = m < Sums::most ? m : Sums::most;
        sums.begin(bias, rows, 16 - places.in, shift);
        sums.add(layer, v, n, rows);
        sums.end(y, rows, shift);
        layer += rows * n;
        bias += rows;
        y += rows;
        m -= rows;
    } while (m != 0);
}

inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
    Sums sums;
    const std::int32_t *bias = layer + n * m;
    std::int64_t squares = 0;
    do {
        const std::uint32_t rows = m < Sums::most ? m : Sums::most;
        sums.begin(bias, x, rows, 16 - places.in, places.in - 1, places.in);
        sums.add(layer, v, n, rows);
        squares = sums.end(e, rows, places.in, squares);
        layer += rows * n;
        bias += rows;
        x += rows;
        e += rows;
        m -= rows;
    } while (m != 0);
    return static_cast<std::uint64_t>(squares);
}

inline std::uint64_t squares(const std::int16_t *v, std::uint32_t n) {
    std::int64_t sum = 0;
    __asm__ volatile("wlstp.16      lr, %[n], 2f\n"
                     "1:\n\t"
                     "vldrh.u16     q0, [%[v]], #16\n\t"
                     "vmlaldava.s16 %Q[sum], %R[sum], q0, q0\n\t"
                     "letp          lr, 1b\n"
                     "2:"
                     : [sum] "+r"(sum), [v] "+r"(v)
                     : [n] "r"(n)
                     : "q0", "lr", "cc", "memory");
    return static_cast<std::uint64_t>(sum);
}

// A column after the other, eight rows at once, in loops that end where m ends.
inline void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n,
                 std::uint32_t m, Places places) {
    const int shift = half_places + places.in - places.out;
    const uint16x8_t eight = places_of(n);
    for (const std::int32_t *const end = layer + n; layer != end; ++layer) {
        std::int64_t sum = std::int64_t{1} << (shift - 1);
        const std::int32_t *w = layer;
        const std::int16_t *error = e;
        __asm__("wlstp.16      lr, %[m], 2f\n"
                "1:\n\t"
                "vldrh.u16     q0, [%[w], %q[eight], uxtw #1]\n\t"
                "vldrh.u16     q1, [%[e]], #16\n\t"
                "add           %[w], %[w], %[block]\n\t"
                "vmlaldava.s16 %Q[sum], %R[sum], q0, q1\n\t"
                "letp          lr, 1b\n"
                "2:"
                : [sum] "+r"(sum), [w] "+r"(w), [e] "+r"(error)
                : [m] "r"(m), [eight] "w"(eight), [block] "r"(32 * n)
                : "q0", "q1", "lr", "cc", "memory");
        *delta++ = static_cast<std::int32_t>(sum >> shift);
    }
}

inline void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
                 Places places) {
    const std::int32_t *const end = g + m;
    const std::int32_t *step = g;
    do {
        std::int32_t *w = layer;
        const std::int16_t *input = v;
        __asm__ volatile("vdup.32    q2, %[step]\n\t"
                         "wlstp.32   lr, %[n], 2f\n"
                         "1:\n\t"
                         "vldrh.s32  q0, [%[v]], #8\n\t"
                         "vldrw.u32  q1, [%[w]]\n\t"
                         "vshl.i32   q0, q0, #16\n\t"
                         "vrmulh.s32 q0, q0, q2\n\t"
                         "vqadd.s32  q1, q1, q0\n\t"
                         "vstrw.32   q1, [%[w]], #16\n\t"
                         "letp       lr, 1b\n"
                         "2:"
                         : [w] "+r"(w), [v] "+l"(input)
                         : [n] "r"(n), [step] "r"(*step++)
                         : "q0", "q1", "q2", "lr", "cc", "memory");
        layer += n;
    } while (step != end);
    do {
        const mve_pred16_t some = vctp32q(m);
        const int32x4_t steps = vrshlq_n_s32(vld1q_z_s32(g, some), places.in - 16); // rounds half up
        vst1q_p_s32(layer, vqaddq_s32(vld1q_z_s32(layer, some), steps), some);
        layer += 4;
        g += 4;
        m -= m < 4 ? m : 4;
    } while (m != 0);
}

} // namespace twinbit::dense::chip
