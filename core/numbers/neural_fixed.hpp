// Roles of neural.hpp in fixed point.
//
// Rounding: each product is exact, rounded once, half up, then limited and the limit counted by Clip. A step is a
// factor that errors are multiplied with, so its mantissa is cut, not rounded: off by less than 2^-13 (Q15) or 2^-29
// (Q31).
#pragma once

#include "numbers/divide.hpp"
#include "numbers/fixed_scale.hpp"
#include "numbers/neural.hpp"
#include "numbers/tanh_q15.hpp"

namespace twinbit {

// mantissa 2^-exponent, from 0 to 1/2.
struct FixedStep {
    std::int32_t mantissa;
    int exponent;
};

// What both have in common: Q4.27 weights.
template <class C> struct NeuralFixed {
    using Weight = std::int32_t;
    using Pre = std::int32_t;
    using Delta = std::int32_t;
    using Gradient = std::int32_t;
    using Step = FixedStep;

    static std::int32_t limited(std::int32_t v, std::int32_t limit) {
        if (v > limit || v < -limit) {
            C::clipped();
            return v < 0 ? -limit : limit;
        }
        return v;
    }

    static std::int32_t weight(std::int32_t q27) { return q27; }

    // v share, a share in Q0.31, rounded toward 0: half up would hold a momentum up for ever that nothing feeds, and
    // its weight would drift.
    static std::int32_t part(std::int32_t v, std::int32_t share) {
        const std::int64_t p = std::int64_t{v} * share;
        return static_cast<std::int32_t>((p + (p < 0 ? INT32_MAX : 0)) >> 31);
    }
    static std::int32_t kept(std::int32_t v, std::int32_t keep) { return part(v, keep); }
    static std::int32_t decayed(std::int32_t w, std::int32_t decay) { return w - part(w, decay); }
    static std::int32_t sum(std::int32_t w, std::int32_t m) { // shorter than by 64 bits
        std::int32_t s = 0;
        if (__builtin_add_overflow(w, m, &s)) {
            C::clipped();
            return w < 0 ? INT32_MIN : INT32_MAX;
        }
        return s;
    }

    // Counts what kernels limited: those of one chip or another can't.
    template <class T> static void note_limits(const T *v, std::uint32_t n, T limit = INT32_MAX) {
        for (std::uint32_t i = 0; i < n; ++i) {
            if (v[i] >= limit || v[i] <= -limit) {
                C::clipped();
            }
        }
    }
};

template <class C> struct Neural<Q15With<C>> : NeuralFixed<C> {
    using Base = NeuralFixed<C>;
    using Sample = typename Q15With<C>::Sample;
    using Value = std::int16_t;
    using Error = std::int16_t;
    static constexpr int sample_places = 12, error_places = 11, delta_places = 13;
    static constexpr int places_of(bool unit) { return unit ? 15 : sample_places; }
    static constexpr int pre_places(bool unit) { return unit ? 16 : 14; } // room for 1023 inputs (dense_fixed.hpp)
    static constexpr Error error_limit = INT16_MAX;

    // z with 14 to 16 fraction bits
    static void activate(Activation a, const std::int32_t *z, std::int16_t *v, std::uint32_t n, int places) {
        if (!is_unit(a)) {
            for (std::uint32_t i = 0; i < n; ++i) {
                const std::int32_t y = a == Activation::relu && z[i] < 0 ? 0 : z[i];
                v[i] = static_cast<std::int16_t>(Base::limited(half_up(y, places - 12), INT16_MAX));
            }
            return;
        }
        const bool sigmoid = a == Activation::sigmoid; // (1 + tanh(z / 2)) / 2
        tanh_q15(z, v, n, sigmoid ? places + 1 : places);
        for (std::uint32_t i = 0; sigmoid && i < n; ++i) {
            v[i] = static_cast<std::int16_t>((v[i] + 32768) >> 1); // down: 1 is not in Q0.15
        }
    }
    static std::int16_t activate(Activation a, std::int32_t z, int places) {
        std::int16_t v;
        activate(a, &z, &v, 1, places);
        return v;
    }

    // Q.15, at most 1
    static std::int32_t slope(Activation a, std::int32_t v) {
        switch (a) {
        case Activation::tanh:
            return half_up((1 << 30) - v * v, 15);
        case Activation::sigmoid:
            return half_up(v * (32768 - v), 15);
        default:
            return a == Activation::relu && v <= 0 ? 0 : 32768;
        }
    }

    // Deltas of a layer's outputs v through its activation, without 64-bit arithmetic: of a delta beyond +-8 the
    // upper 16 bits count.
    static void bend(Activation a, const std::int16_t *v, std::int32_t *delta, std::uint32_t n) {
        const std::int16_t *const end = v + n;
        do {
            const std::int32_t d = *delta;
            const std::int32_t s = slope(a, *v++);
            *delta++ = is_short(d) ? ((d * s >> 14) + 1) >> 1 : bent_long(d, s);
        } while (v != end);
    }
    static std::int32_t bent_long(std::int32_t d, std::int32_t s) {
        const int more = excess(d);
        return half_up((d >> more) * s, 15 - more);
    }
    // Has 16 bits and a sign, as nearly all do.
    static bool is_short(std::int32_t v) { return static_cast<std::uint32_t>(v) + UINT16_MAX <= 2u * UINT16_MAX; }
    // Places that v has beyond.
    static int excess(std::int32_t v) { return is_short(v) ? 0 : 15 - headroom(v); }
    static std::int32_t delta_of(std::int16_t e) { return e * 4; }

    // v - x for an output v that went through an activation
    static std::int16_t residual(Activation a, std::int32_t v, Sample x) {
        const std::int32_t e = is_unit(a) ? half_up(v - x.raw * 8, 4) : half_up(v - x.raw, 1);
        return static_cast<std::int16_t>(e);
    }

    // With it gradients drop 31 bits at most.
    static constexpr int most_exponent = 43 - 15 + 31 - delta_places;

    // rate in Q0.31, at most 1/2; energy |v|^2 with 2 places fraction bits.
    static FixedStep step(std::int32_t rate, std::uint64_t energy, int places) {
        if (rate <= 0) {
            return {0, most_exponent}; // not 0: gradients shift by it
        }
        const std::uint64_t n = energy + (std::uint64_t{1} << (2 * places));
        const int drop = 48 - leading_zeros(n);
        const std::uint32_t inverse = reciprocal(static_cast<std::uint32_t>(n >> drop)); // 2^15 ... 2^16
        const int up = leading_zeros(static_cast<std::uint32_t>(rate));
        const std::uint32_t product =
            ((static_cast<std::uint32_t>(rate) << up) >> 16) * inverse; // 2^30 ... 2^32 - 2^16
        const int cut = 17 - leading_zeros(product);
        const int exponent = 46 + drop + up - cut - 2 * places;
        const int less = exponent > most_exponent ? exponent - most_exponent : 0; // a step below 2^-31
        return {static_cast<std::int32_t>(product >> cut) >> (less > 15 ? 15 : less), exponent - less};
    }

    // Of a layer whose inputs are units or samples: error times step, downhill. g may be e. Without 64-bit
    // arithmetic, as above.
    template <class E>
    static void gradients(FixedStep s, int places, bool unit, const E *e, std::int32_t *g, std::uint32_t n) {
        const int shift = s.exponent + places - (43 - places_of(unit)); // 31 at most
        const std::int32_t downhill = -s.mantissa;                      // 15 bits
        const E *const end = e + n;
        for (const int before = shift - 1; before >= 0 && e != end;) {
            const std::int32_t v = *e++;
            if (sizeof(E) == 2) {
                *g++ = (downhill * v + (1 << before)) >> shift; // 2^30 each at most, and not both
            } else {
                *g++ = is_short(v) ? ((downhill * v >> before) + 1) >> 1 : any_gradient(downhill, v, shift);
            }
        }
        while (e != end) {
            *g++ = any_gradient(downhill, *e++, shift);
        }
    }
    static std::int32_t any_gradient(std::int32_t downhill, std::int32_t v, int shift) {
        const int more = excess(v);
        const std::int32_t p = downhill * (v >> more);
        return shift > more ? half_up(p, shift - more) : scaled_up(p, more - shift);
    }

    // p 2^up; up is 18 at most: a step is 1/2 at most.
    static std::int32_t scaled_up(std::int32_t p, int up) { return Base::limited(p, INT32_MAX >> up) * (1 << up); }
};

template <class C> struct Neural<Q31With<C>> : NeuralFixed<C> {
    using Base = NeuralFixed<C>;
    using Sample = typename Q31With<C>::Sample;
    using Value = std::int32_t;
    using Error = std::int32_t;
    static constexpr int sample_places = 20, error_places = 20, delta_places = 20;
    static constexpr int places_of(bool unit) { return unit ? 23 : sample_places; }
    static constexpr int pre_places(bool) { return 24; }
    static constexpr std::int32_t unit_limit = (1 << 23) - 1;
    static constexpr Error error_limit = (1 << 24) - 1;

    // |z| from one number of places to another, limited to 16: there curves are flat.
    static std::uint32_t argument(std::int32_t z, int from, int to) {
        const std::int32_t most = 16 << from;
        const std::int32_t a = z > most || z < -most ? most : (z < 0 ? -z : z);
        return static_cast<std::uint32_t>(from < to ? a << (to - from) : half_up(a, from - to));
    }

    // Q.30
    static std::int32_t tanh_of(std::int32_t z, int places) {
        const std::int32_t y = detail::tanh_division(argument(z, places, 24));
        return z < 0 ? -y : y;
    }

    static void activate(Activation a, const std::int32_t *z, std::int32_t *v, std::uint32_t n, int places) {
        for (std::uint32_t i = 0; i < n; ++i) {
            v[i] = activate(a, z[i], places);
        }
    }
    // z with 20 to 26 fraction bits
    static std::int32_t activate(Activation a, std::int32_t z, int places) {
        std::int32_t v = 0;
        switch (a) {
        case Activation::tanh:
            v = half_up(tanh_of(z, places), 7);
            break;
        case Activation::sigmoid:
            v = static_cast<std::int32_t>(half_up((std::int64_t{1} << 30) + tanh_of(z, places + 1), 8));
            break;
        case Activation::relu:
            z = z > 0 ? z : 0;
            [[fallthrough]];
        default:
            return Base::limited(half_up(z, places - 20), Q31With<C>::sample_limit);
        }
        return v > unit_limit ? unit_limit : (v < -unit_limit ? -unit_limit : v);
    }

    // Q.30
    static std::int32_t slope(Activation a, std::int32_t v) {
        switch (a) {
        case Activation::tanh:
            return static_cast<std::int32_t>(half_up((std::int64_t{1} << 46) - std::int64_t{v} * v, 16));
        case Activation::sigmoid:
            return static_cast<std::int32_t>(half_up(std::int64_t{v} * ((1 << 23) - v), 16));
        default:
            return a == Activation::relu && v <= 0 ? 0 : 1 << 30;
        }
    }

    // Deltas of a layer's outputs v through its activation.
    static void bend(Activation a, const std::int32_t *v, std::int32_t *delta, std::uint32_t n) {
        for (std::uint32_t i = 0; i < n; ++i) {
            delta[i] = static_cast<std::int32_t>(half_up(std::int64_t{delta[i]} * slope(a, v[i]), 30));
        }
    }
    static std::int32_t delta_of(std::int32_t e) { return e; }

    static std::int32_t residual(Activation a, std::int32_t v, Sample x) {
        return is_unit(a) ? half_up(v - x.raw * 8, 3) : v - x.raw;
    }

    static FixedStep step(std::int32_t rate, std::uint64_t energy, int places) {
        if (rate <= 0) {
            return {0, 63}; // not 0: gradients shift by it
        }
        const std::uint64_t n = energy + (std::uint64_t{1} << (2 * places));
        const int drop = 32 - leading_zeros(n);
        const std::uint64_t inverse =
            divide(std::uint64_t{1} << 63, static_cast<std::uint32_t>(n >> drop)); // 2^31 ... 2^32
        const int up = leading_zeros(static_cast<std::uint32_t>(rate)) - 1;
        const std::uint64_t product = (static_cast<std::uint64_t>(rate) << up) * inverse; // 2^61 ... 2^63
        const int cut = 33 - leading_zeros(product);
        return {static_cast<std::int32_t>(product >> cut), 94 + drop + up - cut - 2 * places};
    }

    // Of a layer whose inputs are units or samples: error times step, downhill. g may be e.
    static void gradients(FixedStep s, int places, bool unit, const std::int32_t *e, std::int32_t *g, std::uint32_t n) {
        const int shift = s.exponent + places - (51 - places_of(unit)); // not negative: a step is 1/2 at most
        for (std::uint32_t i = 0; i < n; ++i) {
            g[i] = clamp_to<std::int32_t, C>(half_up(-std::int64_t{s.mantissa} * e[i], shift > 63 ? 63 : shift));
        }
    }
};

} // namespace twinbit
