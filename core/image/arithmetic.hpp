// The number by which recipes and images call a policy.
#pragma once

#include "numbers/policy.hpp"
#include "twinbit.h"

namespace twinbit {

template <class P> inline constexpr std::uint8_t arithmetic_of = 0;
template <> inline constexpr std::uint8_t arithmetic_of<F32> = TB_F32;
template <class C> inline constexpr std::uint8_t arithmetic_of<Q15With<C>> = TB_Q15;
template <class C> inline constexpr std::uint8_t arithmetic_of<Q31With<C>> = TB_Q31;

} // namespace twinbit
