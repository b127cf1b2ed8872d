// Sine and cosine on integers: see fixed_sin.hpp.
#include "numbers/fixed_sin.hpp"

namespace twinbit {

namespace {

// Minimax polynomials in the square of z, quarter turns, on an eighth of a turn; Q.32, highest degree first.
constexpr int terms = 5;
constexpr std::int64_t sine[terms] = {677389, -20104748, 342276833, -2774394654, 6746518852}; // / z, 2^-38
constexpr std::int64_t cosine[terms] = {3882801, -89594287, 1089501112, -5298703487, std::int64_t{1} << 32}; // 2^-34

// Horner's rule; every product is below 2^63 since square <= 2^30 (Q.32).
std::int64_t polynomial(const std::int64_t *c, std::int64_t square) {
    std::int64_t p = c[0];
    for (int i = 1; i < terms; ++i) {
        p = half_up(p * square, 32) + c[i];
    }
    return p;
}

// quarter = 0: sine, 1: cosine.
std::int64_t turned(std::uint32_t turns, std::uint32_t quarter) {
    const std::uint32_t nearest = (turns + (1u << 29)) >> 30;
    const std::int64_t u = static_cast<std::int32_t>(turns - (nearest << 30)); // z in Q.30, -2^29 ... 2^29
    const std::int64_t square = half_up(u * u, 28);
    const std::uint32_t q = nearest + quarter;
    const bool even = (q & 1u) != 0;
    const std::int64_t p = polynomial(even ? cosine : sine, square);
    const std::int64_t y = even ? p : half_up(u * p, 30);
    return (q & 2u) != 0 ? -y : y;
}

} // namespace

std::int64_t detail::sin_turns(std::uint32_t turns) { return turned(turns, 0); }
std::int64_t detail::cos_turns(std::uint32_t turns) { return turned(turns, 1); }

} // namespace twinbit
