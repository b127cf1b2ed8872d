// Unsigned division by 32 bits: a routine for cores without a divider, one for cores that divide 32 bits, the machine's
// own elsewhere. Division is exact, so all give the same bits. On a Cortex-M0 it takes 330 or 620 instructions and 70
// bytes, on a Cortex-M4 60 and 140 bytes; the library's routines would take 800 bytes on both.
#pragma once

#include "numbers/bits.hpp"

namespace twinbit {

// floor(n / d), d > 0.
#if defined(__ARM_ARCH_6M__)
std::uint64_t divide(std::uint64_t n, std::uint32_t d);
inline std::uint32_t divide(std::uint32_t n, std::uint32_t d) {
    return static_cast<std::uint32_t>(divide(std::uint64_t{n}, d));
}
#elif defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
std::uint64_t divide(std::uint64_t n, std::uint32_t d);
constexpr std::uint32_t divide(std::uint32_t n, std::uint32_t d) { return n / d; }
#else
constexpr std::uint64_t divide(std::uint64_t n, std::uint32_t d) { return n / d; }
constexpr std::uint32_t divide(std::uint32_t n, std::uint32_t d) { return n / d; }
#endif

// The routines themselves, tested on every machine.
std::uint64_t divide_by_steps(std::uint64_t n, std::uint32_t d);
std::uint64_t divide_by_digits(std::uint64_t n, std::uint32_t d);

// floor(2^31 / d) for 2^15 <= d < 2^16. A quotient of 17 bits takes a Cortex-M0 a third of divide().
constexpr std::uint32_t reciprocal_by_steps(std::uint32_t d) {
    std::uint32_t rest = 1u << 14;
    std::uint32_t q = 0;
    for (int i = 0; i < 17; ++i) {
        rest <<= 1;
        q <<= 1;
        if (rest >= d) {
            rest -= d;
            q |= 1;
        }
    }
    return q;
}
#if defined(__ARM_ARCH_6M__)
constexpr std::uint32_t reciprocal(std::uint32_t d) { return reciprocal_by_steps(d); }
#else
constexpr std::uint32_t reciprocal(std::uint32_t d) { return (1u << 31) / d; }
#endif

// floor(n / d + 1/2) for -2^23 <= n / d < 2^23: the means of samples and of raw inputs. The bias 2^23 makes n positive
// without a branch, which no predictor could guess; other n give some number.
inline std::int64_t quotient_half_up(std::int64_t n, std::uint32_t d) {
    const std::uint64_t u = static_cast<std::uint64_t>(n) + (std::uint64_t{d} << 23);
    const std::uint64_t q = divide(u, d);
    const auto rest = static_cast<std::uint32_t>(u - q * d);
    return static_cast<std::int64_t>(q + (rest >= d - rest ? 1u : 0u)) - (1 << 23);
}

// Many divisions by one number, exact: a multiplication by m = floor((2^(32+s) - 1) / d), 2^s <= d < 2^(s+1), then at
// most one correction (Granlund & Montgomery, PLDI 1994): m >= (2^(32+s) - d) / d, so u m 2^-(32+s) lies at most
// u 2^-(32+s) < 2^-s below u / d.
class Reciprocal {
  public:
    explicit Reciprocal(std::uint32_t d)
        : d_(d), shift_(63 - leading_zeros(d)),
          m_(static_cast<std::uint32_t>(divide((std::uint64_t{1} << shift_) - 1, d))) {}

    // floor(u / d)
    std::uint32_t quotient(std::uint32_t u) const {
        auto q = static_cast<std::uint32_t>((std::uint64_t{u} * m_) >> shift_);
        q += u - q * d_ >= d_ ? 1u : 0u;
        return q;
    }

    // floor(n / d + 1/2) for -2^15 <= n / d < 2^15 - 1/2 and d <= 2^16. By a bias, as above; half of an odd d may be
    // rounded down, since n / d has no ties then.
    std::int32_t half_up(std::int32_t n) const {
        const std::uint32_t u = static_cast<std::uint32_t>(n) + (d_ << 15) + (d_ >> 1);
        return static_cast<std::int32_t>(quotient(u) - 32768u);
    }

  private:
    std::uint32_t d_;
    int shift_;
    std::uint32_t m_;
};

} // namespace twinbit
