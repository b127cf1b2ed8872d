// Detrending: see column.hpp.
#include "signal/column.hpp"

#include "linear/lanes.hpp"
#include "numbers/divide.hpp"

namespace twinbit {

namespace {

constexpr int line_bits = 24; // below the point, of a line's value and slope

std::int32_t limited(std::int32_t v) { return v > raw_limit ? raw_limit : (v < -raw_limit ? -raw_limit : v); }

std::uint64_t magnitude(std::int64_t v) { return static_cast<std::uint64_t>(v < 0 ? -v : v); }

std::int64_t signed_as(std::int64_t sign, std::uint64_t v) {
    return sign < 0 ? -static_cast<std::int64_t>(v) : static_cast<std::int64_t>(v);
}

void take_mean(std::int32_t *x, std::uint32_t n) {
    std::int64_t sum = x[0];
    for (std::uint32_t i = 1; i < n; ++i) {
        sum += x[i];
    }
    const auto mean = static_cast<std::int32_t>(quotient_half_up(sum, n));
    for (std::uint32_t i = 0; i < n; ++i) {
        x[i] = limited(x[i] - mean);
    }
}

// moment / (n (n^2 - 1) / 3). The divisor has up to 49 bits: it divides in two steps. 3 * 2^54 * 2^7 < 2^63, and what
// is left, below 3 * 2^29 n, leaves room for 17 more. n^2 - 1 is right at n = 2^16, too: 2^32 - 1.
std::int64_t slope_of(std::int64_t moment, std::uint32_t n) {
    constexpr int first = 7;
    const std::uint64_t q = divide((3 * magnitude(moment)) << first, n) << (line_bits - first);
    return signed_as(moment, divide(q, n * n - 1));
}

void take_line(std::int32_t *x, std::uint32_t n) {
    if (n < 2) {
        return; // no line; and no window is that short
    }
    const auto first = 1 - static_cast<std::int32_t>(n); // t_0
    std::int64_t sum = x[0];
    std::int64_t moment = std::int64_t{first} * x[0];
    std::int32_t t = first;
    for (std::uint32_t i = 1; i < n; ++i) {
        t += 2;
        sum += x[i];
        moment += std::int64_t{t} * x[i];
    }
    const std::int64_t slope = slope_of(moment, n);
    std::int64_t line = signed_as(sum, divide(magnitude(sum) << line_bits, n)) + slope * first;
    for (std::uint32_t i = 0; i < n; ++i, line += 2 * slope) {
        x[i] = limited(x[i] - static_cast<std::int32_t>(half_up(line, line_bits))); // |line| <= 2^24
    }
}

void take_mean(float *x, std::uint32_t n) {
    const float mean = mean_of(x, n);
    for (std::uint32_t i = 0; i < n; ++i) {
        x[i] -= mean;
    }
}

void take_line(float *x, std::uint32_t n) {
    take_mean(x, n);
    const auto count = static_cast<float>(n);
    const float first = 1.0f - count;
    const float moment =
        lane_sum(n, [x, first](std::size_t i) { return (first + 2.0f * static_cast<float>(i)) * x[i]; });
    const float slope = moment / (count * (count * count - 1.0f) / 3.0f);
    for (std::uint32_t i = 0; i < n; ++i) {
        x[i] -= slope * (first + 2.0f * static_cast<float>(i));
    }
}

template <class Raw> void take(Raw *column, std::uint32_t n, Detrend how) {
    if (how == Detrend::mean) {
        take_mean(column, n);
    } else if (how == Detrend::line) {
        take_line(column, n);
    }
}

} // namespace

float mean_of(const float *x, std::uint32_t n) {
    const float rough = lane_sum(n, [x](std::size_t i) { return x[i]; }) / static_cast<float>(n);
    return rough + lane_sum(n, [x, rough](std::size_t i) { return x[i] - rough; }) / static_cast<float>(n);
}

void detrend(std::int32_t *column, std::uint32_t n, Detrend how) { take(column, n, how); }
void detrend(float *column, std::uint32_t n, Detrend how) { take(column, n, how); }

} // namespace twinbit
