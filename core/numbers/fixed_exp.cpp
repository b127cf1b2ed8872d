// e^x as a power of two: see fixed_exp.hpp.
#include "numbers/fixed_exp.hpp"

namespace twinbit {

detail::Power detail::exp_parts(std::int32_t raw, int frac) {
    constexpr std::int64_t log2_e = 1549082005; // 1/ln 2, Q2.30
    const std::int64_t octaves = raw * log2_e;  // Q.(30 + frac), exact
    const auto fraction = static_cast<std::uint32_t>(octaves >> frac) & 0x3FFFFFFFu;
    const std::int64_t whole = octaves >> (frac + 30);
    // Beyond 64 octaves every format is at its end.
    const int exponent = static_cast<int>(whole > 64 ? 64 : (whole < -64 ? -64 : whole));
    return {exp2_mantissa(fraction), exponent};
}

} // namespace twinbit
