// A column about its mean in 15 bits, and its sums, in integers.
//
//   c_i = floor((x_i - m) 2^g + 1/2), |c| < 2^15, where g = 15 - bits(max |x - m| + 1): block scaling, so a quiet
//   signal keeps its bits. For g > 0 the mean has g bits below the point; for g < 0 it is one less where rounding would
//   reach 2^15.
//
// Scaling and overflow, n <= 2^16, |x| < 2^23:
//   sum c^2 < 2^46           (c_i - c_(i-1))^2 < 2^32, their sum < 2^48         sum |c| < 2^31
//   q = half_up(c^2, 14) <= 2^16 - 4, so q^2 and c q fit 32 bits; sum q^2 < 2^48, |sum c q| < 2^47
//   sqrt(|c| 2^15) < 2^15, their sum < 2^31
#pragma once

#include "numbers/divide.hpp"
#include "numbers/fixed_scale.hpp"
#include "signal/octaves.hpp"

namespace twinbit {

template <class Raw> class Centred;

template <> class Centred<std::int32_t> {
    using O = Octaves<std::int32_t>;
    using Log = O::Log;

  public:
    // `sums`: not only the mean and the slope are asked for.
    Centred(const std::int32_t *column, std::uint32_t n, bool sums);

    std::int32_t mean() const { return mean_; }
    std::int32_t slope() const;
    bool flat() const { return most_ == 0; }
    Log scale() const { return O::whole(up_ - down_); } // octaves that c lies above x

    std::uint64_t peak() const { return sums_.peak; }
    std::uint64_t squares() const { return sums_.square; }
    std::uint64_t magnitudes() const { return sums_.magnitude; }
    std::uint64_t squared_differences() const { return sums_.difference; }
    std::uint64_t fourths() const { return sums_.fourth; } // sum of q^2
    static Log fourth_scale() { return O::whole(28); }
    std::uint64_t roots() const; // sum of sqrt(|c| 2^15)
    static Log root_scale() { return O::whole(15); }

    std::int32_t skewness(Log square) const; // Q.16; square = log2 of the mean of c^2
    std::int32_t crossings() const;          // Q.16

  private:
    struct Sums {
        std::uint64_t square, difference, fourth;
        std::int64_t third; // of c q
        std::uint32_t magnitude, crossings, peak;
    };

    void scale_by(std::int64_t sum);
    void add_up();
    std::int32_t at(std::uint32_t i) const {
        return (((x_[i] - mean_) * (1 << up_)) + bias_) >> down_; // one of up and down is 0
    }

    const std::int32_t *x_;
    std::uint32_t n_;
    std::int32_t mean_;
    std::int32_t most_; // max |x - m|
    int up_, down_;
    std::int32_t bias_; // half a unit of a shift down, or what the mean has below the point
    Sums sums_;
};

} // namespace twinbit
