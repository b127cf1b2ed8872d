// Square root of a float, correctly rounded (0.5 ulp) on every target.
// sqrt(-0) = -0, sqrt(+inf) = +inf; negative x and NaN give the canonical NaN.
#pragma once

#include "numbers/float_nan.hpp"

#if defined(__SSE2__)
#include <emmintrin.h>
#define TWINBIT_HARDWARE_SQRT 1
#elif defined(__aarch64__) || (defined(__arm__) && defined(__ARM_FP) && (__ARM_FP & 4))
#define TWINBIT_HARDWARE_SQRT 1
#elif defined(__riscv) && defined(__riscv_fsqrt) // defined with F and D
#define TWINBIT_HARDWARE_SQRT 1
#else
#define TWINBIT_HARDWARE_SQRT 0
#endif

namespace twinbit {

// By integers only; the same bits as the hardware's. For targets without one, and for the tests.
float sqrt_by_integers(float x);

// Written as an instruction, not as __builtin_sqrtf: that one calls libm's sqrtf unless -fno-math-errno is given.
inline float sqrt(float x) {
#if TWINBIT_HARDWARE_SQRT
    if (!(x >= 0.0f)) {
        return canonical_nan();
    }
#if defined(__SSE2__)
    return _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x)));
#else
    float y;
#if defined(__aarch64__)
    __asm__("fsqrt %s0, %s1" : "=w"(y) : "w"(x));
#elif defined(__arm__)
    __asm__("vsqrt.f32 %0, %1" : "=t"(y) : "t"(x));
#else
    __asm__("fsqrt.s %0, %1" : "=f"(y) : "f"(x));
#endif
    return y;
#endif
#else
    return sqrt_by_integers(x);
#endif
}

} // namespace twinbit
