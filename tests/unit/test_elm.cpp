// The ELM autoencoder: its hidden layer, sums and reconstructions against double with Eigen and exact integers.
#include "elm_model.hpp"

using namespace elm_model;
namespace fx = fixtures;

namespace {

constexpr Activation all_activations[] = {Activation::linear, Activation::tanh, Activation::sigmoid, Activation::relu};

// The largest difference of a hidden unit from its formula.
template <class P> double hidden_error(const Settings &s) {
    fx::Random random(s.d);
    const Oracle oracle(s);
    const Model<P> model(s);
    double worst = 0;
    for (int t = 0; t < 40; ++t) {
        const Frame x = t == 0 ? Frame(s.d, 32767) : random.frame(s.d, 0, t % 2 == 0 ? 4096 : 20000);
        const auto samples = model.samples(x);
        const Hidden<P> hidden(static_cast<std::uint32_t>(s.seed), s.activation, s.gain, samples.data(), s.d);
        for (std::uint32_t j = 0; j < static_cast<std::uint32_t>(s.units); ++j) {
            const double h =
                static_cast<double>(hidden.unit(j)) * std::ldexp(1, -Neural<P>::places_of(is_unit(s.activation)));
            worst = std::max(worst, std::fabs(h - oracle.unit(j, real(x))));
        }
    }
    return worst;
}

// y: of all reconstructions together, relative to them; residual: of sqrt(|e|^2 / d); share: of the largest.
struct Errors {
    double y = 0, residual = 0, share = 0;
};

template <class P> Errors errors(const Settings &s, int n) {
    Model<P> model(s);
    Oracle oracle(s);
    for (const Frame &x : swings(s.d, s.d, n)) {
        REQUIRE(model.learn(x) == TB_OK);
        oracle.learn(x);
    }
    oracle.solve();
    Errors e;
    double error = 0;
    double size = 0;
    for (const Frame &x : swings(s.d + 99u, s.d, 100)) {
        const VectorXd y = oracle.reconstruction(x);
        error += (model.reconstruction(x) - y).squaredNorm();
        size += y.squaredNorm();
        const double residual = std::exp2(octaves(model.score(x)));
        e.residual = std::max(e.residual, std::fabs(residual - std::exp2(oracle.score(x))));
        std::vector<std::int32_t> shares(s.d);
        model.elm().explain(model.samples(x).data(), shares.data());
        const VectorXd r = real(x) - y;
        for (std::uint32_t i = 0; i < s.d; ++i) {
            e.share = std::max(e.share, std::fabs(octaves(shares[i]) - r[i] * r[i] / r.squaredNorm()));
        }
    }
    e.y = std::sqrt(error / size);
    return e;
}

} // namespace

TEST_CASE("ELM: hidden units follow their formula in each arithmetic, for every activation, gain and length") {
    for (const Activation g : all_activations) {
        for (const std::uint32_t d : {1u, 2u, 5u, 31u, 32u, 33u, 64u, 100u, 511u}) {
            for (const std::int32_t gain : {-8, -1, 0, 2, 8}) {
                CAPTURE(static_cast<int>(g), d, gain);
                Settings s;
                s.d = d;
                s.activation = g;
                s.gain = gain;
                CHECK(hidden_error<F32>(s) < 3e-5); // 2^8 times a rounded sum
                CHECK(hidden_error<Q15>(s) < (is_unit(g) ? 1.6 * 0x1p-15 : 0.6 * 0x1p-12));
                CHECK(hidden_error<Q31>(s) < (is_unit(g) ? 1.1 * 0x1p-23 : 0.6 * 0x1p-20));
            }
        }
    }
}

TEST_CASE("ELM: reconstructions, scores and shares follow batch ridge regression in double") {
    struct Case {
        std::uint32_t d;
        std::int32_t units;
        Activation g;
        int n;
    };
    constexpr Case cases[] = {
        {3, 2, Activation::tanh, 50},     {8, 8, Activation::tanh, 500},    {32, 8, Activation::tanh, 300},
        {32, 8, Activation::tanh, 20000}, {32, 22, Activation::tanh, 1000}, {33, 40, Activation::tanh, 2000},
        {32, 8, Activation::relu, 300},   {32, 8, Activation::linear, 300}, {32, 16, Activation::sigmoid, 300}};
    for (const Case &c : cases) {
        Settings s;
        s.d = c.d;
        s.units = c.units;
        s.activation = c.g;
        const Errors f32 = errors<F32>(s, c.n);
        const Errors q31 = errors<Q31>(s, c.n);
        const Errors q15 = errors<Q15>(s, c.n);
        CAPTURE(c.d, c.units, static_cast<int>(c.g), c.n);
        CAPTURE(f32.y, q31.y, q15.y, f32.residual, q31.residual, q15.residual, f32.share, q31.share, q15.share);
        CHECK(f32.y < 1e-5);
        CHECK(q31.y < 1e-5);
        CHECK(q15.y < (is_unit(c.g) ? 1e-3 : 4e-3)); // y in steps of 2^-12; then so is h
        CHECK(f32.residual < 1e-5);
        CHECK(q31.residual < 1e-5);
        CHECK(q15.residual < (is_unit(c.g) ? 2e-3 : 4e-3));
        CHECK(f32.share < 1e-4);
        CHECK(q31.share < 1e-4);
        CHECK(q15.share < 5e-3);
    }
}
