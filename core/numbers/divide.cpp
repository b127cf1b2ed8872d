// Long division in base 2: the quotient's bits push the dividend's out of one register pair.
#include "numbers/divide.hpp"

namespace twinbit {

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

#if defined(__ARM_ARCH_6M__)
std::uint64_t divide(std::uint64_t n, std::uint32_t d) { return divide_by_steps(n, d); }
#endif

} // namespace twinbit
