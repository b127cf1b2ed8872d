// The only source of randomness: a generator with 4 bytes of state, seeded in the recipe, the same on every target.
#pragma once

#include "numbers/bits.hpp"

namespace twinbit {

// Hash of 32 bits, a bijection ("lowbias32" of C. Wellons, hash-prospector, 2018). Two 32-bit multiplications, which a
// Cortex-M0 has in hardware. Also the way to get the n-th number of a sequence without its predecessors.
constexpr std::uint32_t mix32(std::uint32_t x) {
    x ^= x >> 16;
    x *= 0x7FEB352Du;
    x ^= x >> 15;
    x *= 0x846CA68Bu;
    return x ^ (x >> 16);
}

// SplitMix on 32 bits (Steele, Lea, Flood, 2014): the hash of a counter that steps by the golden ratio. Period 2^32.
// Seeds choose a place on one cycle (hashed, so that neighbouring seeds lie far apart); enough for start centroids,
// hidden layers and bootstraps, not for cryptography.
class Random {
  public:
    constexpr explicit Random(std::uint32_t seed) : state_(mix32(seed)) {}

    // 32 uniform bits; also 32 signs for who wants them packed.
    constexpr std::uint32_t bits() {
        state_ += 0x9E3779B9u;
        return mix32(state_);
    }

    // Uniform in 0 ... n - 1, exactly (rejection on the smallest covering power of two: under 2 draws on average).
    // n = 0 gives 0. For n <= 1 nothing is drawn.
    constexpr std::uint32_t below(std::uint32_t n) {
        if (n <= 1) {
            return 0;
        }
        const int shift = leading_zeros(n - 1);
        std::uint32_t v = bits() >> shift;
        while (v >= n) {
            v = bits() >> shift;
        }
        return v;
    }

    // +1 or -1, each with probability 1/2 (the top bit of one draw).
    constexpr std::int32_t sign() { return 1 - 2 * static_cast<std::int32_t>(bits() >> 31); }

    // All there is to keep in an image, and the way back.
    constexpr std::uint32_t state() const { return state_; }
    static constexpr Random from_state(std::uint32_t state) {
        Random r(0);
        r.state_ = state;
        return r;
    }

  private:
    std::uint32_t state_;
};

} // namespace twinbit
