// Univariate: close to its formulas in double, the same from a saved image, unmoved by scoring, safe with forged images.
#include "univariate_reference.hpp"

using namespace fixtures;

namespace {

struct Run {
    explicit Run(std::uint8_t arithmetic, std::uint64_t seed = 3)
        : m(28, arithmetic, Univariate::words(), 2), random(seed) {}

    Row next() {
        Row x = {measured(random, t), clock_of(m.stage.arithmetic, phase_of(t))};
        ++t;
        return x;
    }
    DetectorBench m;
    Random random;
    int t = 0;
};

} // namespace

TEST_CASE("Univariate: scores are those of the formulas in double, but where a bin's edge lies between them") {
    for (const std::uint8_t arithmetic : arithmetics) {
        CAPTURE(arithmetic_name(arithmetic));
        Run run(arithmetic);
        Univariate reference;
        double difference = 0;
        double rare = 0;
        for (int t = 0; t < 4000; ++t) {
            const Row x = run.next();
            const double expected = reference.step(x[0], phase_of(t));
            if (t == 0) {
                run.m.learn(x);
                continue;
            }
            const double score = run.m.score(x);
            run.m.follow(x, true);
            difference += std::fabs(score - expected);
            rare = std::max(rare, expected);
        }
        CHECK(difference / 4000 < 0.05);
        CHECK(rare > 15);
    }
}

TEST_CASE("Univariate: Q15 and Q31 are one form; learning is scoring and following") {
    Run q15(TB_Q15);
    Run q31(TB_Q31);
    Run learned(TB_Q31);
    q15.m.learn(q15.next());
    q31.m.learn(q31.next());
    learned.m.learn(learned.next());
    for (int t = 1; t < 500; ++t) {
        const Row x = q15.next();
        const double score = q15.m.score(x);
        CHECK(q31.m.score(q31.next()) == score);
        q15.m.follow(x, false);
        q31.m.follow(x, true);
        std::int32_t s = 0;
        learned.m.learn(learned.next(), &s);
        CHECK(octaves(s) == score);
    }
    CHECK(q15.m.bytes() == q31.m.bytes());
    CHECK(learned.m.bytes() == q31.m.bytes());
}

TEST_CASE("Univariate: scoring moves nothing, and an image goes on elsewhere to the same bytes") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Run run(arithmetic);
        for (int t = 0; t < 300; ++t) {
            run.m.learn(run.next());
        }
        const Bytes image = run.m.bytes();
        run.m.score({900000, 0});
        run.m.explain({900000, 0});
        CHECK(run.m.bytes() == image);
        Run other(arithmetic, 99);
        other.m.set(image);
        for (int t = 0; t < 300; ++t) {
            const Row x = run.next();
            CHECK(run.m.score(x) == other.m.score(x));
            run.m.follow(x, true);
            other.m.follow(x, true);
        }
        CHECK(run.m.bytes() == other.m.bytes());
        run.m.new_epoch();
        CHECK(run.m.bytes() == Bytes(image.size()));
        CHECK_FALSE(run.m.ready());
    }
}

TEST_CASE("Univariate: what is usual at noon is rare at night; a constant is never rare, its end is") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Run run(arithmetic);
        for (int t = 0; t < 144 * 12; ++t) {
            run.m.learn({300000 + 80000 * std::sin(6.283185307179586 * (t % 144) / 144) + 1000 * run.random.normal(),
                         clock_of(arithmetic, phase_of(t))});
        }
        const Bytes image = run.m.bytes();
        double rarest[2] = {}; // of a plateau at the day's highest: at its time, and half a day later
        for (const int late : {0, 1}) {
            run.m.set(image);
            for (int t = 0; t < 12; ++t) {
                const Row x = {380000, clock_of(arithmetic, phase_of(late != 0 ? 108 : 36))};
                rarest[late] = std::max(rarest[late], run.m.score(x));
                run.m.learn(x);
            }
        }
        CHECK(rarest[1] > rarest[0] + 3);

        DetectorBench still(28, arithmetic, Univariate::words(), 2);
        for (int t = 0; t < 500; ++t) {
            still.learn({7000, clock_of(arithmetic, phase_of(t))});
            CHECK(still.score({7000, clock_of(arithmetic, phase_of(t))}) == 0);
        }
        CHECK(still.score({7001, 0}) > 8);
    }
}

TEST_CASE("Univariate: images with any numbers that loading lets through are scored and learned") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(17);
        const Words words = Univariate::words();
        const twinbit::Setup setup = {words.data(), static_cast<std::uint32_t>(words.size()), 2};
        DetectorBench m(28, arithmetic, words, 2);
        twinbit::Shape shape = {};
        REQUIRE(m.stage.shape(setup, shape));
        for (int i = 0; i < 30; ++i) {
            m.set(hostile_block(m.stage, shape, random));
            for (int t = 0; t < 30; ++t) {
                const Row x = {static_cast<double>(random.integer(-8388607, 8388607)),
                               clock_of(arithmetic, random.uniform())};
                const double s = m.score(x);
                CHECK((s >= 0 && s < 64));
                m.follow(x, true);
            }
        }
    }
}

TEST_CASE("Univariate: words out of range are refused") {
    const tb_stage &stage = *tb_stage_by_id(28, TB_Q15);
    twinbit::Shape shape = {};
    const auto takes = [&](const Words &w, std::uint32_t inputs) {
        return stage.shape({w.data(), static_cast<std::uint32_t>(w.size()), inputs}, shape);
    };
    const Words good = Univariate::words();
    CHECK(takes(good, 2));
    CHECK_FALSE(takes(good, 1));
    CHECK_FALSE(takes(good, 3));
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::int32_t bad : {-1, INT32_MAX}) {
            Words w = good;
            w[i] = bad;
            CAPTURE(i, bad);
            CHECK_FALSE(takes(w, 2));
        }
    }
    Words short_of = good;
    short_of.pop_back();
    CHECK_FALSE(takes(short_of, 2));
    Words no_clock = good;
    no_clock[0] = 1;
    CHECK(takes(no_clock, 1));
    CHECK_FALSE(takes(no_clock, 2));
}
