// Seasonal: deviations against the formulas in double; what is learned when; forged images.
#include "univariate_reference.hpp"

using namespace fixtures;

namespace {

const Words words = {12, 300, 20, 900, 49152, 12};

Row channels(Random &random, int t, std::uint8_t arithmetic) {
    return {measured(random, t), std::floor(0.02 * measured(random, t + 40)), clock_of(arithmetic, phase_of(t))};
}

} // namespace

TEST_CASE("Seasonal: the worst channel's deviation is that of the formulas in double") {
    for (const std::uint8_t arithmetic : arithmetics) {
        CAPTURE(arithmetic_name(arithmetic));
        Random random(1);
        DetectorBench m(27, arithmetic, words, 3);
        Baseline plain[2];
        double worst = 0;
        for (int t = 0; t < 3000; ++t) {
            const Row x = channels(random, t, arithmetic);
            const auto bin = static_cast<std::size_t>(phase_of(t) * 12);
            double most = 0;
            for (std::size_t j = 0; j < 2; ++j) {
                most = std::max(most, std::fabs(plain[j].look(x[j], bin)));
                plain[j].learn(x[j], bin);
            }
            CHECK(m.ready() == (t >= 2));
            if (t >= 2 && most > 0.01) { // below, the last bits of z count
                worst = std::max(worst, std::fabs(m.score(x) - std::log2(most)));
            }
            m.learn(x);
        }
        CHECK(worst < 0.03);
    }
}

TEST_CASE("Seasonal: frames over the threshold move the average and nothing that is learned") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(2);
        DetectorBench m(27, arithmetic, words, 3);
        for (int t = 0; t < 600; ++t) {
            m.learn(channels(random, t, arithmetic));
        }
        const Row odd = {800000, 6000, clock_of(arithmetic, 0.3)};
        const Bytes before = m.bytes();
        const double first = m.score(odd);
        m.explain(odd);
        CHECK(m.bytes() == before);
        for (int i = 0; i < 200; ++i) {
            m.follow(odd, false);
        }
        CHECK(m.score(odd) > first);
        CHECK(std::fabs(m.score(odd) - 3) < 0.01); // 8 spreads, still
        const Row usual = channels(random, 600, arithmetic);
        for (int i = 0; i < 100; ++i) {
            m.follow(usual, false);
        }
        CHECK(m.score(usual) < 1);
        for (int i = 0; i < 2000; ++i) {
            m.follow(odd, true);
        }
        CHECK(m.score(odd) < 0); // learned
    }
}

TEST_CASE("Seasonal: without a clock every feature is a channel; shares go to the worst") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(3);
        Words one = words;
        one[0] = 1;
        DetectorBench m(27, arithmetic, one, 2);
        for (int t = 0; t < 400; ++t) {
            m.learn({std::floor(1000 + 50 * random.normal()), std::floor(-1000 + 50 * random.normal())});
        }
        CHECK(m.explain({1000, -5000}) == Row{0, 1});
        CHECK(m.explain({5000, -1000}) == Row{1, 0});
        CHECK(m.merge(m.bytes()) == TB_ERR_UNSUPPORTED);
        m.new_epoch();
        CHECK_FALSE(m.ready());
    }
}

TEST_CASE("Seasonal: a slow level follows by less than a raw unit a frame") {
    DetectorBench m(27, TB_Q15, {1, 4000, 1, 4000, 0, 1}, 1);
    for (int t = 0; t < 100; ++t) {
        m.learn({0});
    }
    for (int t = 0; t < 20000; ++t) {
        m.learn({3});
    }
    const double level = static_cast<double>(twinbit::peek<std::int64_t>(m.bytes().data() + 8)) * 0x1p-16;
    CHECK(level > 2.95);
}

TEST_CASE("Seasonal: images with any numbers that loading lets through are scored and learned") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(5);
        DetectorBench m(27, arithmetic, words, 3);
        twinbit::Shape shape = {};
        REQUIRE(m.stage.shape({words.data(), 6, 3}, shape));
        for (int i = 0; i < 50; ++i) {
            m.set(hostile_block(m.stage, shape, random));
            for (int t = 0; t < 20; ++t) {
                const Row x = {static_cast<double>(random.integer(-8388607, 8388607)), 8388607,
                               clock_of(arithmetic, random.uniform())};
                const double s = m.score(x);
                CHECK((s >= -32 && s < 64));
                m.follow(x, t % 2 == 0);
            }
        }
    }
}
