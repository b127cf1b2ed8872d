// Learning over thousands of frames: F32 against the reference in double, Q31 and Q15 against F32.
#include "autoencoder_reference.hpp"

using namespace autoencoders;
using namespace fixtures;

namespace {

Parameters words_of(std::vector<std::pair<std::int32_t, Activation>> hidden) {
    Parameters words;
    words.hidden = std::move(hidden);
    return words;
}

// Chains with what the recipe can ask for: schedule, momentum, decay. Deep chains learn slowly here: at a rate of 0.1
// differences in the last bit double every hundred frames, in double as well.
std::vector<Parameters> cases() {
    const Activation t = Activation::tanh, s = Activation::sigmoid, r = Activation::relu, i = Activation::linear;
    std::vector<Parameters> all = {words_of({{4, t}}), words_of({{4, i}}), words_of({{6, s}, {3, t}, {6, r}})};
    all.back().rate = 0.02;
    all.push_back(words_of({{5, t}}));
    all.back().halving = 500;
    all.back().least = 0.01;
    all.push_back(words_of({{8, t}, {3, i}, {8, t}}));
    all.back().has_momentum = true;
    all.back().momentum = 0.9;
    all.back().decay = 1e-4;
    all.back().rate = 0.02;
    return all;
}

struct Distances {
    double weights = 0; // the largest difference of any weight, at the end
    double scores = 0;  // the mean difference of scores, octaves
};

constexpr std::uint32_t d = 12;
constexpr int frames = 4000;

template <class P> Distances from_reference(const Parameters &words) {
    Net<P> net(words, d);
    Reference ref(words, d);
    Source source(d, 3);
    Distances far;
    for (int t = 0; t < frames; ++t) {
        const Frame x = source.next();
        const double expected = ref.level(real(x));
        std::int32_t score = 0;
        REQUIRE(net.learn(x, &score) == TB_OK);
        far.scores += t > 0 ? std::fabs(octaves(score) - expected) / frames : 0;
        ref.learn(real(x));
    }
    far.weights = largest_difference(net.layers(), ref.layers);
    CHECK(ref.level(real(source.next())) < -1); // it has learned
    return far;
}

template <class P> Distances from_float(const Parameters &words) {
    Net<P> net(words, d);
    Net<F32> real(words, d);
    Source source(d, 3);
    Distances far;
    for (int t = 0; t < frames; ++t) {
        const Frame x = source.next();
        std::int32_t a = 0, b = 0;
        REQUIRE(net.learn(x, &a) == TB_OK);
        REQUIRE(real.learn(x, &b) == TB_OK);
        far.scores += std::fabs(octaves(a) - octaves(b)) / frames;
    }
    far.weights = largest_difference(net.layers(), real.layers());
    return far;
}

} // namespace

TEST_CASE("autoencoder: F32 learns as the reference in double") {
    for (const Parameters &words : cases()) {
        const Distances far = from_reference<F32>(words);
        CAPTURE(words.hidden.size(), words.momentum, far.weights, far.scores);
        CHECK(far.weights < 2e-5);
        CHECK(far.scores < 1e-5);
    }
}

TEST_CASE("autoencoder: Q31 and Q15 learn as F32") {
    for (const Parameters &words : cases()) {
        const Distances q31 = from_float<Q31>(words);
        const Distances q15 = from_float<Q15>(words);
        CAPTURE(words.hidden.size(), words.momentum, q31.weights, q31.scores, q15.weights, q15.scores);
        CHECK(q31.weights < 5e-4);
        CHECK(q31.scores < 3e-4);
        CHECK(q15.weights < 0.1);
        CHECK(q15.scores < 0.05);
    }
}

TEST_CASE("autoencoder: Q15 keeps to 16-bit products where frames are wide") {
    Parameters words = words_of({{8, Activation::tanh}});
    words.rate = 0.01; // at 0.1 a net as wide as this is chaotic, in float too
    for (const std::uint32_t wide : {64u, 511u}) {
        Net<Q15> net(words, wide);
        Net<F32> real(words, wide);
        Source source(wide, 4);
        double far = 0;
        for (int t = 0; t < 500; ++t) {
            const Frame x = source.next();
            std::int32_t a = 0, b = 0;
            net.learn(x, &a);
            real.learn(x, &b);
            far += std::fabs(octaves(a) - octaves(b)) / 500;
        }
        CAPTURE(wide, far);
        CHECK(far < 0.01);
    }
}
