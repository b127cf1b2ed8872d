// e^x and log2(x) of fixed-point values, on the integer kernels of fixed_log2.hpp.
#pragma once

#include "numbers/fixed_log2.hpp"
#include "numbers/fixed_unit.hpp"

namespace twinbit {

namespace detail {

// mantissa * 2^(exponent - 31) = e^(raw * 2^-frac), frac in 0 ... 31; relative error below 2^-27.
struct Power {
    std::uint32_t mantissa; // top bit set
    int exponent;
};
Power exp_parts(std::int32_t raw, int frac);

} // namespace detail

// e^a in the format To: error below half a unit of To plus 2^-27 of the value (Q0.15: 0.51 units, Q0.31: 17 units, 7
// measured). For a <= 0 the result 1 is the largest value of To where it has no 1.
template <class To, class R, int F, class C> To exp(Fixed<R, F, C> a) {
    static_assert(sizeof(R) <= 4 && F >= 0 && F <= 31, "no such format");
    const detail::Power p = detail::exp_parts(a.raw, F);
    const int frac = 31 - p.exponent;
    return a.raw <= 0 ? unit_into<To>(p.mantissa, frac) : round_into<To>(p.mantissa, frac);
}

// log2(a) in the format To, error below half a unit of To plus 2^-24. For a <= 0 (no logarithm, a clip) the
// least value.
template <class To, class R, int F, class C> To log2(Fixed<R, F, C> a) {
    static_assert(sizeof(R) <= 4, "representations have at most 32 bits");
    if (a.raw <= 0) {
        To::Clip::clipped();
        return To::min();
    }
    constexpr std::int64_t one = std::int64_t{1} << 24;
    return round_into<To>(log2_q24(static_cast<std::uint64_t>(a.raw)) - F * one, 24);
}

} // namespace twinbit
