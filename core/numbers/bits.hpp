// Bit-level helpers that the arithmetic is made of.
#pragma once

#include "numbers/clip.hpp"

#include <cstring>
#include <type_traits>

namespace twinbit {

inline std::uint32_t float_bits(float x) {
    std::uint32_t u;
    std::memcpy(&u, &x, sizeof u);
    return u;
}

inline float bits_float(std::uint32_t u) {
    float x;
    std::memcpy(&x, &u, sizeof x);
    return x;
}

// Exponent field all ones = infinity or NaN. By bits: no compiler flag can remove it.
inline bool is_finite(float x) { return (float_bits(x) & 0x7F800000u) != 0x7F800000u; }
inline bool is_nan(float x) { return (float_bits(x) & 0x7FFFFFFFu) > 0x7F800000u; }

// Leading zero bits; 32 or 64 for v = 0. Written out: Cortex-M0 has no CLZ, and the loop is smaller than libgcc's
// table.
constexpr int leading_zeros(std::uint32_t v) {
#if defined(__ARM_FEATURE_CLZ) || defined(__x86_64__) || defined(__aarch64__)
    return v == 0 ? 32 : __builtin_clz(v);
#else
    int n = 32;
    for (int s = 16; s > 0; s >>= 1) {
        if ((v >> s) != 0) {
            v >>= s;
            n -= s;
        }
    }
    return n - static_cast<int>(v);
#endif
}

constexpr int leading_zeros(std::uint64_t v) {
    const auto high = static_cast<std::uint32_t>(v >> 32);
    return high != 0 ? leading_zeros(high) : 32 + leading_zeros(static_cast<std::uint32_t>(v));
}

// a + b and a - b limited to the range of Rep (16 or 32 bits: the exact result fits the next wider type).
template <class Rep, class Clip> constexpr Rep sat_add(Rep a, Rep b) {
    static_assert(sizeof(Rep) <= 4);
    using Wide = std::conditional_t<(sizeof(Rep) <= 2), std::int32_t, std::int64_t>;
    return clamp_to<Rep, Clip>(static_cast<Wide>(static_cast<Wide>(a) + b));
}
template <class Rep, class Clip> constexpr Rep sat_sub(Rep a, Rep b) {
    static_assert(sizeof(Rep) <= 4);
    using Wide = std::conditional_t<(sizeof(Rep) <= 2), std::int32_t, std::int64_t>;
    return clamp_to<Rep, Clip>(static_cast<Wide>(static_cast<Wide>(a) - b));
}

// v * 2^s limited to the range of int64, s >= 0.
constexpr std::int64_t shl_sat(std::int64_t v, int s) {
    const std::int64_t limit = s >= 63 ? 0 : INT64_MAX >> s;
    if (v > limit) {
        return INT64_MAX;
    }
    if (v < -limit) {
        return INT64_MIN;
    }
    return s >= 63 ? 0 : static_cast<std::int64_t>(static_cast<std::uint64_t>(v) << s);
}

} // namespace twinbit
