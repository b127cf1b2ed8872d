// Unsigned division by 32 bits: one routine for cores without a divider, the machine's own elsewhere. Division is
// exact, so both give the same bits. On a Cortex-M0 it takes 330 or 620 instructions and 70 bytes; its library's
// routines, which are
// faster, would take 800 bytes.
#pragma once

#include "numbers/assumptions.hpp"

#include <type_traits>

namespace twinbit {

// floor(n / d), d > 0.
#if defined(__ARM_ARCH_6M__)
std::uint64_t divide(std::uint64_t n, std::uint32_t d);
inline std::uint32_t divide(std::uint32_t n, std::uint32_t d) {
    return static_cast<std::uint32_t>(divide(std::uint64_t{n}, d));
}
#else
constexpr std::uint64_t divide(std::uint64_t n, std::uint32_t d) { return n / d; }
constexpr std::uint32_t divide(std::uint32_t n, std::uint32_t d) { return n / d; }
#endif

// The routine itself, tested on every machine.
std::uint64_t divide_by_steps(std::uint64_t n, std::uint32_t d);

// floor(n / d + 1/2) for signed n of 32 or 64 bits, 0 < d < 2^31: div_half_up() by way of divide().
template <class Int> inline Int quotient_half_up(Int n, std::uint32_t d) {
    using U = std::make_unsigned_t<Int>;
    const bool negative = n < 0;
    const U u = negative ? U{0} - static_cast<U>(n) : static_cast<U>(n);
    const U q = divide(u, d);
    const auto rest = static_cast<std::uint32_t>(u - q * d);
    const U rounded = q + (rest > d - rest || (rest == d - rest && !negative) ? 1u : 0u); // a tie goes up
    return static_cast<Int>(negative ? U{0} - rounded : rounded);
}

} // namespace twinbit
