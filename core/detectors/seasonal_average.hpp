// Exponential averages of raw numbers, and averages on a scale of 16 bits: what seasonal, boxes and univariate are made
// of. Q15 and Q31 have the same raw numbers, so they share one form.
//
//   toward(a, x, n)      a + (x - a) / n: with n = 1, 2, 3 ... the mean so far, with n fixed an exponential average
//   ratio(e, s)          e / s, limited to +-limit
//   exponent(range)      the power of two that brings numbers within `range` of an origin to 15 bits
//   coordinate(v, e)     v 2^-e as one of 16 bits, limited to +-32767
//
// Fixed point: averages are int64 in Q.16 of a raw number, below 2^41; 1 / n is rounded to Q0.20, so the product stays
// below 2^42 2^20. A ratio is in Q.16 too: it can be averaged like a raw number.
#pragma once

#include "numbers/divide.hpp"
#include "numbers/fixed_log2.hpp"
#include "numbers/policy.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

// Scores where nothing deviates, octaves in Q15.16.
inline constexpr std::int32_t least_octaves = -(32 << 16);
// Deviations are limited to so many spreads; those that are learned from, to fewer.
inline constexpr int ratio_limit = 8;
inline constexpr int learn_limit = 4;

inline std::int16_t limit_16(std::int32_t v) {
    return static_cast<std::int16_t>(v > 32767 ? 32767 : (v < -32767 ? -32767 : v));
}

// a + (x - a) / n for whole numbers below 2^41.
inline std::int64_t whole_toward(std::int64_t a, std::int64_t x, std::uint32_t n) {
    const std::uint32_t rate = divide((1u << 20) + n / 2, n);
    return a + half_up((x - a) * static_cast<std::int64_t>(rate), 20);
}

template <class P> struct Average {
    using State = std::int64_t;
    static constexpr int bits = 41;
    static constexpr int frac = 16;

    static State of(std::int32_t raw) { return State{raw} * (1 << frac); }
    static State toward(State a, State x, std::uint32_t n) { return whole_toward(a, x, n); }
    static State magnitude(State a) { return a < 0 ? -a : a; }
    static State limited(State e, State s, int limit) {
        return e > limit * s ? limit * s : (e < -limit * s ? -limit * s : e);
    }
    static State ratio(State e, State s) {
        auto n = static_cast<std::uint64_t>(magnitude(limited(e, s, ratio_limit)));
        auto d = static_cast<std::uint64_t>(s);
        const int zeros = leading_zeros(d);
        if (zeros < 33) { // a divisor of 31 bits is as fine as the quotient needs
            d >>= 33 - zeros;
            n >>= 33 - zeros;
        }
        const auto q = static_cast<std::int64_t>(divide(n << frac, static_cast<std::uint32_t>(d)));
        return e < 0 ? -q : q;
    }
    // share a + (1 - share) b, share in Q0.16, both below 2^41
    static State blend(State a, State b, std::int32_t share) { return half_up(a * share + b * (65536 - share), 16); }
    // 5/4 of a mean magnitude, about a standard deviation, and 2^-10 of the range; above 0, in forged images too
    static State spread(State mean, State range) {
        const State s = mean + half_up(mean, 2) + half_up(range, 10) + 1;
        return s > 0 ? s : 1;
    }

    static int exponent(State range) {
        const int e = 64 - leading_zeros(static_cast<std::uint64_t>(range)) - frac - 15;
        return e < 1 - frac ? 1 - frac : e;
    }
    static std::int16_t coordinate(State v, int e) { // |v| < 2^42, e in -15 ... 12
        const State r = half_up(v, frac + e);
        return limit_16(static_cast<std::int32_t>(r > 32767 ? 32767 : (r < -32767 ? -32767 : r)));
    }
    // Octaves of a ratio's magnitude.
    static std::int32_t octaves(State a) {
        const auto m = static_cast<std::uint64_t>(magnitude(a));
        return m == 0 ? least_octaves : half_up(log2_q24(m), 8) - (frac << 16);
    }
    // A time of day of 23 bits as one of `bins`.
    static std::uint32_t bin(std::int32_t phase, std::uint32_t bins) {
        const std::uint32_t turn = static_cast<std::uint32_t>(phase) & 0x7FFFFFu;
        return (turn * bins) >> 23; // bins <= 96: below 2^30
    }
};

template <> struct Average<F32> {
    using State = float;
    static constexpr int bits = 50;

    static State of(float raw) { return raw; }
    static State toward(State a, State x, std::uint32_t n) {
        return a + (x - a) * (1.0f / static_cast<float>(static_cast<std::int32_t>(n)));
    }
    static State magnitude(State a) { return a < 0.0f ? -a : a; }
    static State limited(State e, State s, int limit) {
        const float most = static_cast<float>(limit) * s;
        return e > most ? most : (e < -most ? -most : e);
    }
    static State ratio(State e, State s) { return limited(e, s, ratio_limit) / s; }
    static State blend(State a, State b, std::int32_t share) {
        const float w = static_cast<float>(share) * 0x1p-16f;
        return a * w + b * (1.0f - w);
    }
    static State spread(State mean, State range) {
        const float s = mean * 1.25f + range * 0x1p-10f;
        return s > 0x1p-60f ? s : 0x1p-60f;
    }

    static int exponent(State range) {
        const int e = static_cast<int>((float_bits(range) >> 23) & 255u) - 127 - 14;
        return e < -63 ? -63 : e;
    }
    static std::int16_t coordinate(State v, int e) { return limit_16(quantise(v, -e)); }
    static std::int32_t octaves(State a) {
        const float m = magnitude(a);
        return m < 0x1p-32f ? least_octaves : half_up(log2_q24(m), 8);
    }
    static std::uint32_t bin(float phase, std::uint32_t bins) {
        const auto turn = static_cast<std::uint32_t>(quantise(phase, 23)) & 0x7FFFFFu;
        return (turn * bins) >> 23;
    }
};

// What one unit of a coordinate is of `range`, 1 = 2^26.
template <class P> std::uint32_t coordinate_gain(typename Average<P>::State range, int e) {
    const std::int16_t units = Average<P>::coordinate(range, e); // 2^14 ... 2^15 - 1, or 0 of nothing
    return units > 0 ? divide(std::uint32_t{1} << 26, static_cast<std::uint32_t>(units)) : std::uint32_t{1} << 12;
}

// Words that are frames.
inline constexpr std::int32_t max_frames = 1 << 20;

inline bool frames_ok(const std::int32_t *words, std::uint32_t count) {
    for (std::uint32_t i = 0; i < count; ++i) {
        if (words[i] < 1 || words[i] > max_frames) {
            return false;
        }
    }
    return true;
}

// One more frame, without ever coming back to 0.
inline std::uint32_t one_more(std::uint32_t n) { return n < UINT32_MAX - 1 ? n + 1 : n; }

// n frames, at most `most`: what toward() divides by.
inline std::uint32_t at_most(std::uint32_t n, std::int32_t most) {
    const auto limit = static_cast<std::uint32_t>(most);
    return n < limit ? n : limit;
}

} // namespace twinbit
