// Hyperbolic tangent of many numbers at once: see tanh_q15.hpp.
#include "numbers/tanh_q15.hpp"

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#include <arm_mve.h>
#endif

namespace twinbit {

namespace {

// c0 + (c1 + c2 t) t on [k / 8, (k + 1) / 8), t in eighths: the greatest error is least, 0.7 units; c0 = 0 for k = 0.
struct Quadratic {
    std::int32_t c0; // Q.30, with half a unit of Q0.15
    std::int16_t c1; // Q.17
    std::int16_t c2; // Q.21
};
constexpr Quadratic quadratics[45] = {
    {16384, 16420, -1886},      {133520510, 16173, -5846},  {262979366, 15434, -8985}, {384788723, 14301, -11175},
    {496207302, 12894, -12339}, {595510189, 11344, -12573}, {682004528, 9766, -12075}, {755833418, 8253, -11085},
    {817781049, 6865, -9824},   {869004033, 5637, -8469},   {910860850, 4579, -7143},  {944727215, 3688, -5922},
    {971915215, 2949, -4844},   {993601799, 2345, -3920},   {1010816470, 1856, -3145}, {1024419797, 1464, -2508},
    {1035135597, 1152, -1989},  {1043560836, 904, -1571},   {1050163465, 709, -1237},  {1055341502, 554, -972},
    {1059382316, 434, -762},    {1062552950, 338, -597},    {1065020315, 264, -467},   {1066947452, 206, -365},
    {1068446618, 161, -285},    {1069622919, 125, -222},    {1070532625, 98, -173},    {1071248931, 76, -135},
    {1071803928, 59, -105},     {1072236360, 46, -82},      {1072571210, 36, -64},     {1072833660, 28, -50},
    {1073038101, 22, -39},      {1073197346, 17, -30},      {1073321383, 13, -24},     {1073415945, 11, -18},
    {1073489143, 9, -14},       {1073555940, 5, -11},       {1073599537, 4, -9},       {1073628941, 5, -7},
    {1073664820, 2, -5},        {1073678190, 0, -4},        {1073697032, 2, -3},       {1073718303, -1, -2},
    {1073709056, 0, 0}};

// At t eighths, Q.13; Q.30. Two loads less where the two halves of a word can be taken apart in products and sums.
inline __attribute__((always_inline)) std::int32_t quadratic_at(const Quadratic &q, std::uint32_t t) {
#if defined(__ARM_FEATURE_DSP) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
    std::int32_t c0, c12, slope;
    __asm__("ldrd   %[c0], %[c12], [%[q]]\n\t"
            "smlatb %[slope], %[c12], %[t], %[half]\n\t"
            "asr    %[slope], %[slope], #17\n\t"
            "sxtah  %[slope], %[slope], %[c12]\n\t"
            "mla    %[c0], %[slope], %[t], %[c0]"
            : [c0] "=&r"(c0), [c12] "=&r"(c12), [slope] "=&r"(slope)
            : [q] "r"(&q), [t] "r"(t), [half] "r"(65536), "m"(q));
    return c0;
#else
    const auto eighths = static_cast<std::int32_t>(t);
    return q.c0 + (q.c1 + ((q.c2 * eighths + 65536) >> 17)) * eighths;
#endif
}

// The last argument of the table, in units of z: from 5.5 on it gives 32767.
constexpr std::int32_t last(int places) { return (45 << (places - 3)) - 1; }

} // namespace

void plain::tanh_q15(const std::int32_t *z, std::int16_t *v, std::uint32_t n, int places) {
    const auto most = static_cast<std::uint32_t>(last(places));
    const std::int32_t *const end = z + n;
    do {
        const std::int32_t sign = *z >> 31;
        std::uint32_t a = static_cast<std::uint32_t>(*z ^ sign) - static_cast<std::uint32_t>(sign);
        a = ((a > most ? most : a) << (17 - places)) >> 1; // Q.16
        const std::int32_t y = quadratic_at(quadratics[a >> 13], a & 8191) >> 15;
        *v++ = static_cast<std::int16_t>((y ^ sign) - sign);
    } while (++z != end);
}

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)

namespace {

inline __attribute__((always_inline)) int32x4_t four(int32x4_t x, int places) {
    const auto *const c0 = reinterpret_cast<const std::int32_t *>(quadratics);
    const int32x4_t limited = vminq_s32(vqabsq_s32(x), vdupq_n_s32(last(places)));
    const int32x4_t a = vshrq_n_s32(vshlq_r_s32(limited, 17 - places), 1); // Q.16
    const auto k = vreinterpretq_u32_s32(vshlq_n_s32(vshrq_n_s32(a, 13), 1));
    const int32x4_t t = vandq_s32(a, vdupq_n_s32(8191));
    const int16x8_t c12 = vreinterpretq_s16_s32(vldrwq_gather_shifted_offset_s32(c0 + 1, k));
    const int32x4_t bend = vrshrq_n_s32(vmulq_s32(vmovltq_s16(c12), t), 17);
    const int32x4_t rise = vmulq_s32(vaddq_s32(vmovlbq_s16(c12), bend), t);
    const int32x4_t y = vshrq_n_s32(vaddq_s32(vldrwq_gather_shifted_offset_s32(c0, k), rise), 15);
    const int32x4_t sign = vshrq_n_s32(x, 31);
    return vsubq_s32(veorq_s32(y, sign), sign);
}

} // namespace

void tanh_q15(const std::int32_t *z, std::int16_t *v, std::uint32_t n, int places) {
    for (; n >= 4; n -= 4) {
        vstrhq_s32(v, four(vld1q_s32(z), places));
        z += 4;
        v += 4;
    }
    if (n != 0) {
        const mve_pred16_t some = vctp32q(n);
        vstrhq_p_s32(v, four(vld1q_z_s32(z, some), places), some);
    }
}

#endif

} // namespace twinbit
