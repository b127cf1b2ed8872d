// The one NaN that twinbit returns. Hardware differs in sign and payload of the NaNs it makes (x86: 0xFFC00000,
// ARM: 0x7FC00000), so functions never let one through.
#pragma once

#include "numbers/bits.hpp"

namespace twinbit {

inline constexpr std::uint32_t nan_bits = 0x7FC00000u;
inline constexpr std::uint32_t infinity_bits = 0x7F800000u;

inline float canonical_nan() { return bits_float(nan_bits); }
inline float infinity() { return bits_float(infinity_bits); }

} // namespace twinbit
