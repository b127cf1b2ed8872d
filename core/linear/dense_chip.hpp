// Which form of the 16-bit layers a machine uses: namespace chip has forward, miss, pull and push, the same to the bit.
#pragma once

#if defined(__ARM_FEATURE_MVE) && (__ARM_FEATURE_MVE & 1)
#include "linear/dense_helium.hpp"
#elif defined(__ARM_FEATURE_DSP) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#include "linear/dense_dsp.hpp"
#elif defined(__ARM_ARCH_6M__) || defined(__ARM_ARCH_8M_BASE__)
#include "linear/dense_armv6m.hpp"
#else
#include "linear/dense_fixed.hpp"

namespace twinbit::dense::chip {

inline void forward(const std::int32_t *layer, const std::int16_t *v, std::int32_t *y, std::uint32_t n, std::uint32_t m,
                    Places places) {
    plain::forward(layer, v, y, n, m, places);
}

inline std::uint64_t miss(const std::int32_t *layer, const std::int16_t *v, const std::int16_t *x, std::int16_t *e,
                          std::uint32_t n, std::uint32_t m, Places places) {
    return plain::miss(layer, v, x, e, n, m, places);
}

inline void pull(const std::int32_t *layer, const std::int16_t *e, std::int32_t *delta, std::uint32_t n,
                 std::uint32_t m, Places places) {
    plain::pull(layer, e, delta, n, m, places);
}

inline void push(std::int32_t *layer, const std::int16_t *v, const std::int32_t *g, std::uint32_t n, std::uint32_t m,
                 Places places) {
    plain::push(layer, v, g, n, m, places);
}

inline std::uint64_t squares(const std::int16_t *v, std::uint32_t n) { return plain::squares(v, n); }

} // namespace twinbit::dense::chip
#endif
