// Results whose limit is one: sine, tanh, sigmoid, e^x for x <= 0.
#pragma once

#include "numbers/fixed.hpp"

namespace twinbit {

// raw * 2^-frac in the format To, rounded half up, kept within +-To::max. A 1 that the format can't hold (Q0.15)
// becomes its largest value, and that is not a clip: it is the best answer. The most negative value never appears.
template <class To> constexpr To unit_into(std::int64_t raw, int frac) {
    using Silent = Fixed<typename To::Rep, To::frac, Saturate>;
    const Silent v = round_into<Silent>(raw, frac);
    return v == Silent::min() ? To{static_cast<typename To::Rep>(-Silent::max().raw)} : To{v.raw};
}

} // namespace twinbit
