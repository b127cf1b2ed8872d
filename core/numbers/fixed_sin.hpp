// Sine and cosine of a phase: the whole of 32 bits is one turn, so a phase wraps as an angle does.
#pragma once

#include "numbers/fixed_unit.hpp"

namespace twinbit {

namespace detail {

// sin and cos of 2 pi * turns / 2^32 in Q.32 (-2^32 ... 2^32), error below 1.4 units.
std::int64_t sin_turns(std::uint32_t turns);
std::int64_t cos_turns(std::uint32_t turns);

} // namespace detail

// Error in units of To: Q0.15 below 0.51, Q0.31 below 1.2. +-1 is the largest value where the format has no 1.
template <class To> To sin(std::uint32_t turns) { return unit_into<To>(detail::sin_turns(turns), 32); }
template <class To> To cos(std::uint32_t turns) { return unit_into<To>(detail::cos_turns(turns), 32); }

} // namespace twinbit
