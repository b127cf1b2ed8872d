// What happens to a value that its format can't hold: it is limited to the range (Saturate), and in tests also counted
// (Count). The data sets must show a count of zero.
#pragma once

#include "numbers/assumptions.hpp"

namespace twinbit {

struct Saturate {
    static constexpr void clipped() {}
};

// The checking twin of Saturate: the same values, and a count of how often the limit was met. Host tests only.
struct Count {
    static inline std::uint64_t clips = 0;
    static void clipped() { ++clips; }
};

// v limited to the range of Rep.
template <class Rep, class Clip, class Wide> constexpr Rep clamp_to(Wide v) {
    constexpr Wide low = std::numeric_limits<Rep>::min();
    constexpr Wide high = std::numeric_limits<Rep>::max();
    if (v > high) {
        Clip::clipped();
        return static_cast<Rep>(high);
    }
    if (v < low) {
        Clip::clipped();
        return static_cast<Rep>(low);
    }
    return static_cast<Rep>(v);
}

} // namespace twinbit
