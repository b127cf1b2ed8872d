// The threshold rule, in integers.
#include "monitor/threshold.hpp"

#include "numbers/divide.hpp"
#include "numbers/fixed_log2.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t one = 65536;        // Q15.16
constexpr std::int32_t least_xi = -22938;  // -0.35
constexpr std::int32_t most_xi = 19661;    // 0.3
constexpr std::uint32_t bin_variance = 85; // of a bin of 2 half bins: 4 / 12, Q.8

// Moments of the excesses in half bins.
struct Tail {
    std::uint32_t mean;     // Q.16, below 2^25
    std::uint32_t square;   // of the mean, Q.8, below 2^26
    std::uint32_t variance; // Q.8, below 2^26
};

Tail tail_of(const Excesses &e) {
    const auto mean = static_cast<std::uint32_t>(divide(std::uint64_t{e.sum} << 16, e.count));
    const auto square = static_cast<std::uint32_t>((std::uint64_t{mean} * mean) >> 24);
    const auto squares = static_cast<std::uint32_t>(divide(std::uint64_t{e.squares} << 8, e.count));
    return {mean, square, squares > square + bin_variance ? squares - square : bin_variance};
}

// xi = 1/2 (1 - m^2 / v), Q15.16
std::int32_t shape_of(const Tail &t) {
    if (t.square >= 2 * t.variance) {
        return least_xi;
    }
    const std::int32_t xi = one / 2 - static_cast<std::int32_t>(divide(std::uint64_t{t.square} << 15, t.variance));
    return xi < least_xi ? least_xi : (xi > most_xi ? most_xi : xi);
}

// (2^(xi x) - 1) / xi for x = log2(k / (fa n)) in Q.16; 1/512 for |xi| below it, within 1 % for rates down to 1e-5.
std::uint32_t growth(std::int32_t xi, std::int32_t x) {
    constexpr std::int32_t small = one / 512;
    xi = xi > -small && xi < small ? small : xi;
    const std::uint32_t power = exp2_q16(static_cast<std::int32_t>((std::int64_t{xi} * x) >> 16));
    const std::uint64_t up = power > one ? power - one : one - power;
    return static_cast<std::uint32_t>(divide(up << 16, static_cast<std::uint32_t>(xi > 0 ? xi : -xi)));
}

// a b of numbers in Q.16, below 2^16.
std::uint32_t product(std::uint32_t a, std::uint32_t b) {
    return static_cast<std::uint32_t>((std::uint64_t{a} * b) >> 16);
}

// log2(k a), Q7.24: smoothing by a leaves about a k independent ones of k scores. From 1/16 on.
std::int32_t independent(std::int32_t log2_k, std::int32_t alpha) {
    const std::int32_t log2 = log2_k + log2_q24(static_cast<std::uint64_t>(alpha)) - (31 << 24);
    return log2 > -(4 << 24) ? log2 : -(4 << 24);
}

// over: fa n, Q.31
std::int32_t beyond_tail(const Histogram &h, std::uint32_t n, std::uint64_t over, std::int32_t alpha) {
    const Excesses e = top_tenth(h, n);
    const Tail t = tail_of(e);
    const std::int32_t xi = shape_of(t);
    const std::int32_t log2_k = log2_q24(std::uint64_t{e.count});
    const std::int32_t x = (log2_k - (log2_q24(over) - (31 << 24))) >> 8;
    const std::uint32_t caution = one + exp2_q16(-one - (independent(log2_k, alpha) >> 9)); // Q15.16
    const std::uint32_t sigma = product(product(t.mean, static_cast<std::uint32_t>(one - xi)), caution);
    const std::uint64_t above =
        (std::uint64_t{sigma} * growth(xi, x > 0 ? x : 0)) >> (32 - half_bin_shift(h)); // half bins, Q.32
    constexpr std::uint32_t most = 1u << 22;                                            // 64 octaves
    return e.edge + static_cast<std::int32_t>(above < most ? above : most);
}

} // namespace

std::int32_t threshold_for(const Histogram &h, std::int32_t rate, std::int32_t alpha) {
    const std::uint32_t n = total(h);
    const std::uint64_t over = static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(rate);
    if (over >= (std::uint64_t{10} << 31)) {
        return level_below(h, static_cast<std::uint32_t>(over >> 23));
    }
    return beyond_tail(h, n, over, alpha);
}

std::int32_t typical_score(const Histogram &h) { return level_below(h, total(h) * 128); }

} // namespace twinbit
