// What the tests of the ELM autoencoder share: a detector on memory of its own, and its formulas in double with Eigen.
#pragma once

#include "detectors/elm.hpp"
#include "fixtures.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>

namespace elm_model {

using namespace fixtures;
using namespace twinbit;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

struct Settings {
    std::uint32_t d = 8;
    std::int32_t units = 8;
    Activation activation = Activation::tanh;
    std::int32_t gain = 0;
    std::int32_t ridge = 65536; // one frame
    std::int32_t forget = 0;
    std::int32_t seed = 3;
    std::vector<std::int32_t> masks = {}; // all units, unless given
};

inline Words elm_words(const Settings &s) {
    Words w = {s.seed, s.units, static_cast<std::int32_t>(s.activation), s.gain};
    for (std::int32_t first = 0; s.masks.empty() && first < s.units; first += 32) {
        const std::int32_t here = s.units - first;
        w.push_back(here >= 32 ? -1 : (1 << here) - 1);
    }
    w.insert(w.end(), s.masks.begin(), s.masks.end());
    w.insert(w.end(), {s.ridge, s.forget});
    return w;
}

inline void to_sample(float &x, std::int32_t q12) { x = static_cast<float>(q12) / 4096; }
template <class R, int F, class C> void to_sample(Fixed<R, F, C> &x, std::int32_t q12) {
    x.raw = static_cast<R>(q12 * (1 << (F - 12)));
}

// An Elm with its memory. Images may be copied between two of the same settings.
template <class P> struct Model {
    using Sample = typename P::Sample;

    Settings settings;
    Words words;
    std::uint32_t k;
    ElmState<P> state;
    ElmScratch<P> offsets;
    std::vector<std::uint64_t> image, scratch, plan;

    explicit Model(const Settings &s)
        : settings(s), words(elm_words(s)), k(ElmWords(words.data()).used()), state(k, s.d), offsets(k, s.d),
          image(state.bytes / 8), scratch(offsets.bytes / 8, 0x5A5A5A5A5A5A5A5Au),
          plan(ElmPlan(k).bytes / 8, 0x7777777777777777u) {}

    static std::uint8_t *bytes_of(std::vector<std::uint64_t> &v) { return reinterpret_cast<std::uint8_t *>(v.data()); }
    Block block() {
        return {{words.data(), static_cast<std::uint32_t>(words.size()), settings.d},
                bytes_of(image),
                bytes_of(scratch),
                bytes_of(plan)};
    }
    Elm<P> elm() { return Elm<P>(block()); }

    std::vector<Sample> samples(const Frame &x) const {
        std::vector<Sample> v(x.size());
        for (std::size_t i = 0; i < x.size(); ++i) {
            to_sample(v[i], x[i]);
        }
        return v;
    }
    tb_status learn(const Frame &x) { return elm().learn(samples(x).data(), nullptr); }
    std::int32_t score(const Frame &x) { return elm().score(samples(x).data()); }
    tb_status merge(Model &other, int sign = 1) { return elm().merge(bytes_of(other.image), sign); }

    std::uint32_t &count() { return *at<std::uint32_t>(bytes_of(image), state.offset[ElmState<P>::count]); }
    std::uint32_t &prepared() { return *at<std::uint32_t>(bytes_of(image), state.offset[ElmState<P>::prepared]); }
    std::uint32_t *pruned() { return at<std::uint32_t>(bytes_of(image), state.offset[ElmState<P>::pruned]); }
    typename P::Sum *u() { return at<typename P::Sum>(bytes_of(image), state.offset[ElmState<P>::u]); }
    typename P::Sum *v() { return at<typename P::Sum>(bytes_of(image), state.offset[ElmState<P>::v]); }

    // The reconstruction of x.
    VectorXd reconstruction(const Frame &x) {
        score(x);
        const auto *y = at<Sample>(bytes_of(scratch), offsets.y);
        VectorXd r(settings.d);
        for (std::uint32_t i = 0; i < settings.d; ++i) {
            r[i] = static_cast<double>(to_real(y[i]));
        }
        return r;
    }
};

inline VectorXd real(const Frame &x) {
    VectorXd v(static_cast<Index>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
        v[static_cast<Index>(i)] = x[i] / 4096.0;
    }
    return v;
}

// The header's formulas.
struct Oracle {
    static constexpr double limit = 8 - 0x1p-12;
    Settings s;
    MatrixXd u, v;
    std::vector<std::uint32_t> units; // in use
    Eigen::LLT<MatrixXd> factor;

    explicit Oracle(const Settings &settings) : s(settings) {
        const Words words = elm_words(s);
        const ElmWords w(words.data());
        for (std::uint32_t j = 0; j < w.units; ++j) {
            if (w.uses(j)) {
                units.push_back(j);
            }
        }
        u = MatrixXd::Zero(k(), k());
        v = MatrixXd::Zero(k(), s.d);
    }
    Index k() const { return static_cast<Index>(units.size()); }

    double unit(std::uint32_t j, const VectorXd &x) const {
        const double scale = std::exp2(std::floor((1 + std::floor(std::log2(s.d))) / 2));
        twinbit::Random random(mix32(static_cast<std::uint32_t>(s.seed)) ^ j);
        double t = std::floor(static_cast<std::int32_t>(random.bits()) * 0x1p-19 * scale) / 4096 / scale;
        std::uint32_t signs = 0;
        for (std::uint32_t i = 0; i < s.d; ++i) {
            signs = i % 32 == 0 ? random.bits() : signs;
            const std::uint32_t bit = i % 2 * 16 + 15 - i % 32 / 2;
            t += ((signs >> bit) % 2 == 0 ? x[i] : -x[i]) / scale;
        }
        t *= std::exp2(s.gain);
        switch (s.activation) {
        case Activation::tanh:
            return std::tanh(t);
        case Activation::sigmoid:
            return 1 / (1 + std::exp(-t));
        case Activation::relu:
            t = std::max(t, 0.0);
            break;
        default:
            break;
        }
        return std::clamp(t, -limit, limit);
    }
    VectorXd hidden(const VectorXd &x) const {
        VectorXd h(k());
        for (Index r = 0; r < k(); ++r) {
            h[r] = unit(units[static_cast<std::size_t>(r)], x);
        }
        return h;
    }
    void learn(const Frame &x) {
        const VectorXd h = hidden(real(x));
        u += h * h.transpose();
        v += h * real(x).transpose();
    }
    void solve() {
        const MatrixXd ridge = MatrixXd::Identity(k(), k()) * (s.ridge / 65536.0);
        factor.compute(u + ridge);
    }
    MatrixXd beta() const { return factor.solve(v); }
    VectorXd reconstruction(const Frame &x) const {
        return (v.transpose() * factor.solve(hidden(real(x)))).cwiseMax(-limit).cwiseMin(limit);
    }
    double score(const Frame &x) const {
        const VectorXd e = real(x) - reconstruction(x);
        return 0.5 * std::log2(e.squaredNorm() / s.d + std::ldexp(1, -24));
    }
};

// Channels that follow two common swings by different amounts, each with noise of its own: something to reconstruct.
inline Frame swinging(fixtures::Random &random, std::uint32_t d) {
    const double a = random.normal() * 3000;
    const double b = random.normal() * 2000;
    Frame x = random.frame(d, 0, 600);
    for (std::uint32_t i = 0; i < d; ++i) {
        const double swing = a * ((i * 7 % 5) - 2.0) / 2 + b * ((i * 3 % 4) - 1.5) / 1.5;
        x[i] = std::clamp(x[i] + static_cast<std::int32_t>(swing), -32767, 32767);
    }
    return x;
}

inline std::vector<Frame> swings(std::uint64_t seed, std::uint32_t d, int n) {
    fixtures::Random random(seed);
    std::vector<Frame> frames;
    for (int t = 0; t < n; ++t) {
        frames.push_back(swinging(random, d));
    }
    return frames;
}

} // namespace elm_model
