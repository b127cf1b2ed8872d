// A column about its mean, scaled by a power of two to a peak of 1 to 2, and its sums, in float32.
//
//   c_i = (x_i - m) 2^g. The scale is exact; it keeps fourth powers finite (|x| <= 2^49) and away from subnormals.
//
// Sums are in the order of linear/lanes.hpp. A peak below 2^-60 counts as flat.
#pragma once

#include "linear/lanes.hpp"
#include "numbers/float_sqrt.hpp"
#include "signal/time_fixed.hpp"

namespace twinbit {

template <> class Centred<float> {
    using O = Octaves<float>;

  public:
    Centred(const float *column, std::uint32_t n, bool sums);

    float mean() const { return mean_; }
    float slope() const;
    bool flat() const { return flat_; }
    float scale() const { return static_cast<float>(up_); }

    float peak() const;
    float squares() const;
    float magnitudes() const;
    float squared_differences() const;
    float fourths() const;
    static float fourth_scale() { return 0.0f; }
    float roots() const;
    static float root_scale() { return 0.0f; }

    float skewness(float) const;
    float crossings() const;

  private:
    float at(std::size_t i) const { return (x_[i] - mean_) * gain_; }
    float magnitude(std::size_t i) const {
        const float c = at(i);
        return c < 0 ? -c : c;
    }

    const float *x_;
    std::uint32_t n_;
    float mean_;
    float gain_; // 2^up
    int up_;
    bool flat_;
};

} // namespace twinbit
