// Powers of two for fixed point: how far a value may be scaled up, and scaling itself.
#pragma once

#include "numbers/fixed.hpp"

namespace twinbit {

// Number of places v can be shifted left without overflow: 0 ... 15 or 31 (for 0 and -1: all but the sign bit).
constexpr int headroom(std::int32_t v) { return leading_zeros(static_cast<std::uint32_t>(v < 0 ? ~v : v)) - 1; }
constexpr int headroom(std::int64_t v) { return leading_zeros(static_cast<std::uint64_t>(v < 0 ? ~v : v)) - 1; }
template <class R, int F, class C> constexpr int headroom(Fixed<R, F, C> a) {
    static_assert(sizeof(R) <= 4, "representations have at most 32 bits");
    return headroom(static_cast<std::int32_t>(a.raw)) - (32 - 8 * static_cast<int>(sizeof(R)));
}

// a * 2^s, rounded half up where s < 0, limited to the format. Any s.
template <class R, int F, class C> constexpr Fixed<R, F, C> scale_pow2(Fixed<R, F, C> a, int s) {
    using Same = Fixed<R, F, C>;
    if (s < -40) {
        return {};
    }
    return round_into<Same>(static_cast<std::int64_t>(a.raw), F - (s > 64 ? 64 : s));
}

} // namespace twinbit
