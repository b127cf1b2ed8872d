// A hidden layer that is never stored: weights +-1 out of the seed, and a bias a unit.
//
//   h_j = g( 2^gain (w_j x + b_j) ),   w_ji = +-2^-k,  k = round(log2 sqrt(d)),  b_j uniform in +-1
//
// so that independent features of unit variance give a pre-activation of about unit variance at gain 0. Weights +-1
// score like uniform ones and take additions only. Unit j's row comes from a generator of its own, seeded by a hash
// of the recipe's seed and j: it first gives the bias, then 32 signs a number. So a unit is the same whatever the
// others are, and a pruned recipe finds its units by their numbers.
//
// Scaling: 2^k b is a multiple of 2^-12 in every arithmetic, 2^k (w x + b) an exact integer in units of the samples. It is rounded once to what activations take,
// Q15.16 or Q7.24 (neural.hpp), limited to the range of that. h is 16 bits of Q15 and 24 bits of Q31.
#pragma once

#include "linear/signs.hpp"
#include "numbers/float_scale.hpp"
#include "numbers/neural.hpp"

namespace twinbit {

// Fraction bits of a pre-activation and of a sample.
template <class P> inline constexpr int pre_places = 0;
template <class C> inline constexpr int pre_places<Q15With<C>> = 16;
template <class C> inline constexpr int pre_places<Q31With<C>> = 24;
template <class P> inline constexpr int sample_places = 0;
template <class C> inline constexpr int sample_places<Q15With<C>> = 12;
template <class C> inline constexpr int sample_places<Q31With<C>> = 20;

// 2^shift (sum + b 2^-12)
template <class P> inline std::int32_t pre_activation(std::int64_t sum, std::int32_t b, int shift) {
    constexpr int places = sample_places<P>;
    const std::int64_t whole = sum + b * (std::int64_t{1} << (places - 12));
    return round_into<Fixed<std::int32_t, pre_places<P>>>(whole, places - shift).raw;
}
template <class P> inline float pre_activation(float sum, std::int32_t b, int shift) {
    return (sum + static_cast<float>(b) * 0x1p-12f) * pow2(shift);
}

template <class P> class Hidden {
  public:
    using Pre = typename Neural<P>::Pre;
    using Value = typename Neural<P>::Value;

    // For one frame x.
    Hidden(std::uint32_t seed, Activation g, int gain, const typename P::Sample *x, std::uint32_t d)
        : seed_(mix32(seed)), g_(g), x_(x), d_(d), sum_(total(x, d)), k_((32 - leading_zeros(d)) / 2),
          shift_(gain - k_) {}

    // Unit j before its activation, which takes pre_places.
    Pre pre(std::uint32_t j) const {
        Random row(seed_ ^ j);
        const std::int32_t bias = static_cast<std::int32_t>(row.bits()) >> (19 - k_); // Q.12
        return pre_activation<P>(signed_sum(x_, d_, sum_, row), bias, shift_);
    }
    Value unit(std::uint32_t j) const { return Neural<P>::activate(g_, pre(j), pre_places<P>); }

  private:
    std::uint32_t seed_;
    Activation g_;
    const typename P::Sample *x_;
    std::uint32_t d_;
    decltype(total(static_cast<const typename P::Sample *>(nullptr), 0)) sum_;
    int k_, shift_;
};

} // namespace twinbit
