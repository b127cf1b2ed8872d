// Hyperbolic tangent on integers: see fixed_tanh.hpp.
#include "numbers/fixed_tanh.hpp"

#include "numbers/fixed_log2.hpp"

namespace twinbit {

namespace {

// tanh(k/8) in Q.16, k = 0 ... 48.
constexpr std::uint16_t nodes[49] = {0,     8150,  16051, 23485, 30285, 36346, 41625, 46131, 49912, 53038,
                                     55593, 57660, 59320, 60643, 61694, 62524, 63179, 63693, 64096, 64412,
                                     64659, 64852, 65003, 65120, 65212, 65283, 65339, 65383, 65417, 65443,
                                     65464, 65480, 65492, 65502, 65509, 65515, 65520, 65523, 65526, 65528,
                                     65530, 65531, 65532, 65533, 65534, 65534, 65535, 65535, 65535};

// Slope over one step of 1/8: (1 - y^2)/8, Q.20.
std::int32_t slope(std::uint32_t y) {
    return static_cast<std::int32_t>(((std::uint32_t{1} << 31) - ((y * y) >> 1)) >> 14);
}

} // namespace

// Cubic Hermite interpolation: tanh' = 1 - tanh^2, so the table of values is also the table of slopes. The error of
// the cubic, step^4/384 * max |tanh''''| = 2.6e-6, is a tenth of a unit of Q0.15.
std::int32_t detail::tanh_table(std::uint32_t a) {
    const std::uint32_t k = a >> 13;
    if (k >= 48) {
        return (std::int32_t{1} << 20) - 8; // tanh(6) = 1 - 1.2e-5
    }
    const auto t = static_cast<std::int32_t>(a & 0x1FFFu); // Q.13
    const std::int32_t y0 = nodes[k];
    const std::int32_t rise = (nodes[k + 1] - y0) * 16; // Q.20
    const std::int32_t m0 = slope(nodes[k]);
    const std::int32_t m1 = slope(nodes[k + 1]);
    std::int32_t p = m0 + m1 - 2 * rise;
    p = 3 * rise - 2 * m0 - m1 + half_up(p * t, 13);
    p = m0 + half_up(p * t, 13);
    return y0 * 16 + half_up(p * t, 13);
}

// (1 - e)/(1 + e), e = e^-2x = 2^(-x * 2/ln 2).
std::int32_t detail::tanh_division(std::uint32_t a) {
    constexpr std::int64_t log2_e = 1549082005;                            // 1/ln 2, Q2.30
    const std::int64_t octaves = -(static_cast<std::int64_t>(a) * log2_e); // of e^-2x in Q.53
    const std::int64_t whole = octaves >> 53;
    if (whole < -31) {
        return std::int32_t{1} << 30;
    }
    const auto fraction = static_cast<std::uint32_t>(octaves >> 23) & 0x3FFFFFFFu;
    const std::int64_t e =
        half_up(static_cast<std::int64_t>(exp2_mantissa(fraction)), static_cast<int>(-whole)); // Q.31
    constexpr std::int64_t one = std::int64_t{1} << 31;
    return static_cast<std::int32_t>(div_half_up<std::int64_t>((one - e) << 30, one + e));
}

} // namespace twinbit
