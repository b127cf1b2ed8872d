// Integer square root: see fixed_sqrt.hpp.
#include "numbers/fixed_sqrt.hpp"

namespace twinbit {

// Digit by digit, base 2: `root` holds the digits found, at the place where they belong in the doubled square.
Root isqrt64(std::uint64_t v) {
    std::uint64_t rest = v;
    std::uint64_t root = 0;
    std::uint64_t place = std::uint64_t{1} << 62; // the largest power of four not above v
    while (place > v) {
        place >>= 2;
    }
    while (place != 0) {
        const std::uint64_t trial = root + place;
        root >>= 1;
        if (rest >= trial) {
            rest -= trial;
            root += place;
        }
        place >>= 2;
    }
    return {static_cast<std::uint32_t>(root), rest};
}

std::uint64_t isqrt64_rounded(std::uint64_t v) {
    const Root r = isqrt64(v);
    return std::uint64_t{r.root} + (r.rest > r.root ? 1u : 0u); // (r + 1/2)^2 lies between r^2 + r and r^2 + r + 1
}

} // namespace twinbit
