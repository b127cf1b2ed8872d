// A dense layer in float: see dense_float.hpp. Which form a machine uses.
#include "linear/dense_float.hpp"

#include "linear/dense_eight.hpp"
#if defined(__x86_64__) || defined(__i386__)
#include "linear/dense_avx2.hpp"
#endif

namespace twinbit::dense {

// Without an FPU the shortest code is the best.
#if (defined(__arm__) && !defined(__ARM_FP)) || (defined(__riscv) && !defined(__riscv_flen))
namespace portable = plain;
#else
namespace portable = eight;
#endif

#if defined(__x86_64__) || defined(__i386__)
#define TWINBIT_WITH_AVX2(call)                                                                                        \
    if (__builtin_cpu_supports("avx2")) {                                                                              \
        return avx2::call;                                                                                             \
    }
#else
#define TWINBIT_WITH_AVX2(call)
#endif

void forward(const float *layer, const float *v, float *y, std::uint32_t n, std::uint32_t m, Places) {
    TWINBIT_WITH_AVX2(forward(layer, v, y, n, m))
    portable::forward(layer, v, y, n, m, {});
}

float miss(const float *layer, const float *v, const float *x, float *e, std::uint32_t n, std::uint32_t m, Places) {
    TWINBIT_WITH_AVX2(miss(layer, v, x, e, n, m))
    return portable::miss(layer, v, x, e, n, m, {});
}

float squares(const float *v, std::uint32_t n) {
    TWINBIT_WITH_AVX2(squares(v, n))
    return portable::squares(v, n);
}

void pull(const float *layer, const float *e, float *delta, std::uint32_t n, std::uint32_t m, Places) {
    TWINBIT_WITH_AVX2(pull(layer, e, delta, n, m))
    portable::pull(layer, e, delta, n, m, {});
}

void push(float *layer, const float *v, const float *g, std::uint32_t n, std::uint32_t m, Places) {
    TWINBIT_WITH_AVX2(push(layer, v, g, n, m))
    portable::push(layer, v, g, n, m, {});
}

} // namespace twinbit::dense
