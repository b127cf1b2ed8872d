// Forgetting by halves: counts and sums of what was learned shrink together, so means and spreads stay and later frames
// weigh twice as much.
//
// A count of n becomes (n + 1) / 2, rounded down; sums are multiplied by what became of their count, not by 1/2, which would
// pull means of odd counts toward zero. Squares and products shrink about the means as rounded (comoments.hpp,
// bank_numbers.hpp): rounding a sum of raw squares would cost a narrow feature far from zero its spread.
#pragma once

#include "linear/sums.hpp"

#include <type_traits>
#include <utility>

namespace twinbit {

// How many of `whole` frames are left.
struct Fade {
    std::uint32_t part, whole;
};

// Half of n frames, but not fewer than `least` if there are so many.
inline Fade half_of(std::uint32_t n, std::uint32_t least = 0) {
    const std::uint32_t half = half_up(n, 1);
    const std::uint32_t most = n < least ? n : least;
    return {half > most ? half : most, n};
}

// floor(v part / whole + 1/2), exact; v itself where nothing was counted.
inline std::int64_t faded(std::int64_t v, const Fade &f) {
    if (f.whole == 0) {
        return v;
    }
    const std::uint64_t flip = v < 0 ? ~std::uint64_t{0} : 0; // floor(v / n) = ~(~v / n) below 0
    const std::uint64_t q = divide(static_cast<std::uint64_t>(v) ^ flip, f.whole) ^ flip;
    const std::uint64_t rest = static_cast<std::uint64_t>(v) - q * f.whole; // below 2^32
    const std::uint64_t last = divide(2 * rest * f.part + f.whole, 2 * f.whole);
    return static_cast<std::int64_t>(q * f.part + last);
}
inline std::int32_t faded(std::int32_t v, const Fade &f) {
    return static_cast<std::int32_t>(faded(std::int64_t{v}, f));
}
inline std::uint64_t faded(std::uint64_t v, const Fade &f) { // below 2^63
    return static_cast<std::uint64_t>(faded(static_cast<std::int64_t>(v), f));
}
inline float faded(float v, const Fade &f) {
    return f.whole == 0 ? v : v * (static_cast<float>(f.part) / static_cast<float>(f.whole));
}

// A detector that has forget().
template <class D, class = void> inline constexpr bool forgets_v = false;
template <class D> inline constexpr bool forgets_v<D, std::void_t<decltype(std::declval<D &>().forget())>> = true;

} // namespace twinbit
