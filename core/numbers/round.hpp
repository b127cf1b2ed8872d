// The one way twinbit rounds: half up, floor(v / 2^s + 1/2). Every other rounding operation is made of it.
#pragma once

#include "numbers/assumptions.hpp"

#include <type_traits>

namespace twinbit {

// floor(v * 2^-s + 1/2), exact, without overflow for any v: the bit below the point is added after the shift.
// s in 0 ... bits - 1. Ties go up also for negative v: half_up(-v) != -half_up(v) on ties.
template <class Int> constexpr Int half_up(Int v, int s) {
    if (s == 0) {
        return v;
    }
    const Int doubled = static_cast<Int>(v >> (s - 1)); // one shift by a variable: dear for 64 bits on a small core
    return static_cast<Int>(doubled - (doubled >> 1));  // its larger half
}

// floor(n / d + 1/2) for d > 0. The division is unsigned: a microcontroller's library then has one kind of it less.
template <class Int> constexpr Int div_half_up(Int n, Int d) {
    using U = std::make_unsigned_t<Int>;
    const auto ud = static_cast<U>(d);
    if (n >= 0) {
        const auto u = static_cast<U>(n);
        const U q = u / ud;
        const U r = u - q * ud;
        return static_cast<Int>(q + (r >= ud - r ? 1u : 0u));
    }
    const U u = U{0} - static_cast<U>(n);
    const U q = u / ud;
    const U r = u - q * ud;
    return static_cast<Int>(U{0} - (q + (r > ud - r ? 1u : 0u))); // a tie goes up, towards zero
}

} // namespace twinbit
