// Sums of a column in float32: see time_float.hpp.
#include "signal/time_float.hpp"

#include "numbers/float_scale.hpp"
#include "signal/column.hpp"

namespace twinbit {

namespace {

constexpr int least_up = 60; // a flat window counts as scaled by this much

// Exponent of a positive normal number: 2^e <= x < 2^(e + 1).
int exponent_of(float x) { return static_cast<int>(float_bits(x) >> 23) - 127; }

} // namespace

Centred<float>::Centred(const float *column, std::uint32_t n, bool) : x_(column), n_(n) {
    mean_ = mean_of(column, n);
    float most = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        const float d = column[i] - mean_;
        const float size = d < 0 ? -d : d;
        most = size > most ? size : most;
    }
    flat_ = most < 0x1p-60f;
    up_ = flat_ ? least_up : -exponent_of(most);
    gain_ = pow2(up_);
}

float Centred<float>::slope() const {
    const std::size_t half = n_ / 2;
    const float *x = x_;
    const float *later = x_ + (n_ - half);
    return lane_sum(half, [x, later](std::size_t i) { return later[i] - x[i]; }) / static_cast<float>(half);
}

float Centred<float>::peak() const {
    float most = 0;
    for (std::uint32_t i = 0; i < n_; ++i) {
        const float c = magnitude(i);
        most = c > most ? c : most;
    }
    return most;
}

float Centred<float>::squares() const {
    return lane_sum(n_, [this](std::size_t i) { return at(i) * at(i); });
}

float Centred<float>::magnitudes() const {
    return lane_sum(n_, [this](std::size_t i) { return magnitude(i); });
}

float Centred<float>::squared_differences() const {
    return lane_sum(n_ - 1, [this](std::size_t i) {
        const float d = at(i + 1) - at(i);
        return d * d;
    });
}

float Centred<float>::fourths() const {
    return lane_sum(n_, [this](std::size_t i) {
        const float square = at(i) * at(i);
        return square * square;
    });
}

float Centred<float>::roots() const {
    return lane_sum(n_, [this](std::size_t i) { return sqrt(magnitude(i)); });
}

float Centred<float>::skewness(float) const {
    const auto n = static_cast<float>(n_);
    const float third = lane_sum(n_, [this](std::size_t i) { return at(i) * at(i) * at(i); }) / n;
    const float square = squares() / n;
    return third / (square * sqrt(square));
}

// A number on the mean counts as above it.
float Centred<float>::crossings() const {
    std::uint32_t count = 0;
    for (std::uint32_t i = 1; i < n_; ++i) {
        count += (at(i) < 0) != (at(i - 1) < 0) ? 1u : 0u;
    }
    return static_cast<float>(count) / static_cast<float>(n_ - 1);
}

} // namespace twinbit
