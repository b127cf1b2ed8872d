// The vectors of a subspace in each arithmetic: a mean, directions that follow the data, a residual.
//
// role       F32     Q15              Q31              holds
// Mean       float   int32 Q3.28      int64 Q.40       running mean of a sample
// Unit       float   int32 Q.30       int32 Q.30       a component's direction; products use 16 bits of it in Q15
// Length     float   uint64 Q.40      uint64 Q.40      its length: the variance along it
// Residual   float   int32 Q.20       int32 Q.20       sample less mean and components
//
// What follows slowly needs places below its inputs'. Components kept as one vector in Q11.20 turned by 0.1 in 10^5
// frames, since steps below half a place are lost on one side only; a direction that is scaled to length 1 after
// every step has 2^13 places for the step of frame 2^16, and costs no more memory.
//
// Scaling and overflow, fixed point: |x - m| < 16 and d <= 4098, so |u| and every projection of it stay below
// 16 sqrt(d) < 2^11 and fit Q.20. Sums: u has 31 bits, a unit 30, and by Cauchy and Schwarz no sum of their products
// passes 2^61. A step e + g u that would leave Q.30 is taken 2^-s as large, direction and all.
#pragma once

#include "linear/dense_float.hpp"
#include "linear/distance.hpp"
#include "linear/project.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/float_sqrt.hpp"

namespace twinbit {

// floor(a w 2^-31 + 1/2), exact for |a| < 2^62 and w <= 2^31.
inline std::int64_t weighted_half_up(std::int64_t a, std::uint32_t w) {
    const std::uint64_t low = std::uint64_t{static_cast<std::uint32_t>(a)} * w;
    return (a >> 32) * w * 2 + static_cast<std::int64_t>(half_up(low, 31));
}

// v 2^-s rounded half up, for any s; limited where it grows.
inline std::int64_t shifted(std::int64_t v, int s) { return s < 0 ? shl_sat(v, -s) : half_up(v, s < 63 ? s : 63); }

template <class MeanRep, int MeanFrac, int Places> struct FixedSubspaceNumbers : Projection<Places> {
    using Mean = MeanRep;
    using Unit = std::int32_t;
    using Length = std::uint64_t;
    using Residual = std::int32_t;
    using Weight = std::uint32_t; // Q1.31
    static constexpr int mean_bits = MeanFrac + 3, unit_bits = 31, length_bits = 62;
    static constexpr Length least_length = Length{1} << 16; // 2^-24

    // min(1/2, (1 + amnesic) / n), and 1 for the first.
    static Weight weight(std::uint32_t n, std::int32_t amnesic) {
        const std::uint64_t w = divide(static_cast<std::uint64_t>(65536 + amnesic) << 15, n);
        constexpr std::uint32_t half = 1u << 30;
        return n == 1 ? 2 * half : (w > half ? half : static_cast<std::uint32_t>(w));
    }

    template <class Sample> static void follow(Mean &m, Sample x, Weight w) {
        m = static_cast<Mean>(m + weighted_half_up(deviation(x, m), w));
    }
    template <class Sample> static Residual less_mean(Sample x, Mean m) {
        return static_cast<Residual>(half_up(deviation(x, m), MeanFrac - frac));
    }

    static std::uint64_t square(Residual u) { return half_up(raw_square(u), 2 * frac - 24); }
    static std::uint64_t energy(const Residual *u, std::uint32_t d) { return half_up(raw_energy(u, d), 2 * frac - 24); }

    // e = u / |u|; returns |u|.
    static Length begin(Unit *e, const Residual *u, std::uint32_t d) {
        for (std::uint32_t i = 0; i < d; ++i) {
            e[i] = u[i];
        }
        return static_cast<Length>(scale_to_one(e, d).times(1, frac - 40));
    }

    // The component becomes (1 - w) length e + w p u, p = u . e: as e + g u, g = w p / ((1 - w) length).
    static Length follow(Unit *e, Length length, Residual p, const Residual *u, Weight w, std::uint32_t d) {
        const auto own = static_cast<std::int64_t>(length);
        const Mantissa kept(static_cast<std::uint64_t>(own - weighted_half_up(own, w)) | 1u);
        const std::int64_t more = std::int64_t{p} * w; // Q.51
        const std::uint64_t size = static_cast<std::uint64_t>(more < 0 ? -more : more);
        const int up = leading_zeros(size | 1u) - 2;
        const auto quotient = static_cast<std::int32_t>(divide(size << up, kept.top)); // 2^29 ... 2^31
        const std::int32_t g = more < 0 ? -quotient : quotient;
        const int down = up + 51 - 40 + kept.exponent + frac - 30;   // g u_i 2^-down in Q.30
        const int bits = (65 - leading_zeros(raw_energy(u, d))) / 2; // |u_i| < 2^bits
        const int s = bits + 2 > down ? bits + 2 - down : 0;
        if (s > 0) {
            scale(e, s < 31 ? s : 31, d);
        }
        const int places = down + s < 64 ? down + s : 64;
        for (std::uint32_t i = 0; i < d; ++i) {
            e[i] += rounded(std::int64_t{g} * u[i], places);
        }
        return static_cast<Length>(scale_to_one(e, d).times(kept.top, 30 - s - kept.exponent));
    }

    // Is of length one, which settle() asks of untrusted images.
    static bool is_unit(const Unit *e, std::uint32_t d) {
        std::uint64_t sum = 0; // Q.48
        for (std::uint32_t i = 0; i < d; ++i) {
            sum += half_up(raw_square(e[i]), 12);
        }
        constexpr std::uint64_t one = std::uint64_t{1} << 48;
        return sum > one - (one >> 12) && sum < one + (one >> 12);
    }

  private:
    static constexpr int frac = 20; // of residuals

    // v = top 2^exponent, top with 32 bits.
    struct Mantissa {
        std::uint32_t top;
        int exponent;
        explicit Mantissa(std::uint64_t v) : exponent(32 - leading_zeros(v)) {
            top = static_cast<std::uint32_t>(exponent > 0 ? v >> exponent : v << -exponent);
        }
    };

    // root 2^exponent
    struct Norm {
        std::uint32_t root;
        int exponent;
        // v |e| 2^-down within what a length holds.
        std::int64_t times(std::uint32_t v, int down) const {
            const std::int64_t most = (std::int64_t{1} << length_bits) - 1;
            const std::int64_t l = shifted(static_cast<std::int64_t>(std::uint64_t{root} * v), down - exponent);
            return l > most ? most : l;
        }
    };

    template <class Sample> static std::int64_t deviation(Sample x, Mean m) {
        return std::int64_t{x.raw} * (std::int64_t{1} << (MeanFrac - Sample::frac)) - m;
    }
    static std::uint64_t raw_square(std::int64_t u) { return static_cast<std::uint64_t>(u * u); }
    static std::uint64_t raw_energy(const Residual *u, std::uint32_t d) {
        std::uint64_t sum = 0;
        for (std::uint32_t i = 0; i < d; ++i) {
            sum += raw_square(u[i]);
        }
        return sum;
    }

    static void scale(Unit *e, int s, std::uint32_t d) {
        for (std::uint32_t i = 0; i < d; ++i) {
            e[i] = half_up(e[i], s);
        }
    }

    // e = v / |v|, v not 0; returns |v|. Numbers of 25 bits give the length, all bits are divided by it.
    static Norm scale_to_one(Unit *v, std::uint32_t d) {
        std::uint32_t bits = 0;
        for (std::uint32_t i = 0; i < d; ++i) {
            bits |= static_cast<std::uint32_t>(v[i] < 0 ? -v[i] : v[i]);
        }
        const int surplus = 7 - leading_zeros(bits);
        std::uint64_t sum = 0;
        for (std::uint32_t i = 0; i < d; ++i) {
            const std::int32_t m = surplus > 0 ? half_up(v[i], surplus) : v[i] * (1 << -surplus);
            sum += raw_square(m);
        }
        const auto root = static_cast<std::uint32_t>(isqrt64_rounded(sum));
        const int up = leading_zeros(root);
        const auto inverse = static_cast<std::uint32_t>(divide((std::uint64_t{1} << 63) - 1, root << up));
        const auto less = static_cast<std::int32_t>(inverse); // inverse - 2^32, for a multiplication with sign
        const int places = 33 - up + surplus;
        for (std::uint32_t i = 0; i < d; ++i) {
            v[i] = rounded(std::int64_t{v[i]} * less + std::int64_t{v[i]} * (std::int64_t{1} << 32), places);
        }
        return {root, surplus};
    }
};

template <class P> struct SubspaceNumbers;
template <class C> struct SubspaceNumbers<Q15With<C>> : FixedSubspaceNumbers<std::int32_t, 28, 15> {};
template <class C> struct SubspaceNumbers<Q31With<C>> : FixedSubspaceNumbers<std::int64_t, 40, 30> {};

template <> struct SubspaceNumbers<F32> {
    using Mean = float;
    using Unit = float;
    using Length = float;
    using Residual = float;
    using Weight = float;
    static constexpr int mean_bits = 3, unit_bits = 1, length_bits = 24;
    static constexpr float least_length = 0x1p-24f;

    static float weight(std::uint32_t n, std::int32_t amnesic) {
        const float w = (1.0f + static_cast<float>(amnesic) * 0x1p-16f) / static_cast<float>(n);
        return n == 1 ? 1.0f : (w > 0.5f ? 0.5f : w);
    }

    static void follow(float &m, float x, float w) { m += (x - m) * w; }
    static float less_mean(float x, float m) { return x - m; }

    // The kernel's sum is that of dot().
    static float project(const float *u, const float *e, std::uint32_t d) {
        float p = 0.0f;
        dense::pull(e, u, &p, 1, d);
        return p;
    }
    static void take_out(float *u, const float *e, float p, std::uint32_t d) {
        for (std::size_t i = 0; i < d; ++i) {
            u[i] -= p * e[i];
        }
    }

    static float square(float u) { return u * u; }
    static float energy(const float *u, std::uint32_t d) { return project(u, u, d); }

    static float begin(float *e, const float *u, std::uint32_t d) {
        for (std::uint32_t i = 0; i < d; ++i) {
            e[i] = u[i];
        }
        return scale_to_one(e, d);
    }

    static float follow(float *e, float length, float p, const float *u, float w, std::uint32_t d) {
        const float kept = length * (1.0f - w);
        const float g = w * p / kept;
        for (std::uint32_t i = 0; i < d; ++i) {
            e[i] += g * u[i];
        }
        return kept * scale_to_one(e, d);
    }

    static bool is_unit(const float *e, std::uint32_t d) {
        const float sum = energy(e, d);
        return sum > 1.0f - 0x1p-12f && sum < 1.0f + 0x1p-12f;
    }

  private:
    static float scale_to_one(float *v, std::uint32_t d) {
        const float norm = sqrt(energy(v, d));
        const float inverse = 1.0f / norm;
        for (std::uint32_t i = 0; i < d; ++i) {
            v[i] *= inverse;
        }
        return norm;
    }
};

} // namespace twinbit
