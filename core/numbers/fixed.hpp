// Fixed-point values: raw * 2^-Frac, saturating + and - in one format, and named operations between formats.
//
//   Fixed<std::int16_t, 12>   Q3.12: -8 ... 8 - 2^-12 in steps of 2^-12
//
// There is no operator*: a product needs a format, and mul<To>(a, b) names it. All of to, mul, div are exact, then
// rounded once (half up), then limited to the range of To.
#pragma once

#include "numbers/bits.hpp"
#include "numbers/clip.hpp"
#include "numbers/round.hpp"

#include <type_traits>

namespace twinbit {

template <class R, int F, class C = Saturate> struct Fixed {
    using Rep = R;
    using Clip = C;
    static constexpr int frac = F;

    Rep raw = 0;

    static constexpr Fixed from_raw(Rep r) { return Fixed{r}; }
    static constexpr Fixed max() { return {std::numeric_limits<Rep>::max()}; }
    static constexpr Fixed min() { return {std::numeric_limits<Rep>::min()}; }

    friend constexpr Fixed operator+(Fixed a, Fixed b) { return {sat_add<Rep, Clip>(a.raw, b.raw)}; }
    friend constexpr Fixed operator-(Fixed a, Fixed b) { return {sat_sub<Rep, Clip>(a.raw, b.raw)}; }
    friend constexpr bool operator==(Fixed a, Fixed b) { return a.raw == b.raw; }
    friend constexpr bool operator!=(Fixed a, Fixed b) { return a.raw != b.raw; }
    friend constexpr bool operator<(Fixed a, Fixed b) { return a.raw < b.raw; }
    friend constexpr bool operator>(Fixed a, Fixed b) { return a.raw > b.raw; }
    friend constexpr bool operator<=(Fixed a, Fixed b) { return a.raw <= b.raw; }
    friend constexpr bool operator>=(Fixed a, Fixed b) { return a.raw >= b.raw; }
};

template <class T> struct is_fixed : std::false_type {};
template <class R, int F, class C> struct is_fixed<Fixed<R, F, C>> : std::true_type {};
template <class T> inline constexpr bool is_fixed_v = is_fixed<T>::value;

// raw at frac bits, rounded and limited into To. The shared last step of every operation below.
template <class To> constexpr To round_into(std::int64_t raw, int frac) {
    const int shift = frac - To::frac;
    using Rep = typename To::Rep;
    using Clip = typename To::Clip;
    if (shift >= 64) {
        return {};
    }
    if (shift >= 0) {
        return {clamp_to<Rep, Clip>(half_up(raw, shift))};
    }
    return {clamp_to<Rep, Clip>(shl_sat(raw, -shift))};
}

// a in the format To.
template <class To, class R, int F, class C> constexpr To to(Fixed<R, F, C> a) {
    return round_into<To>(static_cast<std::int64_t>(a.raw), F);
}

// The exact product of a and b, rounded once into To. The product of two representations must fit 64 bits.
template <class To, class Ra, int Fa, class Ca, class Rb, int Fb, class Cb>
constexpr To mul(Fixed<Ra, Fa, Ca> a, Fixed<Rb, Fb, Cb> b) {
    static_assert(sizeof(Ra) + sizeof(Rb) <= 8, "the product must fit 64 bits");
    return round_into<To>(static_cast<std::int64_t>(a.raw) * b.raw, Fa + Fb);
}

// The plain float forms of the same names, so that templates over a policy read alike.
template <class To> constexpr To to(float a) {
    static_assert(std::is_same_v<To, float>, "float to fixed goes through quantise()");
    return a;
}
template <class To> constexpr To mul(float a, float b) {
    static_assert(std::is_same_v<To, float>);
    return a * b;
}

} // namespace twinbit
