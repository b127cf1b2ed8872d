// The sums that a line through the means of blocks is made of: exact integers.
#pragma once

#include "monitor/health.hpp"
#include "numbers/divide.hpp"

namespace twinbit {

// floor(n / d + 1/2) for |n| < 2^62, 0 < d < 2^31.
inline std::int64_t rounded_quotient(std::int64_t n, std::uint32_t d) {
    const std::int64_t twice = 2 * n + d;
    return twice >= 0 ? static_cast<std::int64_t>(divide(static_cast<std::uint64_t>(twice), 2 * d))
                      : -static_cast<std::int64_t>(divide(static_cast<std::uint64_t>(2 * d - 1 - twice), 2 * d));
}

// The state may be forged: everything is limited on use.
struct HealthLine {
    std::uint32_t n;       // means
    std::uint32_t first;   // place of the oldest one
    std::uint32_t length;  // of a block
    std::uint32_t filled;  // frames after the last full block
    std::int64_t total;    // sum y, Q.24: below 2^36
    std::int64_t weighted; // sum (2 i - n + 1) y, Q.24: 2 sum x y, below 2^40

    explicit HealthLine(const Health &h)
        : n(h.blocks < health_blocks ? h.blocks : health_blocks),
          first(h.blocks < health_blocks ? 0 : h.blocks % health_blocks), length(length_of(h)),
          filled(h.filled < length ? h.filled : length - 1), total(0), weighted(0) {
        for (std::uint32_t i = 0; i < n; ++i) {
            const std::int64_t y = mean(h, i);
            total += y;
            weighted += y * (2 * static_cast<std::int32_t>(i) - static_cast<std::int32_t>(n) + 1);
        }
    }

    // Of the i-th oldest block.
    std::int32_t mean(const Health &h, std::uint32_t i) const { return h.mean[(first + i) % health_blocks]; }
    bool sloped() const { return n >= health_least; }
    // 12 sum x^2
    std::uint32_t twelve_squares() const { return n * (n * n - 1); }

  private:
    static std::uint32_t length_of(const Health &h) {
        constexpr std::uint32_t most = health_most_frames / health_blocks;
        return h.length == 0 ? 1 : (h.length < most ? h.length : most);
    }
};

} // namespace twinbit
