// Sine and cosine on integers: see fixed_sin.hpp.
#include "numbers/fixed_sin.hpp"

namespace twinbit {

namespace {

// a * b * 2^-32, rounded; |a| < 2^34, 0 <= b <= 2^28 ... 2^30.
std::int64_t times(std::int64_t a, std::int64_t b) { return half_up(a * b, 32); }

// u in -2^29 ... 2^29, quarter turns in Q.30; square in Q.32. Polynomials are minimax on an eighth of a turn, 2^-38 and
// 2^-34, coefficients in Q.32.
std::int64_t sin_eighth(std::int64_t u, std::int64_t square) {
    std::int64_t p = 677389;
    p = times(p, square) - 20104748;
    p = times(p, square) + 342276833;
    p = times(p, square) - 2774394654;
    p = times(p, square) + 6746518852;
    return half_up(u * p, 30);
}

std::int64_t cos_eighth(std::int64_t square) {
    std::int64_t p = 3882801;
    p = times(p, square) - 89594287;
    p = times(p, square) + 1089501112;
    p = times(p, square) - 5298703487;
    return times(p, square) + (std::int64_t{1} << 32);
}

// quarter = 0: sine, 1: cosine.
std::int64_t turned(std::uint32_t turns, std::uint32_t quarter) {
    const std::uint32_t nearest = (turns + (1u << 29)) >> 30;
    const std::int64_t u = static_cast<std::int32_t>(turns - (nearest << 30));
    const std::int64_t square = half_up(u * u, 28);
    const std::uint32_t q = nearest + quarter;
    const std::int64_t y = (q & 1u) != 0 ? cos_eighth(square) : sin_eighth(u, square);
    return (q & 2u) != 0 ? -y : y;
}

} // namespace

std::int64_t detail::sin_turns(std::uint32_t turns) { return turned(turns, 0); }
std::int64_t detail::cos_turns(std::uint32_t turns) { return turned(turns, 1); }

} // namespace twinbit
