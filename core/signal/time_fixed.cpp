// Sums of a column in integers: see time_fixed.hpp.
#include "signal/time_fixed.hpp"

#include "memory/bytes.hpp"

namespace twinbit {

namespace {

// floor(sqrt(v)) for v < 2^30, in 32 bits: the digits of isqrt64, half as many and half as wide.
std::uint32_t root30(std::uint32_t v) {
    std::uint32_t root = 0;
    for (std::uint32_t place = 1u << 28; place != 0; place >>= 2) {
        const std::uint32_t trial = root + place;
        root >>= 1;
        if (v >= trial) {
            v -= trial;
            root += place;
        }
    }
    return root;
}

} // namespace

Centred<std::int32_t>::Centred(const std::int32_t *column, std::uint32_t n, bool sums) : x_(column), n_(n) {
    std::int64_t sum = column[0];
    std::int32_t low = column[0];
    std::int32_t high = column[0];
    for (std::uint32_t i = 1; i < n; ++i) {
        const std::int32_t x = column[i];
        sum += x;
        low = x < low ? x : low;
        high = x > high ? x : high;
    }
    mean_ = static_cast<std::int32_t>(quotient_half_up(sum, n));
    most_ = high - mean_ > mean_ - low ? high - mean_ : mean_ - low;
    scale_by(sum);
    clear(sums_);
    if (sums) {
        add_up();
    }
}

void Centred<std::int32_t>::scale_by(std::int64_t sum) {
    const int g = 15 - (32 - leading_zeros(static_cast<std::uint32_t>(most_) + 1));
    up_ = g > 0 ? g : 0;
    down_ = g < 0 ? -g : 0;
    if (down_ > 0 && ((most_ + (1 << (down_ - 1))) >> down_) > INT16_MAX) {
        ++down_; // the largest would be rounded to 2^15, as a signal at the limit of 24 bits is
    }
    const std::int64_t rest = sum - std::int64_t{mean_} * n_; // |rest| <= n / 2
    bias_ = down_ > 0 ? 1 << (down_ - 1) : -static_cast<std::int32_t>(quotient_half_up(rest * (1 << up_), n_));
}

std::int32_t Centred<std::int32_t>::slope() const {
    const std::uint32_t half = n_ / 2;
    const std::int32_t *later = x_ + (n_ - half);
    std::int64_t sum = later[0] - x_[0];
    for (std::uint32_t i = 1; i < half; ++i) {
        sum += later[i] - x_[i];
    }
    const std::int64_t limit = std::int64_t{raw_limit} * half; // a step over the whole range has 25 bits
    return static_cast<std::int32_t>(quotient_half_up(sum > limit ? limit : (sum < -limit ? -limit : sum), half));
}

// All sums in one pass: to read a column again costs more than a sum nobody asked for. A number on the mean counts as
// above it.
void Centred<std::int32_t>::add_up() {
    Sums &s = sums_;
    std::int32_t before = at(0);
    for (std::uint32_t i = 0; i < n_; ++i) {
        const std::int32_t c = at(i);
        const auto size = static_cast<std::uint32_t>(c < 0 ? -c : c);
        const auto step = static_cast<std::uint32_t>(c - before); // its square is right modulo 2^32, and below
        const std::uint32_t square = size * size;
        const std::uint32_t scaled = (square + (1u << 13)) >> 14;
        s.peak = size > s.peak ? size : s.peak;
        s.magnitude += size;
        s.square += square;
        s.difference += step * step;
        s.fourth += scaled * scaled;
        s.third += c * static_cast<std::int32_t>(scaled);
        s.crossings += static_cast<std::uint32_t>(c ^ before) >> 31;
        before = c;
    }
}

std::uint64_t Centred<std::int32_t>::roots() const {
    std::uint32_t sum = 0;
    for (std::uint32_t i = 0; i < n_; ++i) {
        const std::int32_t c = at(i);
        sum += root30(static_cast<std::uint32_t>(c < 0 ? -c : c) << 15);
    }
    return sum;
}

// (1/n) sum u^3 / S^1.5 by logarithms: |sum c q| 2^14 / n over 2^(1.5 log2 S). At most sqrt(n) <= 256 (Hoelder), and
// limited to 24 bits, 128.
std::int32_t Centred<std::int32_t>::skewness(Log square) const {
    const std::int64_t sum = sums_.third;
    if (sum == 0) {
        return 0;
    }
    const Log size = O::log(static_cast<std::uint64_t>(sum < 0 ? -sum : sum)) + O::whole(14) - O::log(n_);
    const std::uint32_t v = exp2_q16(O::raw(size - square - O::half(square)));
    const std::int32_t limited = v > static_cast<std::uint32_t>(raw_limit) ? raw_limit : static_cast<std::int32_t>(v);
    return sum < 0 ? -limited : limited;
}

std::int32_t Centred<std::int32_t>::crossings() const {
    return static_cast<std::int32_t>(divide((sums_.crossings << 16) + (n_ - 1) / 2, n_ - 1));
}

} // namespace twinbit
