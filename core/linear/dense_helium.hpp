// Dense layers of 16-bit inputs with integer Helium (Cortex-M55, M85): pull and push, beside dense_helium_forward.hpp.
//
// VRMULH is half_up(g v) of v in an upper half, VQADD limits.
#pragma once

#include "linear/dense_helium_forward.hpp"

namespace twinbit::dense::chip {

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
