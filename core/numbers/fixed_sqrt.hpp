// Square roots of integers and of fixed-point values: exact, rounded once half up.
#pragma once

#include "numbers/fixed.hpp"

namespace twinbit {

// floor(sqrt(v)) and v - floor(sqrt(v))^2, for every v.
struct Root {
    std::uint32_t root;
    std::uint64_t rest; // 0 ... 2 * root
};
Root isqrt64(std::uint64_t v);

// sqrt(v) rounded to the nearest integer (a tie cannot happen); up to 2^32, hence the wide result.
std::uint64_t isqrt64_rounded(std::uint64_t v);

// sqrt(a) in the format To, exact and rounded once half up. Negative a gives 0, counted as a clip.
template <class To, class R, int F, class C> To sqrt(Fixed<R, F, C> a) {
    constexpr int shift = 2 * To::frac - F; // To.raw = sqrt(a.raw * 2^shift)
    static_assert(sizeof(R) <= 4 && shift <= 32 && shift > -32, "formats lie too far apart");
    using Rep = typename To::Rep;
    using Clip = typename To::Clip;
    if (a.raw <= 0) {
        if (a.raw < 0) {
            Clip::clipped();
        }
        return {};
    }
    const auto raw = static_cast<std::uint64_t>(a.raw);
    if constexpr (shift >= 0) {
        return {clamp_to<Rep, Clip>(static_cast<std::int64_t>(isqrt64_rounded(raw << shift)))};
    } else {
        // (r + 1/2)^2 = r^2 + r + 1/4: the bits that were cut off decide only at rest == r.
        constexpr std::uint64_t quarter = shift == -1 ? 1 : std::uint64_t{1} << (-shift - 2);
        constexpr std::uint64_t mask = (std::uint64_t{1} << -shift) - 1;
        const Root r = isqrt64(raw >> -shift);
        const bool up = r.rest > r.root || (r.rest == r.root && (raw & mask) >= quarter);
        return {clamp_to<Rep, Clip>(static_cast<std::int64_t>(r.root) + (up ? 1 : 0))};
    }
}

} // namespace twinbit
