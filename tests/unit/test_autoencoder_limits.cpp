// What an autoencoder limits: nothing on ordinary data, and everything else stays in range.
#include "autoencoder_reference.hpp"

using namespace autoencoders;
using namespace fixtures;
using namespace twinbit;

TEST_CASE("autoencoder: no saturation on ordinary data, and extremes are limited and counted") {
    using Counting15 = Q15With<Count>;
    using Counting31 = Q31With<Count>;
    std::vector<Parameters> cases(4);
    cases[1] = with_momentum(0.9);
    cases[1].decay = 1e-4;
    cases[2].hidden = {{6, Activation::relu}, {3, Activation::linear}, {6, Activation::sigmoid}};
    cases[3].output = Activation::tanh;
    for (const Parameters &p : cases) {
        Net<Counting15> q15(p, 12);
        Net<Counting31> q31(p, 12);
        Source source(12, 3);
        Count::clips = 0;
        for (int t = 0; t < 5000; ++t) {
            const Frame x = source.next();
            q15.learn(x);
            q31.learn(x);
        }
        CHECK(Count::clips == 0);
    }
    Parameters wild;
    wild.hidden = {{4, Activation::linear}};
    wild.rate = 0.5;
    Net<Counting15> net(wild, 12);
    fixtures::Random random(3);
    for (int t = 0; t < 200; ++t) {
        Frame x(12);
        for (auto &v : x) {
            v = random.integer(0, 1) != 0 ? 32767 : -32767;
        }
        net.learn(x);
    }
    CHECK(Count::clips > 0);
}

TEST_CASE("autoencoder: stays finite and in range whatever comes in, at the highest rate") {
    in_each([](auto policy) {
        using P = decltype(policy);
        for (const Activation a : {Activation::linear, Activation::tanh, Activation::sigmoid, Activation::relu}) {
            Parameters p = with_momentum(0.99);
            p.hidden = {{6, a}, {2, a}, {6, a}, {6, a}, {6, a}};
            p.output = a == Activation::relu ? a : Activation::linear;
            p.rate = 0.5;
            Net<P> net(p, 8);
            fixtures::Random random(5);
            for (int t = 0; t < 4000; ++t) {
                Frame x(8);
                for (auto &v : x) {
                    v = random.integer(0, 1) != 0 ? 32767 : -32767;
                }
                std::int32_t score = 0;
                REQUIRE(net.learn(x, &score) == TB_OK);
                REQUIRE(net.in_range());
                REQUIRE(std::abs(score) < 64 * 65536);
            }
            CHECK(net.level(Frame(8, 0)) < 10);
        }
    });
}

TEST_CASE("autoencoder: any image that passes the range check is safe to compute with") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Parameters p = with_momentum(0.5);
        p.hidden = {{6, Activation::tanh}, {6, Activation::linear}, {4, Activation::relu}}; // 164 weights: no padding
        p.decay = 0.1;
        p.patience = 10;
        fixtures::Random random(6);
        int checked = 0;
        for (int k = 0; k < 2000; ++k) {
            Net<P> net(p, 8);
            for (std::size_t i = 0; i < net.image.size(); i += 4) {
                const std::uint64_t r = random.bits();
                std::uint32_t v = static_cast<std::uint32_t>(r);
                if (k % 2 == 0) { // extremes: floats of at most 2^36, integers at their ends
                    v = std::is_same_v<P, F32> ? ((v & 0x80000000u) | ((127u + 10u) << 23))
                                               : (v & 1u ? 0x80000000u : 0x7FFFFFFFu);
                } else if (std::is_same_v<P, F32>) {
                    v = (v & 0x807FFFFFu) | ((120u + static_cast<std::uint32_t>(r >> 60)) << 23);
                }
                put(net.image, i, i < 40 ? (i % 8 == 0 ? static_cast<std::uint32_t>(r >> 40) : 0u) : v);
            }
            if (!net.in_range()) {
                continue;
            }
            ++checked;
            for (int t = 0; t < 5; ++t) {
                const Frame x = random.frame(8, 0, 20000);
                std::int32_t score = 0;
                net.learn(x, &score);
                net.explain(x);
                REQUIRE(std::abs(score) < 64 * 65536);
                REQUIRE(net.in_range());
            }
        }
        CHECK(checked > 500);
    });
}

TEST_CASE("autoencoder: a rate that has halved to 0 moves nothing, and shifts stay within a word") {
    in_each([](auto policy) {
        using P = decltype(policy);
        Parameters p;
        p.hidden = {{5, Activation::tanh}, {4, Activation::linear}};
        p.halving = 1;
        Net<P> net(p, 8);
        fixtures::Random random(9);
        for (int t = 0; t < 40; ++t) {
            net.learn(random.frame(8, 0, 3000));
        }
        const Layers rest = net.layers();
        for (int t = 0; t < 10; ++t) {
            REQUIRE(net.learn(random.frame(8, 0, 32767)) == TB_OK);
        }
        CHECK(largest_difference(rest, net.layers()) == 0);
    });
    using N15 = Neural<Q15>;
    using N31 = Neural<Q31>;
    for (const bool unit : {false, true}) { // the shift of gradients()
        const int shift15 = N15::step(0, 0, N15::places_of(unit)).exponent - (43 - N15::places_of(unit));
        const int shift31 = N31::step(0, 0, N31::places_of(unit)).exponent - (51 - N31::places_of(unit));
        CHECK(shift15 + N15::error_places > 0);
        CHECK(shift15 + N15::delta_places <= 31);
        CHECK(shift31 + N31::error_places >= 0);
    }
}

TEST_CASE("autoencoder: a forged image that is new and has ended learning stays as it is") {
    in_each([](auto policy) {
        Parameters p;
        p.patience = 5;
        Net<decltype(policy)> net(p, 4);
        put(net.image, 8 * 4, std::uint32_t{5}); // since
        const fixtures::Bytes before = net.image;
        std::int32_t score = 7;
        CHECK(net.learn(Frame(4, 100), &score) == TB_ERR_RANGE);
        CHECK(net.image == before);
        CHECK(score == 7);
    });
}
