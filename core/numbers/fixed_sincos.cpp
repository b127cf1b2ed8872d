// Sine and cosine by CORDIC (Volder 1959): shifts and additions only, about 30 steps of 32 bits.
//
// The vector (K, 0) is turned by +-atan(2^-i) until the wanted angle is used up; K = prod 1/sqrt(1 + 2^-2i) makes up for the
// growth. Angles lie within an eighth of a turn of the axis, where all steps converge.
#include "numbers/fixed_sincos.hpp"

#include "numbers/round.hpp"

namespace twinbit {

namespace {

constexpr int steps = 30;
constexpr std::int32_t gain = 652032874; // K = 0.6072529350088813 in Q1.30

// atan(2^-i) in turns, Q.34: round(atan(2^-i) / (2 pi) * 2^34)
constexpr std::uint32_t angle[steps] = {2147483648u, 1267733622, 669835629, 340019024, 170669324, 85417861, 42719353, 21360980,
                                        10680653,    5340347,    2670176,   1335088,   667544,    333772,   166886,   83443,
                                        41722,       20861,      10430,     5215,      2608,      1304,     652,      326,
                                        163,         81,         41,        20,        10,        5};

// cos and sin of an angle within an eighth of a turn, Q.34.
CosSin rotate(std::int64_t rest) {
    std::int32_t x = gain;
    std::int32_t y = 0;
    for (int i = 0; i < steps; ++i) {
        const std::int32_t dx = half_up(y, i);
        const std::int32_t dy = half_up(x, i);
        const bool forward = rest >= 0;
        x += forward ? -dx : dx;
        y += forward ? dy : -dy;
        rest += forward ? -std::int64_t{angle[i]} : std::int64_t{angle[i]};
    }
    return {x, y};
}

} // namespace

CosSin cos_sin_q30(std::uint32_t phase) {
    // The nearest quarter is taken off, an eighth at most is left: -2^29 ... 2^29 of 2^32.
    const std::uint32_t quarter = ((phase + (1u << 29)) >> 30) & 3u;
    const auto rest = static_cast<std::int32_t>(phase - (quarter << 30));
    const CosSin v = rotate(std::int64_t{rest} * 4);
    switch (quarter) {
    case 0:
        return v;
    case 1:
        return {-v.sin, v.cos};
    case 2:
        return {-v.cos, -v.sin};
    default:
        return {v.sin, -v.cos};
    }
}

} // namespace twinbit
