// What the tests of the autoencoder share: its words, a net on memory of its own in any arithmetic, frames.
#pragma once

#include "detectors/autoencoder.hpp"

#include "fixtures.hpp"

#include <cmath>

namespace autoencoders {

using fixtures::Frame;
using twinbit::Activation;
using twinbit::F32;
using twinbit::Q15;
using twinbit::Q31;

struct Parameters {
    std::int32_t seed = 1;
    bool has_momentum = false;
    std::vector<std::pair<std::int32_t, Activation>> hidden = {{4, Activation::tanh}};
    Activation output = Activation::linear;
    double rate = 0.1;
    std::int32_t halving = 0;
    double least = 0, momentum = 0, decay = 0;
    std::int32_t patience = 0;
    double improvement = 0;

    static std::int32_t q31(double v) { return static_cast<std::int32_t>(std::lround(v * 0x1p31)); }
    std::vector<std::int32_t> list() const {
        std::vector<std::int32_t> w = {seed, has_momentum ? 1 : 0, static_cast<std::int32_t>(hidden.size())};
        for (const auto &h : hidden) {
            w.insert(w.end(), {h.first, static_cast<std::int32_t>(h.second)});
        }
        w.insert(w.end(), {static_cast<std::int32_t>(output), q31(rate), halving, q31(least), q31(momentum), q31(decay),
                           patience, static_cast<std::int32_t>(std::lround(improvement * 65536))});
        return w;
    }
};

inline Parameters with_momentum(double momentum) {
    Parameters p;
    p.has_momentum = true;
    p.momentum = momentum;
    return p;
}

// A count of 2^-12 as a sample.
template <class P> typename P::Sample sample(std::int32_t count) {
    if constexpr (std::is_same_v<typename P::Sample, float>) {
        return static_cast<float>(count) * 0x1p-12f;
    } else {
        constexpr int up = P::Sample::frac - 12;
        return {static_cast<typename P::Sample::Rep>(count * (1 << up))};
    }
}

// Layers of weights W[output][input] and biases, as numbers.
struct Layer {
    std::vector<std::vector<double>> weight;
    std::vector<double> bias;
};
using Layers = std::vector<Layer>;

inline double largest_difference(const Layers &a, const Layers &b) {
    double most = 0;
    for (std::size_t l = 0; l < a.size(); ++l) {
        for (std::size_t j = 0; j < a[l].bias.size(); ++j) {
            most = std::max(most, std::fabs(a[l].bias[j] - b[l].bias[j]));
            for (std::size_t i = 0; i < a[l].weight[j].size(); ++i) {
                most = std::max(most, std::fabs(a[l].weight[j][i] - b[l].weight[j][i]));
            }
        }
    }
    return most;
}

// An autoencoder with the memory of its own that its shape asks for; scratch is soiled before every call.
template <class P> class Net {
  public:
    Net(const Parameters &words, std::uint32_t d) : words_(words.list()), d_(d) {
        REQUIRE(twinbit::Autoencoder<P>::shape(setup(), shape_));
        image.resize(twinbit::block_bytes(twinbit::AutoencoderState<P>::table, shape_));
    }

    tb_status learn(const Frame &x, std::int32_t *score = nullptr) {
        return with([&](auto &a) { return a.learn(samples(x).data(), score); });
    }
    std::int32_t score(const Frame &x) {
        return with([&](auto &a) { return a.score(samples(x).data()); });
    }
    double level(const Frame &x) { return fixtures::octaves(score(x)); }
    std::vector<std::int32_t> explain(const Frame &x) {
        std::vector<std::int32_t> shares(d_);
        with([&](auto &a) { return a.explain(samples(x).data(), shares.data()), 0; });
        return shares;
    }
    bool ready() {
        return with([](auto &a) { return a.ready(); });
    }
    tb_status merge(const fixtures::Bytes &b) {
        return with([&](auto &a) { return a.merge(b.data(), 1); });
    }
    void new_epoch() {
        with([](auto &a) { return a.new_epoch(), 0; });
    }
    void set(const Parameters &words) { words_ = words.list(); }

    Layers layers() { return numbers(40); }
    Layers momenta() {
        const twinbit::Chain c(setup(), 4);
        return numbers(40 + twinbit::align8(4 * c.weights()));
    }
    std::uint32_t field(std::uint32_t f) const { return fixtures::get<std::uint32_t>(image, 8 * f); }
    bool in_range() const {
        return twinbit::all_in_range(twinbit::AutoencoderState<P>::table, shape_.fields, shape_.n, image.data());
    }

    fixtures::Bytes image;

  private:
    using State = twinbit::AutoencoderState<P>;

    twinbit::Setup setup() const { return {words_.data(), static_cast<std::uint32_t>(words_.size()), d_}; }

    std::vector<typename P::Sample> samples(const Frame &x) const {
        std::vector<typename P::Sample> s;
        for (const std::int32_t v : x) {
            s.push_back(sample<P>(v));
        }
        return s;
    }

    template <class Call> auto with(Call call) {
        std::vector<std::uint64_t> block(image.size() / 8), scratch((shape_.scratch + 7) / 8, 0xA5A5A5A5A5A5A5A5u);
        std::uint64_t plan = 0;
        std::memcpy(block.data(), image.data(), image.size());
        twinbit::Autoencoder<P> a({setup(), reinterpret_cast<std::uint8_t *>(block.data()),
                                   reinterpret_cast<std::uint8_t *>(scratch.data()),
                                   reinterpret_cast<std::uint8_t *>(&plan)});
        const auto result = call(a);
        std::memcpy(image.data(), block.data(), image.size());
        return result;
    }

    double number(std::size_t at) const {
        if constexpr (std::is_same_v<typename P::Sample, float>) {
            return static_cast<double>(fixtures::get<float>(image, at));
        } else {
            return fixtures::get<std::int32_t>(image, at) * 0x1p-27;
        }
    }

    // By the layouts of dense_float.hpp and dense_fixed.hpp.
    Layers numbers(std::size_t at) const {
        const twinbit::Chain c(setup(), 4);
        Layers layers;
        for (std::uint32_t l = 0; l <= c.hidden(); ++l) {
            const twinbit::DenseLayer y = c.layer(l);
            Layer layer = {std::vector<std::vector<double>>(y.m, std::vector<double>(y.n)), std::vector<double>(y.m)};
            for (std::size_t j = 0; j < y.m; ++j) {
                for (std::size_t i = 0; i < y.n; ++i) {
                    const bool real = std::is_same_v<typename P::Sample, float>;
                    layer.weight[j][i] = number(at + 4 * (y.weight + (real ? i * y.m + j : j * y.n + i)));
                }
                layer.bias[j] = number(at + 4 * (y.weight + y.n * y.m + j));
            }
            layers.push_back(layer);
        }
        return layers;
    }

    std::vector<std::int32_t> words_;
    std::uint32_t d_;
    twinbit::Shape shape_ = {};
};

// Calls test with a tag of each arithmetic.
template <class Test> void in_each(Test test) {
    test(F32{});
    test(Q15{});
    test(Q31{});
}

// Frames that a few numbers make: what an autoencoder is for.
class Source {
  public:
    Source(std::uint32_t d, int factors, std::uint64_t seed = 1) : random_(seed) {
        for (std::uint32_t i = 0; i < d * static_cast<std::uint32_t>(factors); ++i) {
            mix_.push_back(random_.normal());
        }
        d_ = d;
        factors_ = static_cast<std::uint32_t>(factors);
    }
    Frame next(double noise = 0.1) {
        std::vector<double> f;
        for (std::uint32_t k = 0; k < factors_; ++k) {
            f.push_back(random_.normal());
        }
        Frame x;
        for (std::uint32_t i = 0; i < d_; ++i) {
            double v = noise * random_.normal();
            for (std::uint32_t k = 0; k < factors_; ++k) {
                v += mix_[i * factors_ + k] * f[k] / std::sqrt(factors_);
            }
            const double limit = 8 - 0x1p-12;
            x.push_back(static_cast<std::int32_t>(std::lround(std::max(-limit, std::min(limit, v)) * 4096)));
        }
        return x;
    }
    fixtures::Random &random() { return random_; }

  private:
    fixtures::Random random_;
    std::vector<double> mix_;
    std::uint32_t d_, factors_;
};

} // namespace autoencoders
