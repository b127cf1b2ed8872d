// The written order of every sum over a float vector: element i goes to lane i mod 8, the lanes are added as a fixed
// tree.
// A vector unit does the eight lanes at once, a scalar loop one by one; the bits are the same.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

struct Lanes {
    float lane[8] = {};

    // ((0+4) + (2+6)) + ((1+5) + (3+7)): halves, quarters, pairs, as a vector unit folds them.
    float total() const {
        const float a = lane[0] + lane[4];
        const float b = lane[1] + lane[5];
        const float c = lane[2] + lane[6];
        const float d = lane[3] + lane[7];
        return (a + c) + (b + d);
    }
};

// Sum of term(i) for i < n in that order.
// Indices are as wide as pointers: only then do compilers see that elements lie side by side, and use a vector unit.
template <class Term> inline float lane_sum(std::size_t n, Term term) {
    Lanes sum;
    std::size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        for (std::size_t k = 0; k < 8; ++k) {
            sum.lane[k] += term(i + k);
        }
    }
    for (std::size_t k = 0; i + k < n; ++k) {
        sum.lane[k] += term(i + k);
    }
    return sum.total();
}

} // namespace twinbit
