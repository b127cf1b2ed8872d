// Quotients of fixed-point values: exact, rounded once half up, limited to the format To.
#pragma once

#include "numbers/fixed.hpp"

namespace twinbit {

namespace detail {

// floor(n * 2^shift / d + 1/2) for |n| <= 2^31, 0 < d <= 2^31, 31 < shift <= 62; limited to the range of int64.
// Long division in two digits: the remainder of the first (31 bits) feeds the second (shift - 31 bits).
constexpr std::int64_t div_long(std::int64_t n, std::int64_t d, int shift) {
    const std::int64_t scaled = n * (std::int64_t{1} << 31);
    std::int64_t high = scaled / d;
    std::int64_t rest = scaled % d;
    if (rest < 0) { // C++ truncates; make it floor
        rest += d;
        high -= 1;
    }
    const int low_bits = shift - 31;
    const std::int64_t low = div_half_up<std::int64_t>(rest << low_bits, d);
    const std::int64_t top = shl_sat(high, low_bits);
    return top > INT64_MAX - low ? INT64_MAX : top + low;
}

// n / 0 by the sign of n; 0 / 0 is 0, which keeps "nothing measured yet" at nothing.
template <class To> constexpr To div_by_zero(std::int64_t n) {
    if (n == 0) {
        return {};
    }
    To::Clip::clipped();
    return n > 0 ? To::max() : To::min();
}

} // namespace detail

// a / b in the format To. Division by zero is limited by the sign of a; 0 / 0 = 0.
// Arithmetic is 32 bits wide where the formats allow it (a 64-bit division costs an MCU hundreds of instructions).
template <class To, class Ra, int Fa, class Ca, class Rb, int Fb, class Cb>
constexpr To div(Fixed<Ra, Fa, Ca> a, Fixed<Rb, Fb, Cb> b) {
    constexpr int shift = To::frac + Fb - Fa;
    constexpr int up = shift > 0 ? shift : 0;
    constexpr int down = shift < 0 ? -shift : 0;
    constexpr int bits_a = 8 * static_cast<int>(sizeof(Ra)) - 1;
    constexpr int bits_b = 8 * static_cast<int>(sizeof(Rb)) - 1;
    static_assert(sizeof(Ra) <= 4 && sizeof(Rb) <= 4, "operands have at most 32 bits");
    static_assert(shift >= -31 && shift <= 62, "formats lie too far apart");
    using Rep = typename To::Rep;
    using Clip = typename To::Clip;
    using Int = std::conditional_t<(bits_a + up <= 30 && bits_b + down <= 30), std::int32_t, std::int64_t>;
    if (b.raw == 0) {
        return detail::div_by_zero<To>(a.raw);
    }
    const Int n = b.raw < 0 ? -static_cast<Int>(a.raw) : static_cast<Int>(a.raw);
    const Int d = b.raw < 0 ? -static_cast<Int>(b.raw) : static_cast<Int>(b.raw);
    if constexpr (shift > 31) {
        return {clamp_to<Rep, Clip>(detail::div_long(n, d, shift))};
    } else {
        constexpr Int one = 1;
        return {clamp_to<Rep, Clip>(div_half_up<Int>(n * (one << up), d * (one << down)))};
    }
}

// The plain float form of the same name.
template <class To> constexpr To div(float a, float b) {
    static_assert(std::is_same_v<To, float>);
    return a / b;
}

} // namespace twinbit
