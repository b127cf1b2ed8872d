// One step of the autoencoder against central differences of its loss in double: every activation, several chains.
#include "autoencoder_reference.hpp"

using namespace autoencoders;
using namespace fixtures;

namespace {

constexpr Activation all[] = {Activation::linear, Activation::tanh, Activation::sigmoid, Activation::relu};

// The step that a net took is -s dL/dw with L = |e|^2 / 2 and s = rate / (1 + |v|^2): the largest difference, in
// units of the largest derivative of the layer.
template <class P> double gradient_error(const Parameters &words, std::uint32_t d, const Frame &x, bool cut) {
    Net<P> net(words, d);
    REQUIRE(net.learn(x) == TB_OK);
    const Layers after = net.layers();
    Reference ref(words, d); // where it began
    const Layers before = ref.layers;
    for (Layer &layer : ref.layers) { // Q15 takes the upper half of its weights
        for (auto &row : layer.weight) {
            for (double &w : row) {
                w = cut ? std::floor(w * 2048) / 2048 : w;
            }
        }
    }
    const Reference::Vector input = real(x);
    const auto v = ref.forward(input);
    double worst = 0;
    for (std::size_t l = 0; l < after.size(); ++l) {
        double energy = 1, largest = 0, error = 0;
        for (const double a : v[l]) {
            energy += a * a;
        }
        for (std::size_t j = 0; j < after[l].bias.size(); ++j) {
            for (std::size_t i = 0; i <= v[l].size(); ++i) {
                const bool bias = i == v[l].size();
                double &w = bias ? ref.layers[l].bias[j] : ref.layers[l].weight[j][i];
                const double kept = w, h = 1e-6;
                w = kept + h;
                const double up = ref.loss(input);
                w = kept - h;
                const double down = ref.loss(input);
                w = kept;
                const double derivative = (up - down) / (4 * h);
                const double moved =
                    bias ? after[l].bias[j] - before[l].bias[j] : after[l].weight[j][i] - before[l].weight[j][i];
                largest = std::max(largest, std::fabs(derivative));
                error = std::max(error, std::fabs(derivative + moved * energy / words.rate));
            }
        }
        worst = std::max(worst, largest > 0 ? error / largest : error);
    }
    return worst;
}

// A frame at which no relu stands at its kink, where there is no derivative.
Frame smooth_frame(const Parameters &words, std::uint32_t d, Source &source) {
    for (;;) {
        const Frame x = source.next();
        const Reference ref(words, d);
        const auto v = ref.forward(real(x));
        bool kink = false;
        for (std::size_t l = 0; l < ref.layers.size(); ++l) {
            for (std::size_t j = 0; ref.activation(l) == Activation::relu && j < ref.layers[l].bias.size(); ++j) {
                double z = ref.layers[l].bias[j];
                for (std::size_t i = 0; i < v[l].size(); ++i) {
                    z += ref.layers[l].weight[j][i] * v[l][i];
                }
                kink = kink || std::fabs(z) < 0.01;
            }
        }
        if (!kink) {
            return x;
        }
    }
}

struct Errors {
    double f32 = 0, q31 = 0, q15 = 0;
};

void look(Errors &e, const Parameters &words, std::uint32_t d, const Frame &x) {
    e.f32 = std::max(e.f32, gradient_error<F32>(words, d, x, false));
    e.q31 = std::max(e.q31, gradient_error<Q31>(words, d, x, false));
    e.q15 = std::max(e.q15, gradient_error<Q15>(words, d, x, true));
}

void check(const Errors &e) {
    CAPTURE(e.f32, e.q31, e.q15);
    CHECK(e.f32 < 1e-4);
    CHECK(e.q31 < 5e-4);
    CHECK(e.q15 < 0.02);
}

} // namespace

TEST_CASE("autoencoder: a step is the gradient, for every activation within and at the end") {
    for (const Activation hidden : all) {
        for (const Activation output : all) {
            Errors e;
            for (std::int32_t seed = 1; seed <= 4; ++seed) {
                Parameters words;
                words.seed = seed;
                words.hidden = {{3, hidden}};
                words.output = output;
                words.rate = 0.25;
                Source source(6, 2, static_cast<std::uint64_t>(seed));
                look(e, words, 6, smooth_frame(words, 6, source));
            }
            CAPTURE(hidden, output);
            check(e);
        }
    }
}

TEST_CASE("autoencoder: a step is the gradient, in deep, wide and lopsided chains") {
    const Activation t = Activation::tanh, s = Activation::sigmoid, r = Activation::relu, i = Activation::linear;
    const std::vector<std::vector<std::pair<std::int32_t, Activation>>> chains = {
        {{1, t}},
        {{9, t}, {2, i}, {5, s}},
        {{7, s}, {5, t}, {3, t}, {4, r}, {8, t}},
        {{12, t}, {12, t}, {1, t}, {12, t}, {12, t}},
        {{20, r}, {2, t}},
    };
    for (const auto &chain : chains) {
        Errors e;
        for (std::int32_t seed = 1; seed <= 4; ++seed) {
            Parameters words;
            words.seed = seed;
            words.hidden = chain;
            words.rate = 0.25;
            Source source(5, 3, static_cast<std::uint64_t>(seed));
            look(e, words, 5, smooth_frame(words, 5, source));
        }
        CAPTURE(chain.size());
        check(e);
    }
}
