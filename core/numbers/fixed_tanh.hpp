// Hyperbolic tangent and logistic function of fixed-point values. Two kernels: a small table for 16 bits (on a
// Cortex-M0 seven 32-bit products), e^-2x and one division for 32 bits.
#pragma once

#include "numbers/fixed_unit.hpp"

namespace twinbit {

namespace detail {

// tanh(a * 2^-16) in Q.20, a >= 0; error below 2^-17.
std::int32_t tanh_table(std::uint32_t a);

// tanh(a * 2^-24) in Q.30, a >= 0; error below 2^-27.
std::int32_t tanh_division(std::uint32_t a);

// tanh(a) for the smaller or larger kernel: frac bits of the result and of the argument.
template <class R> struct TanhKernel {
    static_assert(sizeof(R) <= 4, "representations have at most 32 bits");
    static constexpr bool small = sizeof(R) <= 2;
    static constexpr int result = small ? 20 : 30;
    static constexpr int argument = small ? 16 : 24;

    // tanh(raw * 2^-frac), odd to the bit.
    static std::int32_t tanh(std::int64_t raw, int frac) {
        const std::int64_t wide = round_into<Fixed<std::int32_t, argument>>(raw < 0 ? -raw : raw, frac).raw;
        const auto a = static_cast<std::uint32_t>(wide);
        const std::int32_t y = small ? tanh_table(a) : tanh_division(a);
        return raw < 0 ? -y : y;
    }
};

} // namespace detail

// tanh(a) in the format To. 16-bit a: within 1 unit of the correctly rounded value for To up to 15 fraction bits.
// 32-bit a: error below 2^-26 plus half a unit of To (arguments finer than 2^-24 are rounded to that first).
template <class To, class R, int F, class C> To tanh(Fixed<R, F, C> a) {
    using Kernel = detail::TanhKernel<R>;
    return unit_into<To>(Kernel::tanh(a.raw, F), Kernel::result);
}

// 1/(1 + e^-a) = (1 + tanh(a/2))/2 in the format To; same bounds.
template <class To, class R, int F, class C> To sigmoid(Fixed<R, F, C> a) {
    using Kernel = detail::TanhKernel<R>;
    const std::int64_t one = std::int64_t{1} << Kernel::result;
    return unit_into<To>(one + Kernel::tanh(a.raw, F + 1), Kernel::result + 1);
}

} // namespace twinbit
