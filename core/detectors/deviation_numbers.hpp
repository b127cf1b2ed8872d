// What Deviation keeps of a channel, in each arithmetic: where its average stands, and sums.
//
//   Q15, Q31   s = sum x, q = sum x^2 of raw numbers (24 bits): exact integers, so merging is addition. The average e
//              is Q.16 of a raw unit; its sums take it rounded to raw units.
//   F32        s the running mean, q the scatter about it (Welford, Technometrics 4(3), 1962), merged as in Chan, Golub
//              & LeVeque 1979. An offset beyond 10^4 deviations costs accuracy: that is what the input's offset is for.
//
// Spreads and deviations are compared as base-2 logarithms in Q.24: by integers in every arithmetic, without a root.
//
// Scaling and overflow: |x| < 2^23, so q < 2^61 over 2^15 rows. e, m and their difference fit 41 bits. A channel that
// moved by less than one raw unit counts as moving by one; in F32 by 2^-20 of its mean, or 2^-60.
#pragma once

#include "detectors/fade.hpp"
#include "numbers/approach.hpp"
#include "numbers/divide.hpp"
#include "numbers/fixed_log2.hpp"
#include "numbers/policy.hpp"

namespace twinbit {

// Logarithms in Q.24, with room for sums of some.
using Log = std::int64_t;

template <class P> struct DeviationNumbers { // fixed point
    using Raw = std::int32_t;
    using Level = std::int64_t; // Q.16
    using Sum = std::int64_t;
    using Square = std::uint64_t;
    static constexpr std::uint32_t max_rows = raw_sum_frames;
    static constexpr int level_bits = 39;
    static constexpr int moved_bits = 40;
    static constexpr int sum_bits = 39; // one bit for the difference of two in a merge
    static constexpr int square_bits = 62;
    static constexpr bool exact = true;

    static Level level(Raw x) { return Level{x} * (1 << frac); }

    static void add(Sum &s, Square &q, Raw x, std::uint32_t) {
        s += x;
        q += static_cast<std::uint64_t>(std::int64_t{x} * x);
    }
    static void add_level(Sum &s, Square &q, Level e, std::uint32_t n) {
        add(s, q, static_cast<Raw>(half_up(e, frac)), n);
    }

    // Sums of f.whole values shrink; what they scatter about the mean, as bank_numbers.hpp.
    static void fade(Sum &s, Square &q, const Fade &f) {
        const Square left = faded(q - between(s, f.whole), f);
        s = faded(s, f);
        q = left + between(s, f.part);
    }

    // s / n; a forged sum may give any.
    static Level mean(Sum s, std::uint32_t n) {
        const std::uint64_t u = (static_cast<std::uint64_t>(s) << frac) + (std::uint64_t{n} << bias) + n / 2;
        return limited(static_cast<Level>(divide(u, n) - (std::uint64_t{1} << bias)));
    }
    static Level limited(Level m) {
        constexpr Level most = Level{raw_limit} << frac;
        return m > most ? most : (m < -most ? -most : m);
    }

    // log2 of the variance, of x (at least one unit's) or of e.
    static Log log_variance(Sum s, Square q, std::uint32_t n, bool least) {
        const std::uint64_t scatter = q - between(s, n);
        return Log{log2_q24(least && scatter < n ? n : scatter)} - log2_q24(std::uint64_t{n});
    }
    static Log log_of(Level d) { return Log{log2_q24(static_cast<std::uint64_t>(d < 0 ? -d : d))} - (Log{frac} << 24); }

    // Both with those of n_b rows of another image, of own n_a, in n; false where they leave the range.
    static bool merge(Sum &s, Square &q, Sum other_s, Square other_q, std::int64_t sign, std::uint32_t, std::uint32_t,
                      std::uint32_t n) {
        const auto u = static_cast<std::uint64_t>(sign);
        const Sum sum = s + sign * other_s; // both within 39 bits
        const Square square = q + u * other_q;
        const auto most = static_cast<std::int64_t>(n) * raw_limit;
        s = sum;
        q = square;
        return sum >= -most && sum <= most && square <= static_cast<std::uint64_t>(most) * raw_limit;
    }

  private:
    static constexpr int frac = 16;
    static constexpr int bias = 40; // makes means positive

    // What squares sum to by the mean alone: 2 m s - n m^2, m as rounded.
    static std::uint64_t between(Sum s, std::uint32_t n) {
        const auto m = static_cast<std::uint64_t>(half_up(mean(s, n), frac));
        return 2 * m * static_cast<std::uint64_t>(s) - n * m * m;
    }
};

template <> struct DeviationNumbers<F32> {
    using Raw = float;
    using Level = float;
    using Sum = float;
    using Square = float;
    static constexpr std::uint32_t max_rows = raw_sum_frames;
    static constexpr int level_bits = 49;
    static constexpr int moved_bits = 50;
    static constexpr int sum_bits = 49;
    static constexpr int square_bits = 120;
    static constexpr bool exact = false;

    static float level(float x) { return x; }

    static void add(float &s, float &q, float x, std::uint32_t n) {
        const float before = x - s;
        s += before / static_cast<float>(n);
        q += before * (x - s);
    }
    static void add_level(float &s, float &q, float e, std::uint32_t n) { add(s, q, e, n); }

    static void fade(float &, float &q, const Fade &f) { q = faded(q, f); }

    static float mean(float s, std::uint32_t) { return limited(s); }
    static float limited(float m) { return m > limit ? limit : (m < -limit ? -limit : m); }

    static Log log_variance(float s, float q, std::uint32_t n, bool least) {
        const float share = (s < 0 ? -s : s) * 0x1p-20f;
        const float unit = share > 0x1p-60f ? share : 0x1p-60f;
        const float floor = unit * unit * static_cast<float>(n);
        return Log{log2_q24(least && !(q > floor) ? floor : q)} - log2_q24(std::uint64_t{n});
    }
    static Log log_of(float d) { return Log{log2_q24(d < 0 ? -d : d)}; }

    static bool merge(float &s, float &q, float other_s, float other_q, std::int64_t, std::uint32_t own,
                      std::uint32_t other, std::uint32_t n) {
        if (n == 0) {
            return true;
        }
        const float e = other_s - s;
        const float part = static_cast<float>(other) / static_cast<float>(n);
        q += other_q + e * e * (static_cast<float>(own) * part);
        s += e * part;
        return q <= 0x1p120f;
    }

  private:
    static constexpr float limit = 0x1p48f;
};

} // namespace twinbit
