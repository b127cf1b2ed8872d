// The threshold rule, in integers.
#include "monitor/threshold.hpp"

#include "numbers/fixed_log2.hpp"
#include "numbers/fixed_sqrt.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t one = 65536;         // Q15.16
constexpr std::int32_t least_xi = -one / 4; // Q15.16
constexpr std::int32_t most_xi = 19661;     // 0.3
constexpr std::int64_t bin_variance = 21845; // of 1/8 octave, in (1/16 octave)^2, Q.16: (2 / 16)^2 / 12 = (1/3) / 256
constexpr std::int32_t tail_rate = 214748365; // 0.1 in Q0.31
constexpr std::int32_t ln2 = 45426;         // Q.16

// Moments of the excesses in 1/16 octave, Q.16.
struct Tail {
    std::int64_t mean;
    std::int64_t variance;
    std::uint32_t count;
};

Tail tail_of(const Excesses &e) {
    const auto k = static_cast<std::int64_t>(e.count);
    const auto mean = static_cast<std::int64_t>(e.sum << 16) / k;
    const std::int64_t variance = static_cast<std::int64_t>(e.squares << 16) / k - ((mean * mean) >> 16);
    return {mean, variance > bin_variance ? variance : bin_variance, e.count};
}

// xi = 1/2 (1 - m^2 / v), Q15.16
std::int32_t shape_of(const Tail &t) {
    const std::int64_t ratio = ((t.mean * t.mean) >> 16) * one / t.variance;
    const std::int64_t xi = (one - ratio) / 2;
    return static_cast<std::int32_t>(xi < least_xi ? least_xi : (xi > most_xi ? most_xi : xi));
}

// (2^(xi x) - 1) / xi for x = log2(0.1 / fa) in Q.16; near xi = 0 its series in L = x ln 2: L (1 + xi L / 2 + (xi L)^2 / 6).
std::int64_t growth(std::int32_t xi, std::int64_t x) {
    constexpr std::int32_t small = one / 64;
    if (xi > -small && xi < small) {
        const std::int64_t l = (x * ln2) >> 16;
        const std::int64_t a = (xi * l) >> 16;
        return l + ((l * (a / 2 + ((a * a) >> 16) / 6)) >> 16);
    }
    const std::int64_t power = exp2_q16(static_cast<std::int32_t>((xi * x) >> 16));
    return (power - one) * one / xi;
}

// 1 + 1/2 / sqrt k, Q15.16
std::int64_t caution(std::uint32_t k) {
    const std::uint32_t root_q8 = isqrt64(std::uint64_t{k} << 16).root;
    return one + (std::int64_t{1} << 23) / root_q8;
}

std::int32_t beyond_tail(const Histogram &h, std::uint32_t n, std::int32_t rate) {
    const std::int32_t edge = upper_edge(h, n - n / 10);
    const Excesses e = excesses(h, edge);
    if (e.count == 0) { // the top tenth shares one bin
        return edge;
    }
    const Tail t = tail_of(e);
    const std::int32_t xi = shape_of(t);
    const std::int64_t x = (std::int64_t{log2_q24(std::uint64_t{tail_rate})} - log2_q24(static_cast<std::uint64_t>(rate))) >> 8;
    const std::int64_t sigma = ((t.mean * (one - xi)) >> 16) * caution(t.count) >> 16;
    const std::int64_t v = edge + ((sigma * growth(xi, x > 0 ? x : 0)) >> 20); // 1/16 octave, Q.16 times Q.16
    return v > INT32_MAX / 4 ? INT32_MAX / 4 : static_cast<std::int32_t>(v);
}

} // namespace

std::int32_t threshold_for(const Histogram &h, std::int32_t rate) {
    const std::uint32_t n = total(h);
    if (n == 0) {
        return INT32_MIN;
    }
    const std::uint64_t over = static_cast<std::uint64_t>(n) * static_cast<std::uint64_t>(rate); // fa n, Q.31
    if (over >= (std::uint64_t{10} << 31)) {
        return upper_edge(h, n - static_cast<std::uint32_t>(over >> 31));
    }
    return beyond_tail(h, n, rate);
}

std::int32_t typical_score(const Histogram &h) {
    const std::uint32_t n = total(h);
    return n == 0 ? INT32_MIN : upper_edge(h, (n + 1) / 2) - one / 16;
}

} // namespace twinbit
