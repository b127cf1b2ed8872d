// The one way twinbit rounds: half up, floor(v / 2^s + 1/2). Every other rounding operation is made of it.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

// floor(v * 2^-s + 1/2), exact, without overflow for any v: the bit below the point is added after the shift.
// s in 0 ... bits - 1. Ties go up also for negative v: half_up(-v) != -half_up(v) on ties.
template <class Int> constexpr Int half_up(Int v, int s) {
    return s == 0 ? v : static_cast<Int>((v >> s) + ((v >> (s - 1)) & 1));
}

// floor(n / d + 1/2) for d > 0, the division by its formula: floor((2n + d) / 2d) without the doubling.
template <class Int> constexpr Int div_half_up(Int n, Int d) {
    Int q = static_cast<Int>(n / d);
    Int r = static_cast<Int>(n - q * d);
    if (r < 0) { // C++ truncates; make it floor
        r = static_cast<Int>(r + d);
        q = static_cast<Int>(q - 1);
    }
    return static_cast<Int>(q + (r >= d - r ? 1 : 0));
}

} // namespace twinbit
