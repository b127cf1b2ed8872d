// ADWIN's words by name, and its block as it lies in memory.
#pragma once

#include "adwin_reference.hpp"
#include "drift_bench.hpp"

namespace fixtures {

struct AdwinSetting {
    std::int32_t unit = 16, rows = 15, buckets = 5, delta = 4294967, clock = 32, min_window = 5, grace = 10, reset = 1;

    Words words() const { return {unit, rows, buckets, delta, clock, min_window, grace, reset}; }
    AdwinReference reference() const {
        AdwinReference r;
        r.delta = delta * 0x1p-31;
        r.clock = clock;
        r.buckets = buckets;
        r.min_window = min_window;
        r.grace = grace;
        r.reset = reset != 0;
        return r;
    }
};

// The block as it lies in memory (capi/IMAGE.md).
struct AdwinWindow {
    AdwinWindow(const Bytes &b, std::uint32_t rows, std::uint32_t buckets) {
        sum = get<std::int64_t>(b, 8);
        square = get<std::uint64_t>(b, 16);
        const std::size_t sums = 24 + twinbit::align8(rows);
        for (std::uint32_t r = rows; r-- > 0;) { // the oldest first
            for (std::uint32_t i = 0; i < b[24 + r]; ++i) {
                const std::size_t at = 8 * (std::size_t{r} * buckets + i);
                of.push_back({1u << r, get<std::int64_t>(b, sums + at),
                              get<std::uint64_t>(b, sums + 8 * std::size_t{rows} * buckets + at)});
                width += 1u << r;
            }
        }
    }
    struct Bucket {
        std::uint32_t n;
        std::int64_t sum;
        std::uint64_t square;
    };
    std::vector<Bucket> of;
    std::int64_t sum;
    std::uint64_t square;
    std::uint32_t width = 0;
};

// Levels that jump and drift, about an offset; in units of 2^-unit.
inline std::vector<std::int32_t> wandering(Random &random, int n, double offset, double spread, int unit) {
    std::vector<std::int32_t> x;
    double level = 0;
    double slope = 0;
    for (int i = 0, until = 0; i < n; ++i) {
        if (i == until) {
            const bool jumps = random.integer(0, 1) == 0;
            level += jumps ? spread * random.normal() : 0;
            slope = jumps ? 0 : 0.003 * spread * random.normal();
            until = i + random.integer(100, 2500);
        }
        level = std::max(-4 * spread, std::min(level + slope, 4 * spread));
        const double v = std::floor(std::ldexp(offset + level + spread * random.normal(), unit) + 0.5);
        x.push_back(static_cast<std::int32_t>(std::max(-double{value_limit}, std::min(v, double{value_limit}))));
    }
    return x;
}

} // namespace fixtures
