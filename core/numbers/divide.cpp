// Long division in base 2 and in base 2^16.
#include "numbers/divide.hpp"

namespace twinbit {

// The quotient's bits push the dividend's out of one register pair.
std::uint64_t divide_by_steps(std::uint64_t n, std::uint32_t d) {
    int steps = 64;
    if ((n >> 32) == 0) { // the upper half of the quotient is 0
        n <<= 32;
        steps = 32;
    }
    std::uint32_t rest = 0;
    for (; steps > 0; --steps) {
        const bool carry = (rest >> 31) != 0;
        rest = (rest << 1) | static_cast<std::uint32_t>(n >> 63);
        n <<= 1;
        if (carry || rest >= d) {
            rest -= d;
            n |= 1;
        }
    }
    return n;
}

// A digit of 16 bits from the one 32-bit division that is near it, never below and two too large at most, since d has
// its upper bit set (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D).
std::uint64_t divide_by_digits(std::uint64_t n, std::uint32_t d) {
    const auto high = static_cast<std::uint32_t>(n >> 32);
    const std::uint32_t first = high / d;
    const int up = leading_zeros(d);
    std::uint64_t rest = (n - (std::uint64_t{first * d} << 32)) << up; // less than d 2^32
    d <<= up;
    std::uint64_t quotient = first;
    for (int i = 0; i < 2; ++i) {
        const auto top = static_cast<std::uint32_t>(rest >> 32);
        const auto three = static_cast<std::uint32_t>(rest >> 16); // digits, modulo 2^32
        std::uint32_t digit = top / (d >> 16);
        std::uint32_t left = top - digit * (d >> 16);
        while (left < 65536 && (digit > 65535 || digit * (d & 65535) > ((left << 16) | (three & 65535)))) {
            --digit;
            left += d >> 16;
        }
        rest = (std::uint64_t{three - digit * d} << 32) | static_cast<std::uint32_t>(rest << 16);
        quotient = (quotient << 16) | digit;
    }
    return quotient;
}

#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M' && !defined(__ARM_ARCH_6M__)
std::uint64_t divide(std::uint64_t n, std::uint32_t d) { return divide_by_digits(n, d); }
#endif

#if defined(__ARM_ARCH_6M__)
std::uint64_t divide(std::uint64_t n, std::uint32_t d) { return divide_by_steps(n, d); }
#endif

} // namespace twinbit
