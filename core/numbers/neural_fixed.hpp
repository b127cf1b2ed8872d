// Roles of neural.hpp in fixed point.
//
// Rounding: each product is exact, rounded once, half up, then limited and the limit counted by Clip. A step is a
// factor that errors are multiplied with, so it is cut, not rounded: at most 2^-14 (Q15) or 2^-30 (Q31) too small.
#pragma once

#include "numbers/divide.hpp"
#include "numbers/neural.hpp"

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

    // delta times a slope in Q.30, at most 1.
    template <class E> static E bent(E delta, std::int32_t slope) {
        return static_cast<E>(half_up(std::int64_t{delta} * slope, 30));
    }

    static std::int32_t weight(std::int32_t q27) { return q27; }

    // v keep, keep in Q0.31, rounded toward 0: half up would hold a momentum up for ever that nothing feeds, and its weight
    // would drift.
    static std::int32_t kept(std::int32_t v, std::int32_t keep) {
        const std::int64_t p = std::int64_t{v} * keep;
        return static_cast<std::int32_t>((p + (p < 0 ? INT32_MAX : 0)) >> 31);
    }
    static std::int32_t decayed(std::int32_t w, std::int32_t decay) {
        return w - static_cast<std::int32_t>(half_up(std::int64_t{w} * decay, 31));
    }
    static std::int32_t sum(std::int32_t w, std::int32_t m) { return sat_add<std::int32_t, C>(w, m); }

    // Counts what kernels limited: those of one chip or another can't.
    template <class T> static void note_limits(const T *v, std::uint32_t n, T limit = INT32_MAX) {
        for (std::uint32_t i = 0; i < n; ++i) {
            if (v[i] >= limit || v[i] <= -limit) {
                C::clipped();
            }
        }
    }

    // |z| from one number of places to another, limited to 16: there curves are flat.
    static std::uint32_t argument(std::int32_t z, int from, int to) {
        const std::int32_t most = 16 << from;
        const std::int32_t a = z > most || z < -most ? most : (z < 0 ? -z : z);
        return static_cast<std::uint32_t>(from < to ? a << (to - from) : half_up(a, from - to));
    }
};

template <class C> struct Neural<Q15With<C>> : NeuralFixed<C> {
    using Base = NeuralFixed<C>;
    using Sample = typename Q15With<C>::Sample;
    using Value = std::int16_t;
    using Error = std::int16_t;
    static constexpr int sample_places = 12, error_places = 11, delta_places = 13;
    static constexpr int places_of(bool unit) { return unit ? 15 : sample_places; }
    static constexpr int pre_places(bool unit) { return places_of(unit) + 2; } // room for 1023 inputs (dense_fixed.hpp)
    static constexpr Error error_limit = INT16_MAX;

    // Q.20
    static std::int32_t tanh_of(std::int32_t z, int places) {
        const std::int32_t y = detail::tanh_table(Base::argument(z, places, 16));
        return z < 0 ? -y : y;
    }

    // z with 12 to 19 fraction bits
    static std::int16_t activate(Activation a, std::int32_t z, int places) {
        std::int32_t v = 0;
        switch (a) {
        case Activation::tanh:
            v = half_up(tanh_of(z, places), 5);
            break;
        case Activation::sigmoid:
            v = half_up((1 << 20) + tanh_of(z, places + 1), 6);
            break;
        case Activation::relu:
            z = z > 0 ? z : 0;
            [[fallthrough]];
        default:
            return static_cast<std::int16_t>(Base::limited(half_up(z, places - 12), INT16_MAX));
        }
        return static_cast<std::int16_t>(v > INT16_MAX ? INT16_MAX : (v < -INT16_MAX ? -INT16_MAX : v));
    }

    // Q.30
    static std::int32_t slope(Activation a, std::int32_t v) {
        switch (a) {
        case Activation::tanh:
            return (1 << 30) - v * v;
        case Activation::sigmoid:
            return v * (32768 - v);
        default:
            return a == Activation::relu && v <= 0 ? 0 : 1 << 30;
        }
    }

    // v - x for an output v that went through an activation
    static std::int16_t residual(Activation a, std::int32_t v, Sample x) {
        const std::int32_t e = is_unit(a) ? half_up(v - x.raw * 8, 4) : half_up(v - x.raw, 1);
        return static_cast<std::int16_t>(e);
    }

    // rate in Q0.31, at most 1/2; energy |v|^2 with 2 places fraction bits.
    static FixedStep step(std::int32_t rate, std::uint64_t energy, int places) {
        if (rate <= 0) {
            return {0, 0};
        }
        const std::uint64_t n = energy + (std::uint64_t{1} << (2 * places));
        const int drop = 48 - leading_zeros(n);
        const std::uint32_t inverse =
            divide(std::uint32_t{1u << 31}, static_cast<std::uint32_t>(n >> drop)); // 2^15 ... 2^16
        const int up = leading_zeros(static_cast<std::uint32_t>(rate));
        const std::uint32_t product =
            ((static_cast<std::uint32_t>(rate) << up) >> 16) * inverse; // 2^30 ... 2^32 - 2^16
        const int cut = 17 - leading_zeros(product);
        return {static_cast<std::int32_t>(product >> cut), 46 + drop + up - cut - 2 * places};
    }

    // The gradients of a layer whose inputs are units or samples: error times step, downhill.
    class Gradients {
      public:
        Gradients(FixedStep s, int places, bool unit)
            : mantissa_(-s.mantissa), shift_(s.exponent + places - (43 - places_of(unit))) {}

        // Of 16 bits, without 64-bit arithmetic. shift is -5 at least: a step is 1/2 at most.
        std::int32_t operator()(std::int16_t e) const {
            const std::int32_t p = mantissa_ * e; // 2^30 at most
            if (shift_ >= 0) {
                return half_up(p, shift_ > 31 ? 31 : shift_);
            }
            return Base::limited(p, INT32_MAX >> -shift_) * (1 << -shift_);
        }
        // Of a delta; shift is -3 at least.
        std::int32_t operator()(std::int32_t e) const {
            return clamp_to<std::int32_t, C>(half_up(std::int64_t{mantissa_} * e * 8, shift_ > 60 ? 63 : shift_ + 3));
        }

      private:
        std::int32_t mantissa_;
        int shift_;
    };
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

    // Q.30
    static std::int32_t tanh_of(std::int32_t z, int places) {
        const std::int32_t y = detail::tanh_division(Base::argument(z, places, 24));
        return z < 0 ? -y : y;
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

    static std::int32_t residual(Activation a, std::int32_t v, Sample x) {
        return is_unit(a) ? half_up(v - x.raw * 8, 3) : v - x.raw;
    }

    static FixedStep step(std::int32_t rate, std::uint64_t energy, int places) {
        if (rate <= 0) {
            return {0, 0};
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

    class Gradients {
      public:
        Gradients(FixedStep s, int places, bool unit)
            : mantissa_(-s.mantissa), shift_(s.exponent + places - (51 - places_of(unit))) {}

        std::int32_t operator()(std::int32_t e) const { // shift is not negative: a step is 1/2 at most
            return clamp_to<std::int32_t, C>(half_up(std::int64_t{mantissa_} * e, shift_ > 63 ? 63 : shift_));
        }

      private:
        std::int32_t mantissa_;
        int shift_;
    };
};

} // namespace twinbit
