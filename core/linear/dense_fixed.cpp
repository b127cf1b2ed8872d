// A dense layer in fixed point: see dense_fixed.hpp.
#include "linear/dense_fixed.hpp"

#include "linear/dense_chip.hpp"
#if defined(__x86_64__) || defined(__i386__)
#include "linear/dense_avx2_fixed.hpp"
#endif

namespace twinbit::dense {

#if defined(__x86_64__) || defined(__i386__)
#define TWINBIT_WITH_AVX2(call)                                                                                        \
    if (__builtin_cpu_supports("avx2")) {                                                                              \
        return avx2::call;                                                                                             \
    }
#else
#define TWINBIT_WITH_AVX2(call)
#endif

void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
             Places places) {
    TWINBIT_WITH_AVX2(forward(layer, v, y, n, m, places))
    chip::forward(layer, v, y, n, m, places);
}

void forward(const std::int32_t *layer, const std::int32_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
             Places places) {
    TWINBIT_WITH_AVX2(forward(layer, v, y, n, m, places))
    plain::forward(layer, v, y, n, m, places);
}

std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                   std::uint32_t n, std::uint32_t m, Places places) {
    TWINBIT_WITH_AVX2(miss(layer, v, x, e, n, m, places))
    return chip::miss(layer, v, x, e, n, m, places);
}

std::uint64_t miss(const std::int32_t *layer, const std::int32_t *v, const std::int32_t *x, std::int32_t *e,
                   std::uint32_t n, std::uint32_t m, Places places) {
    TWINBIT_WITH_AVX2(miss(layer, v, x, e, n, m, places))
    return plain::miss(layer, v, x, e, n, m, places);
}

std::uint64_t squares(const std::int16_t *v, std::uint32_t n) {
    TWINBIT_WITH_AVX2(squares(v, n))
    return chip::squares(v, n);
}

std::uint64_t squares(const std::int32_t *v, std::uint32_t n) {
    TWINBIT_WITH_AVX2(squares(v, n))
    return plain::squares(v, n);
}

void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n, std::uint32_t m,
          Places places) {
    TWINBIT_WITH_AVX2(pull(layer, e, delta, n, m, places))
    chip::pull(layer, e, delta, n, m, places);
}

void pull(const std::int32_t *layer, const std::int32_t *e, std::int32_t *delta, std::uint32_t n, std::uint32_t m,
          Places places) {
    TWINBIT_WITH_AVX2(pull(layer, e, delta, n, m, places))
    plain::pull(layer, e, delta, n, m, places);
}

void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
          Places places) {
    TWINBIT_WITH_AVX2(push(layer, v, g, n, m, places))
    chip::push(layer, v, g, n, m, places);
}

void push(std::int32_t *layer, const std::int32_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
          Places places) {
    TWINBIT_WITH_AVX2(push(layer, v, g, n, m, places))
    plain::push(layer, v, g, n, m, places);
}

} // namespace twinbit::dense
