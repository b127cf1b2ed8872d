// Roles of neural.hpp in float.
#pragma once

#include "numbers/neural.hpp"

namespace twinbit {

template <> struct Neural<F32> {
    using Weight = float;
    using Value = float;
    using Pre = float;
    using Error = float;
    using Delta = float;
    using Gradient = float;
    using Step = float;
    // Float has no places.
    static constexpr int error_places = 0, delta_places = 0;
    static constexpr int places_of(bool) { return 0; }
    static constexpr int pre_places(bool) { return 0; }
    static constexpr Error error_limit = 0;
    // Far above what learning reaches; with it every sum of products stays finite (autoencoder.hpp).
    static constexpr float delta_limit = 0x1p+20f;

    static float limited(float v, float limit) { return v > limit ? limit : (v < -limit ? -limit : v); }

    static float activate(Activation a, float z, int /*places*/) {
        switch (a) {
        case Activation::tanh:
            return tanh(z);
        case Activation::sigmoid:
            return sigmoid(z);
        case Activation::relu:
            return z > 0.0f ? limited(z, F32::sample_limit) : 0.0f;
        default:
            return limited(z, F32::sample_limit);
        }
    }

    static void activate(Activation a, const float *z, float *v, std::uint32_t n, int places) {
        if (a == Activation::tanh) {
            tanh(z, v, n);
            return;
        }
        for (std::uint32_t i = 0; i < n; ++i) {
            v[i] = activate(a, z[i], places);
        }
    }

    // The activation's derivative where its output is v.
    static float slope(Activation a, float v) {
        switch (a) {
        case Activation::tanh:
            return 1.0f - v * v;
        case Activation::sigmoid:
            return v * (1.0f - v);
        case Activation::relu:
            return v > 0.0f ? 1.0f : 0.0f;
        default:
            return 1.0f;
        }
    }

    static float residual(Activation, float v, float x) { return v - x; }
    static float delta_of(float e) { return e; }
    // Deltas of a layer's outputs v through its activation.
    static void bend(Activation a, const float *v, float *delta, std::uint32_t n) {
        const float *const end = v + n;
        do {
            *delta = limited(*delta, delta_limit) * slope(a, *v++);
            ++delta;
        } while (v != end);
    }

    // rate in Q0.31, energy |v|^2
    static float step(std::int32_t rate, float energy, int /*places*/) {
        return static_cast<float>(rate) * 0x1p-31f / (1.0f + energy);
    }

    // Of a layer whose inputs are units or samples: error times step, downhill. g may be e.
    static void gradients(float step, int /*places*/, bool unit, const float *e, float *g, std::uint32_t n) {
        const std::uint32_t limit = float_bits(unit ? 8.0f : 1.0f);
        const float *const end = e + n;
        do {
            const float v = -step * *e++;
            const std::uint32_t bits = float_bits(v);
            *g++ = (bits & 0x7FFFFFFFu) > limit ? bits_float((bits & 0x80000000u) | limit) : v;
        } while (e != end);
    }

    static float weight(std::int32_t q27) { return static_cast<float>(q27) * 0x1p-27f; }

    // v less 1 - keep of it, keep in Q0.31. What is left of a momentum that nothing feeds ends as 0, not as a
    // subnormal number that rounding holds up (and that slows some machines down).
    static float kept(float v, std::int32_t keep) {
        const float rest = v * (static_cast<float>(keep) * 0x1p-31f);
        return rest > 0x1p-60f || rest < -0x1p-60f ? rest : 0.0f;
    }
    static float decayed(float w, std::int32_t decay) { return w - w * (static_cast<float>(decay) * 0x1p-31f); }
    static float sum(float w, float m) { return w + m; }
    static void note_limits(const float *, std::uint32_t, float = 0.0f) {}
};

} // namespace twinbit
