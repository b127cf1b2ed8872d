// Mean and deviation of raw features in fixed point, from exact integer sums.
//
//   mean = floor(sum / n + 1/2)                     n D = sum x^2 - 2 mean sum + n mean^2   (exact modulo 2^64)
//   z    = floor((raw - mean) gain 2^-shift + 1/2)  gain 2^-shift = 2^frac / sqrt(D), limited to +-8
//
// Scaling and overflow: |raw| < 2^23, so sum x^2 < 2^61 over 2^15 frames; later frames are not learned. gain has
// P::gain_bits bits and (raw - mean) 25: the product fits 56. A channel that moved by less than one raw unit counts as
// moving by one: so shift is never below 2.
//
// Block: i32 mean[d], i32 gain[d], i32 shift[d] (the basis); i64 sum[d], u64 square[d], u32 count.
#pragma once

#include "memory/fields.hpp"
#include "numbers/divide.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

template <class P> struct Moments {
    using Sample = typename P::Sample;

    enum : std::uint32_t { mean, gain, shift, sum, square, count, fields };
    static constexpr std::uint32_t basis = sum;
    static constexpr Field table[fields] = {
        {Type::i32, Many::d, both(23)}, {Type::i32, Many::d, positive(31)}, {Type::i32, Many::d, positive(6)},
        {Type::i64, Many::d, both(39)}, {Type::u64, Many::d, positive(62)}, {Type::u32, Many::one, positive(16)},
    };
    std::uint32_t offset[fields];

    explicit Moments(std::uint32_t d) { place(table, fields, {0, d}, offset); }

    template <class T> T &number(std::uint8_t *block, std::uint32_t field, std::uint32_t i) const {
        return at<T>(block, offset[field])[i];
    }

    static constexpr std::uint32_t max_frames = raw_sum_frames;

    // One frame of d raw features.
    void add(std::uint8_t *block, const std::int32_t *raw, std::uint32_t d, std::uint32_t) const {
        std::int64_t *sums = &number<std::int64_t>(block, sum, 0);
        std::uint64_t *squares = &number<std::uint64_t>(block, square, 0);
        for (std::uint32_t i = 0; i < d; ++i) {
            sums[i] += raw[i];
            squares[i] += static_cast<std::uint64_t>(std::int64_t{raw[i]} * raw[i]);
        }
    }

    void freeze(std::uint8_t *block, std::uint32_t i, std::uint32_t n) const {
        const std::int64_t total = number<std::int64_t>(block, sum, i);
        const auto m = static_cast<std::int32_t>(quotient_half_up(total, n)); // any 32 bits of a forged sum
        number<std::int32_t>(block, mean, i) = m;
        const auto um = static_cast<std::uint64_t>(std::int64_t{m});
        const std::uint64_t scatter =
            number<std::uint64_t>(block, square, i) - um * (2 * static_cast<std::uint64_t>(total) - n * um);
        set_gain(block, i, scatter < n ? n : scatter, n);
    }

    Sample apply(std::uint8_t *block, std::uint32_t i, std::int32_t raw) const {
        const std::int64_t d = std::int64_t{raw} - number<std::int32_t>(block, mean, i);
        const std::int64_t z = half_up(d * number<std::int32_t>(block, gain, i), number<std::int32_t>(block, shift, i));
        const std::int64_t limit = P::sample_limit;
        if (z > limit || z < -limit) {
            Sample::Clip::clipped();
        }
        return {static_cast<typename Sample::Rep>(z > limit ? limit : (z < -limit ? -limit : z))};
    }

  private:
    // gain 2^-shift = 2^frac / sqrt(scatter / n). scatter is raised to 63 or 64 bits first, so the root has 23 or more and
    // its inverse 31 to 40.
    void set_gain(std::uint8_t *block, std::uint32_t i, std::uint64_t scatter, std::uint32_t n) const {
        const int up = leading_zeros(scatter) & ~1;
        const std::uint32_t root = isqrt64(divide(scatter << up, n)).root; // sqrt(D) 2^(up/2)
        const std::uint64_t inverse = divide(std::uint64_t{1} << 62, root);
        const int bits = 64 - leading_zeros(inverse);
        const int down = bits - P::gain_bits;
        const auto g = static_cast<std::uint32_t>(half_up(inverse, down));
        constexpr std::uint32_t most = (1u << P::gain_bits) - 1;
        number<std::int32_t>(block, gain, i) = static_cast<std::int32_t>(g > most ? most : g);
        number<std::int32_t>(block, shift, i) = 62 - Sample::frac - up / 2 - down;
    }
};

} // namespace twinbit
