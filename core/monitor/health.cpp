// Means of blocks, and the line through them.
#include "monitor/health.hpp"

#include "memory/bytes.hpp"
#include "monitor/health_line.hpp"
#include "numbers/round.hpp"

namespace twinbit {

namespace {

constexpr std::int64_t most_score = (std::int64_t{64} << 16) - 1; // its mean fits the range that images are checked for

// sum / n in Q.24.
std::int32_t mean_of(std::int64_t sum, std::uint32_t n) {
    const std::int64_t most = most_score * n;
    const std::int64_t limited = sum > most ? most : (sum < -most ? -most : sum);
    return static_cast<std::int32_t>(rounded_quotient(limited * 256, n));
}

std::int32_t limited(std::int64_t v) {
    return v > INT32_MAX ? INT32_MAX : (v < -INT32_MAX ? -INT32_MAX : static_cast<std::int32_t>(v));
}

} // namespace

bool count_health(Health &h, std::int32_t frames, std::int32_t smoothed) {
    const std::uint32_t length = static_cast<std::uint32_t>(frames) / health_blocks;
    if (h.length != length) {
        clear(h);
        h.length = length;
    }
    h.sum = static_cast<std::int64_t>(static_cast<std::uint64_t>(h.sum) +
                                      static_cast<std::uint64_t>(std::int64_t{smoothed})); // wraps if forged
    if (++h.filled < length) {
        return false;
    }
    h.mean[h.blocks % health_blocks] = mean_of(h.sum, length);
    h.sum = 0;
    h.filled = 0;
    h.blocks = h.blocks < 2 * health_blocks - 1 ? h.blocks + 1 : health_blocks;
    return h.blocks == health_blocks;
}

Trend trend_of(const Health &h) {
    const HealthLine l(h);
    if (h.length == 0 || l.n == 0) {
        return {0, 0, 0};
    }
    const std::int64_t mean = rounded_quotient(l.total, l.n);
    if (!l.sloped()) {
        return {l.n * l.length, static_cast<std::int32_t>(half_up(mean, 8)), 0};
    }
    // b = 6 weighted / (n (n^2 - 1)), Q.24 a block
    const std::uint32_t squares = l.twelve_squares();
    const std::int64_t ahead = rounded_quotient(rounded_quotient(6 * l.weighted, squares) * l.filled, l.length);
    const std::int64_t level = mean + rounded_quotient(3 * l.weighted, l.n * l.n - 1) + ahead;
    const std::int64_t fine = rounded_quotient(l.weighted * (6 << 16), squares); // Q.40 a block
    return {l.n * l.length, limited(half_up(level, 8)), limited(rounded_quotient(fine, l.length << 8))};
}

} // namespace twinbit
