// Features in octaves: base-2 logarithms of sums, added up before they are rounded once.
//
// type   Log                      raw feature
// int32  int64, 25 bits (halves   Q15.16, limited to 24 bits (+-128 octaves)
//        are exact)
// float  float                    float
//
// The logarithm of a sum that is not positive is that of the least one: 1 for integers, 2^-60 for floats.
#pragma once

#include "numbers/fixed_log2.hpp"
#include "numbers/float_log.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

template <class Raw> struct Octaves;

template <> struct Octaves<std::int32_t> {
    using Log = std::int64_t;

    static Log log(std::uint64_t sum) { return std::int64_t{2} * log2_q24(sum | (sum == 0 ? 1u : 0u)); }
    static Log whole(std::int32_t octaves) { return std::int64_t{octaves} * (1 << 25); }
    static Log half(Log v) { return v >> 1; } // of a sum or a difference of log()s: exact
    static std::int32_t raw(Log v) {
        const std::int64_t rounded = half_up(v, 9);
        return static_cast<std::int32_t>(rounded > raw_limit ? raw_limit
                                                             : (rounded < -raw_limit ? -raw_limit : rounded));
    }
};

template <> struct Octaves<float> {
    using Log = float;

    static Log log(float sum) { return log2(sum > 0x1p-60f ? sum : 0x1p-60f); }
    static Log log(std::uint32_t n) { return log2(static_cast<float>(n)); }
    static Log whole(std::int32_t octaves) { return static_cast<float>(octaves); }
    static Log half(Log v) { return 0.5f * v; }
    static float raw(Log v) { return v; }
};

} // namespace twinbit
