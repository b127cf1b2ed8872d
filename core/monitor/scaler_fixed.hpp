// Mean and deviation of raw features in fixed point, from exact integer sums.
//
//   mean = floor(sum / n + 1/2)                     n D = sum x^2 - 2 mean sum + n mean^2   (exact modulo 2^64)
//   z    = floor((raw - mean) gain 2^-shift + 1/2)  gain 2^-shift = 2^frac / sqrt(D), limited to +-8
//
// Scaling and overflow: |raw| < 2^23, so sum x^2 < 2^61 over 2^15 frames; later frames are not learned. gain has
// P::gain_bits bits and (raw - mean) 25: the product fits 56. A channel that moved by less than one raw unit counts as
// moving by one: so shift is never below 2.
//
// Block: i32 mean[d], i32 gain[d], i32 shift[d] (the basis); i64 sum[d], u64 square[d], u32 count, u32 zero.
#pragma once

#include "memory/untrusted.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

template <class P> struct Moments {
    using Sample = typename P::Sample;
    std::uint32_t mean, gain, shift, basis, sum, square, count, bytes;

    explicit Moments(std::uint32_t d) {
        Layout l;
        mean = l.add<std::int32_t>(d);
        gain = l.add<std::int32_t>(d);
        shift = l.add<std::int32_t>(d);
        basis = l.bytes();
        sum = l.add<std::int64_t>(d);
        square = l.add<std::uint64_t>(d);
        count = l.add<std::uint32_t>(2);
        bytes = l.bytes();
    }

    static constexpr std::uint32_t max_frames = raw_sum_frames;
    static constexpr int max_shift = 48;

    void add(std::uint8_t *block, std::uint32_t i, std::int32_t raw, std::uint32_t) const {
        at<std::int64_t>(block, sum)[i] += raw;
        at<std::uint64_t>(block, square)[i] += static_cast<std::uint64_t>(std::int64_t{raw} * raw);
    }

    void freeze(std::uint8_t *block, std::uint32_t i, std::uint32_t n) const {
        const std::int64_t total = at<std::int64_t>(block, sum)[i];
        const std::int64_t m = div_half_up<std::int64_t>(total, n);
        at<std::int32_t>(block, mean)[i] = static_cast<std::int32_t>(m);
        const auto um = static_cast<std::uint64_t>(m);
        const std::uint64_t scatter =
            at<std::uint64_t>(block, square)[i] - 2 * um * static_cast<std::uint64_t>(total) + n * um * um;
        set_gain(block, i, scatter < n ? n : scatter, n);
    }

    Sample apply(const std::uint8_t *block, std::uint32_t i, std::int32_t raw) const {
        const std::int64_t d = std::int64_t{raw} - at<std::int32_t>(block, mean)[i];
        const std::int64_t z = half_up(d * at<std::int32_t>(block, gain)[i], at<std::int32_t>(block, shift)[i]);
        const std::int64_t limit = P::sample_limit;
        return {static_cast<typename Sample::Rep>(z > limit ? limit : (z < -limit ? -limit : z))};
    }

    bool valid(const std::uint8_t *block, std::uint32_t d) const {
        constexpr std::int64_t sum_limit = std::int64_t{raw_limit} * max_frames;
        return all_within<std::int32_t>(block + mean, d, -raw_limit, raw_limit) && padding_zero<std::int32_t>(block, mean, d) &&
               all_within<std::int32_t>(block + gain, d, 0, INT32_MAX) && padding_zero<std::int32_t>(block, gain, d) &&
               all_within<std::int32_t>(block + shift, d, 0, max_shift) && padding_zero<std::int32_t>(block, shift, d) &&
               all_within<std::int64_t>(block + sum, d, -sum_limit, sum_limit) &&
               all_within<std::uint64_t>(block + square, d, 0, static_cast<std::uint64_t>(sum_limit) * raw_limit) &&
               all_within<std::uint32_t>(block + count, 1, 0, max_frames) && all_zero(block + count + 4, 4);
    }

  private:
    // gain 2^-shift = 2^frac / sqrt(scatter / n). scatter is raised to 63 or 64 bits first, so the root has 23 or more.
    void set_gain(std::uint8_t *block, std::uint32_t i, std::uint64_t scatter, std::uint32_t n) const {
        const int up = leading_zeros(scatter) & ~1;
        const std::uint32_t root = isqrt64((scatter << up) / n).root; // sqrt(D) 2^(up/2)
        const std::uint64_t inverse = (std::uint64_t{1} << 62) / root;
        const int bits = 64 - leading_zeros(inverse);
        const int down = bits - P::gain_bits;
        const auto raised = static_cast<std::int64_t>(down >= 0 ? inverse : inverse << -down);
        const std::int64_t g = half_up(raised, down >= 0 ? down : 0);
        constexpr std::int64_t most = (std::int64_t{1} << P::gain_bits) - 1;
        at<std::int32_t>(block, gain)[i] = static_cast<std::int32_t>(g > most ? most : g);
        at<std::int32_t>(block, shift)[i] = 62 - Sample::frac - up / 2 - down;
    }
};

} // namespace twinbit
