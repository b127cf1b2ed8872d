// The subspace by behaviour: what opens components, shares, restarts, epochs, ranges under any input and forged images.
#include "detectors/subspace.hpp"
#include "subspace_factors.hpp"

using namespace fixtures;
using namespace twinbit;

namespace {

// All three arithmetics through one test.
template <class Test> void each(Test test) {
    test(F32());
    test(Q15());
    test(Q31());
}

} // namespace

TEST_CASE("subspace: words and features out of range are refused") {
    const auto fits = [](std::vector<std::int32_t> words, std::uint32_t d) {
        Shape shape = {};
        return Subspace<Q15>::shape({words.data(), static_cast<std::uint32_t>(words.size()), d}, shape);
    };
    CHECK(fits({1, 0, 0}, 1));
    CHECK(fits({32, 4 * 65536, 65536}, 4098));
    CHECK(fits({8, 0, 2}, 8));
    CHECK_FALSE(fits({8, 0, 0}, 7));
    CHECK_FALSE(fits({0, 0, 0}, 7));
    CHECK_FALSE(fits({33, 0, 0}, 64));
    CHECK_FALSE(fits({1, -1, 0}, 4));
    CHECK_FALSE(fits({1, 4 * 65536 + 1, 0}, 4));
    CHECK_FALSE(fits({1, 0, 1}, 4));
    CHECK_FALSE(fits({1, 0, -1}, 4));
    CHECK_FALSE(fits({1, 0, 65537}, 4));
    CHECK_FALSE(fits({1, 0}, 4));
    CHECK_FALSE(fits({1, 0, 0, 0}, 4));
    CHECK_FALSE(fits({1, 0, 0}, 4099));
}

TEST_CASE("subspace: ready after two frames; what never moves opens no component and is no anomaly") {
    each([](auto policy) {
        using P = decltype(policy);
        Model<Subspace, P> m({2, 0, 0}, 4);
        CHECK_FALSE(m.detector().ready());
        const Frame still = {4000, -77, 32767, -32767};
        for (int t = 0; t < 200; ++t) {
            REQUIRE(m.learn(still) == TB_OK);
        }
        CHECK(m.detector().ready());
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::age) == 0);
        CHECK(m.score(still) == -12 * 65536); // nothing but what rounding leaves
        CHECK(m.explain(still) == Frame(4, 0));
        CHECK(m.score({4000, -77, 30000, -32767}) > -2 * 65536);
        // once it moves, the way it moves becomes the component
        for (int t = 0; t < 400; ++t) {
            REQUIRE(m.learn({4000 + (t % 2) * 4096, -77, 32767, -32767}) == TB_OK);
        }
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::age) == 399);
        CHECK(m.score({-20000, -77, 32767, -32767}) < -10 * 65536);
    });
}

TEST_CASE("subspace: shares add up to one and name the feature that left the plane") {
    each([](auto policy) {
        Model<Subspace, decltype(policy)> m({3, 0, 0}, 16);
        Factors data(16, 3, 8);
        for (int t = 0; t < 1000; ++t) {
            REQUIRE(m.learn(data.frame()) == TB_OK);
        }
        Frame x = data.frame();
        x[5] += 20000;
        const Frame shares = m.explain(x);
        std::int32_t sum = 0;
        for (const std::int32_t s : shares) {
            CHECK(s >= 0);
            sum += s;
        }
        CHECK(std::abs(sum - 65536) <= 16);
        CHECK(shares[5] == *std::max_element(shares.begin(), shares.end()));
        CHECK(shares[5] > 40000);
    });
}

TEST_CASE("subspace: a restart at any step changes nothing; a score changes nothing") {
    each([](auto policy) {
        using P = decltype(policy);
        Model<Subspace, P> a({3, 65536, 50}, 7);
        Model<Subspace, P> b({3, 65536, 50}, 7);
        Factors data(7, 3, 9);
        for (int t = 0; t < 300; ++t) {
            const Frame x = data.frame();
            std::int32_t sa = 0;
            std::int32_t sb = 0;
            REQUIRE(a.learn(x, &sa) == TB_OK);
            b.restart();
            b.score(x);
            REQUIRE(b.learn(x, &sb) == TB_OK);
            REQUIRE(sa == sb);
            REQUIRE(a.image == b.image);
            REQUIRE(a.score(x) == b.score(x));
        }
    });
}

TEST_CASE("subspace: finite and in range under constant, periodic and random input, with a window") {
    each([](auto policy) {
        for (const std::int32_t window : {2, 30, 0}) {
            for (int kind = 0; kind < 4; ++kind) {
                Model<Subspace, decltype(policy)> m({2, 4 * 65536, window}, 3);
                Random random(3);
                for (int t = 0; t < 100000; ++t) {
                    const int side = t % 2 == 0 ? 32767 : -32767;
                    const Frame x = kind == 0   ? Frame{32767, -32767, 5}
                                    : kind == 1 ? Frame{side, -side, side}
                                    : kind == 2 ? Frame{t % 7 * 4000, t % 5 * -4000, 1}
                                                : random.frame(3, 0, 20000);
                    REQUIRE(m.learn(x) == TB_OK);
                }
                CAPTURE(window, kind);
                CHECK(m.in_range());
                CHECK(std::abs(m.score({0, 0, 32767})) < 12 * 65536 + 1);
            }
        }
    });
}

TEST_CASE("subspace: images of random bytes in range are safe, and learning leads back into range") {
    each([](auto policy) {
        using P = decltype(policy);
        Random random(4);
        for (int round = 0; round < 200; ++round) {
            Model<Subspace, P> m({3, 65536, 20}, 5);
            forge(m, random);
            REQUIRE(m.in_range());
            m.restart();
            for (int t = 0; t < 50; ++t) {
                const Frame x = random.frame(5, 0, 20000);
                m.score(x);
                m.explain(x);
                REQUIRE(m.learn(x) == TB_OK);
                REQUIRE(m.in_range());
            }
        }
    });
}

TEST_CASE("subspace: ordinary data saturate nothing") {
    for (const std::uint32_t d : {3u, 16u, 64u}) {
        Model<Subspace, Q15With<Count>> q15({3, 0, 0}, d);
        Model<Subspace, Q31With<Count>> q31({3, 0, 0}, d);
        Factors data(d, 3, 10);
        Count::clips = 0;
        for (int t = 0; t < 3000; ++t) {
            const Frame x = data.frame();
            REQUIRE(q15.learn(x) == TB_OK);
            REQUIRE(q31.learn(x) == TB_OK);
        }
        CHECK(Count::clips == 0);
    }
    // nor do all features at their limits at once
    Model<Subspace, Q15With<Count>> q15({2, 0, 2}, 4098);
    Model<Subspace, Q31With<Count>> q31({2, 0, 2}, 4098);
    for (int t = 0; t < 20; ++t) {
        const Frame x(4098, t % 3 == 0 ? 32767 : -32767);
        REQUIRE(q15.learn(x) == TB_OK);
        REQUIRE(q31.learn(x) == TB_OK);
    }
    CHECK(Count::clips == 0);
    CHECK(q15.in_range());
    CHECK(q31.in_range());
}

TEST_CASE("subspace: does not merge; an epoch goes on from what was learned, which then weighs less") {
    each([](auto policy) {
        using P = decltype(policy);
        Model<Subspace, P> m({2, 0, 0}, 4);
        Random random(6);
        for (int t = 0; t < 1000; ++t) {
            REQUIRE(m.learn(random.frame(4)) == TB_OK);
        }
        const auto learned = m.image;
        CHECK(m.detector().merge(m.block(), 1) == TB_ERR_UNSUPPORTED);
        CHECK(m.detector().can_merge(m.block(), 1) == TB_ERR_UNSUPPORTED);
        CHECK(m.detector().prune(1) == TB_ERR_UNSUPPORTED);
        CHECK(m.image == learned);
        const Frame x = random.frame(4);
        const std::int32_t before = m.score(x);
        m.detector().new_epoch();
        CHECK(m.score(x) == before);
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::count) == 256);
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::age, 1) == 256);
    });
}
