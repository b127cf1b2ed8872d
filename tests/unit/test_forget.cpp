// Forgetting by halves: what stays (means, spreads, scores), and what later frames weigh.
#include "detectors/fade.hpp"
#include "detectors/kmeans_state.hpp"
#include "forget_bench.hpp"

using namespace fixtures;
using namespace fixtures::forgetting;

TEST_CASE("forget: numbers fade by exactly the share of their count, rounded half up") {
    Random random(1);
    for (int round = 0; round < 200000; ++round) {
        const auto whole = static_cast<std::uint32_t>(random.integer(1, 131071));
        const twinbit::Fade f = twinbit::half_of(whole, static_cast<std::uint32_t>(random.integer(0, 300)));
        const auto v = static_cast<std::int64_t>(random.bits()) >> random.integer(0, 63);
        const __int128 twice = __int128{2} * v * f.part + f.whole;
        __int128 expected = twice / (2 * static_cast<__int128>(f.whole));
        expected -= twice < 0 && expected * 2 * f.whole != twice ? 1 : 0; // rounded down, not toward zero
        CAPTURE(v, f.part, f.whole);
        REQUIRE(twinbit::faded(v, f) == static_cast<std::int64_t>(expected));
    }
    CHECK(twinbit::half_of(1).part == 1);
    CHECK(twinbit::half_of(0).part == 0);
    CHECK(twinbit::half_of(101).part == 51);
    CHECK(twinbit::half_of(100, 80).part == 80);
    CHECK(twinbit::half_of(60, 80).part == 60);
    CHECK(twinbit::faded(std::int64_t{77}, {0, 0}) == 77);
    CHECK(twinbit::faded(3.0f, {1, 2}) == 1.5f);
}

// What may change: k-means and diagonal distances are drawn more to what all clusters have in common, an ELM's ridge
// weighs twice.
TEST_CASE("forget: scores stay") {
    const double drawn[kinds] = {2e-3, 0.06, 2e-3, 0.15, 1e-4, 2e-3, 0.02, 0.01, 0.01, 0.06, 0.01};
    for (std::size_t i = 0; i < kinds; ++i) {
        for (const std::uint8_t arithmetic : arithmetics) {
            for (const int frames : {600, 601}) {
                const Kind &k = additive[i];
                const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
                Source source(k, 5);
                learn(d, source, frames);
                d.settle();
                const Vector before = scores(d, k);
                REQUIRE(d.forget() == TB_OK);
                CAPTURE(k.name, arithmetic_name(arithmetic), frames);
                CHECK(d.ready());
                CHECK(farthest(before, scores(d, k)) <= drawn[i]);
                const Bytes after = d.bytes();
                d.settle(); // it was settled
                CHECK(d.bytes() == after);
            }
        }
    }
}

TEST_CASE("forget: again and again, means and spreads stay and something is left") {
    for (std::size_t i = 0; i < kinds; ++i) {
        for (const std::uint8_t arithmetic : arithmetics) {
            const Kind &k = additive[i];
            const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 7);
            learn(d, source, 1000);
            d.settle();
            const Vector before = scores(d, k);
            for (int n = 0; n < 5; ++n) {
                REQUIRE(d.forget() == TB_OK);
            }
            CAPTURE(k.name, arithmetic_name(arithmetic));
            CHECK(farthest(before, scores(d, k)) <= 1.0);
            for (int n = 0; n < 20; ++n) {
                REQUIRE(d.forget() == TB_OK);
            }
            CHECK(d.ready());
            for (const double s : scores(d, k)) {
                CHECK(std::isfinite(s));
            }
            learn(d, source, 50); // and it goes on
        }
    }
}

TEST_CASE("forget: a narrow feature far from zero keeps its spread") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const Kind &k : {additive[2], additive[5], additive[6], additive[7]}) {
            const double unit = k.raw ? 1 : 0x1p-12;
            const DetectorBench d(k.id, arithmetic, k.words, 2);
            Random random(3);
            for (int t = 0; t < 801; ++t) { // 7.5, give or take three units
                REQUIRE(d.learn({30000 * unit + random.integer(-3, 3) * unit, random.integer(-900, 900) * unit}) ==
                        TB_OK);
            }
            d.settle();
            const Vector probe = {30008 * unit, 0};
            const double before = d.score(probe);
            REQUIRE(d.forget() == TB_OK);
            const double once = d.score(probe);
            REQUIRE(d.forget() == TB_OK);
            CAPTURE(k.name, arithmetic_name(arithmetic), before, once);
            CHECK(std::fabs(once - before) < 0.02);
            CHECK(std::fabs(d.score(probe) - before) < 0.05);
        }
    }
}

// One cluster learns n frames, forgets, and learns m more: its mean is ((n + 1) / 2 a + sum of the m) / ((n + 1) / 2 + m).
TEST_CASE("forget: later frames weigh twice as much, to the last bit of the mean") {
    using State = twinbit::KMeansState<twinbit::Q15>;
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const int first : {300, 301}) {
            if (arithmetic == TB_F32) {
                continue;
            }
            const Kind &k = additive[0];
            const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 11);
            Vector sum(k.inputs);
            const auto add = [&](int frames) {
                for (int t = 0; t < frames; ++t) {
                    const Vector x = source.next();
                    REQUIRE(d.learn(x) == TB_OK);
                    for (std::size_t i = 0; i < x.size(); ++i) {
                        sum[i] += x[i];
                    }
                }
            };
            add(first);
            const int left = (first + 1) / 2;
            for (double &s : sum) {
                s *= static_cast<double>(left) / first;
            }
            REQUIRE(d.forget() == TB_OK);
            add(77);
            std::uint32_t offset[State::fields];
            twinbit::place(d.stage.fields, State::fields, d.shape.n, offset);
            const bool q15 = arithmetic == TB_Q15;
            const std::uint32_t centroid = offset[State::centroid];
            const Bytes image = d.bytes();
            CHECK(get<std::uint32_t>(image, offset[State::count]) == static_cast<std::uint32_t>(left + 77));
            for (std::uint32_t i = 0; i < k.inputs; ++i) {
                const double unit = q15 ? 0x1p-12 : 0x1p-20;
                const double got =
                    q15 ? get<std::int16_t>(image, centroid + 2 * i) : get<std::int32_t>(image, centroid + 4 * i);
                CHECK(std::fabs(got * unit - sum[i] / (left + 77)) <= 0.51 * unit);
            }
        }
    }
}

TEST_CASE("forget: full sums have room again") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const Kind &k = additive[2];
        const DetectorBench d(k.id, arithmetic, k.words, 1);
        Random random(2);
        tb_status status = TB_OK;
        for (int t = 0; t < 65537 && status == TB_OK; ++t) {
            status = d.learn({random.integer(-4000, 4000) * 0x1p-12});
        }
        CHECK(status == TB_ERR_RANGE);
        REQUIRE(d.forget() == TB_OK);
        CHECK(get<std::uint32_t>(d.bytes(), 0) == 32768);
        CHECK(d.learn({0.5}) == TB_OK);
    }
}

TEST_CASE("forget: a deviation's averages go on counting") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const Kind k = {"deviation", {share31(0.2), 200, share31(0.01)}, 4, 21, true};
        const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
        Source source(k, 4);
        learn(d, source, 300);
        REQUIRE(d.forget() == TB_OK);
        CHECK(get<std::uint32_t>(d.bytes(), 0) == 200); // rows: those that averages settle in stay
        CHECK(get<std::uint32_t>(d.bytes(), 8) == 50);  // that count
        learn(d, source, 10);
        CHECK(get<std::uint32_t>(d.bytes(), 8) == 60);
    }
}
