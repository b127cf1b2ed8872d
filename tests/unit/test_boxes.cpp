// Boxes: distances against plain boxes in double, ranges that grow, what adapts when, forged images.
#include "univariate_reference.hpp"

#include "detectors/boxes_codebook.hpp"

using namespace fixtures;

namespace {

Words words(std::int32_t boxes, std::int32_t adapt, std::int32_t average = 1) { return {boxes, 9830, average, adapt}; }

// Three features of different units that belong together.
Row together(Random &random) {
    const double a = random.uniform();
    return {std::floor(1e6 * a), std::floor(-400 + 300 * a + 20 * random.normal()),
            std::floor(40000 * random.uniform())};
}

// Boxes on ranges that are known beforehand.
struct Plain {
    Codebook codebook = {40};
    Row least, most;
    int t = 0;
    double step(const Row &x) {
        Row gain;
        for (std::size_t j = 0; j < x.size(); ++j) {
            gain.push_back(most[j] > least[j] ? 1 / (most[j] - least[j]) : 0);
        }
        const double novelty = codebook.look(x, gain);
        codebook.learn(x, gain, ++t);
        return octaves_of(novelty);
    }
};

} // namespace

TEST_CASE("Boxes: novelties are those of boxes in double") {
    for (const std::uint8_t arithmetic : arithmetics) {
        CAPTURE(arithmetic_name(arithmetic));
        Random random(1);
        DetectorBench m(23, arithmetic, words(40, 2), 3);
        Plain plain;
        const std::vector<Row> corners = {{0, -500, 0}, {1048576, 0, 40960}};
        plain.least = corners[0];
        plain.most = corners[0];
        m.learn(corners[0]);
        plain.step(corners[0]);
        plain.most = corners[1];
        m.learn(corners[1]);
        plain.step(corners[1]);
        int apart = 0;
        for (int t = 0; t < 1500; ++t) {
            const Row x = together(random);
            const double expected = plain.step(x);
            const double score = m.score(x);
            m.follow(x, true);
            // what lies within two units of 2^-14 may be in or out; a box that just grew or not leads elsewhere
            apart += expected > -12 && std::fabs(score - expected) > 0.02 ? 1 : 0;
        }
        CHECK(apart < 30);
        CHECK(m.score({2e6, 0, 0}) > m.score({1.1e6, 0, 0}));
    }
}

TEST_CASE("Boxes: a range that outgrows its 16 bits keeps its boxes, and scores as it will be learned") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(2);
        DetectorBench m(23, arithmetic, words(16, 2), 1);
        for (int t = 0; t < 200; ++t) {
            m.learn({static_cast<double>(random.integer(1000, 1999))});
        }
        CHECK(m.score({1500}) < -9); // within what was seen, but for rounding
        const double far = m.score({64000});
        CHECK(std::fabs(far - std::log2(62000.0 / 63000)) < 0.05); // almost the whole new range away
        m.learn({64000});
        CHECK(m.score({1500}) < -9);
        CHECK(m.score({64000}) == -32);
        CHECK(std::fabs(m.score({33000}) - std::log2(31000.0 / 63000)) < 0.05);
        CHECK(m.score({-8388607}) < 0.01);
    }
}

TEST_CASE("Boxes: never, with calm frames or always adapted to") {
    for (const std::int32_t adapt : {0, 1, 2}) {
        for (const std::uint8_t arithmetic : arithmetics) {
            Random random(3);
            DetectorBench m(23, arithmetic, words(16, adapt), 3);
            for (int t = 0; t < 200; ++t) {
                m.learn(together(random));
            }
            const Row odd = {500000, 2000, 20000};
            const double first = m.score(odd);
            m.follow(odd, false);
            CHECK((m.score(odd) < first) == (adapt == 2));
            m.follow(odd, true);
            CHECK((m.score(odd) < first) == (adapt >= 1));
        }
    }
}

TEST_CASE("Boxes: shares are those of the distance and add up; scoring moves nothing; new epochs begin with nothing") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(4);
        DetectorBench m(23, arithmetic, words(16, 2, 4), 3);
        CHECK(m.explain({1, 2, 3}) == Row{0, 0, 0});
        for (int t = 0; t < 200; ++t) {
            m.learn(together(random));
        }
        const Bytes before = m.bytes();
        const Row shares = m.explain({500000, 3000, 20000});
        CHECK(std::fabs(shares[0] + shares[1] + shares[2] - 1) < 0.001);
        CHECK(shares[1] > 0.9);
        m.score({0, 0, 0});
        CHECK(m.bytes() == before);
        m.new_epoch();
        CHECK(m.bytes() == Bytes(before.size()));
        CHECK(m.merge(before) == TB_ERR_UNSUPPORTED);
    }
}

TEST_CASE("Boxes: the box that was not nearest for longest is replaced") {
    std::int16_t low[6] = {};
    std::int16_t high[6] = {};
    std::uint32_t used[3] = {};
    twinbit::Codebook codebook(low, high, used, 3, 2, 2);
    const auto learn = [&](std::int16_t a, std::int16_t b, std::uint32_t now) {
        const twinbit::Coordinate x[2] = {{1u << 12, a, 0}, {1u << 12, b, 0}};
        const twinbit::Nearest near = codebook.nearest(x);
        codebook.learn(x, near, 1u << 20, now);
        return near;
    };
    CHECK(learn(0, 0, 1).box == 3);
    learn(10000, 0, 2);
    learn(0, 10000, 3);
    CHECK(learn(10, 0, 4).distance == 10u << 12); // grows
    CHECK(high[0] == 10);
    CHECK(learn(10100, 0, 5).distance == 100u << 12);
    CHECK(learn(-20000, -20000, 6).box == 0);
    CHECK(used[2] == 6); // (0, 10000) was the oldest
    CHECK(low[4] == -20000);
    const twinbit::Coordinate coarse[2] = {{1u << 12, -10000, 1}, {1u << 12, -5000, 2}};
    const twinbit::Nearest near = codebook.nearest(coarse);
    CHECK((near.box == 2 && near.distance == 0)); // -20000 in units twice and four times as large
    codebook.learn(coarse, near, 1u << 20, 7);
    CHECK((low[4] == -10000 && high[4] == -10000 && low[5] == -5000));
}

TEST_CASE("Boxes: images with any numbers that loading lets through are scored and learned") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(5);
        const Words w = words(8, 2, 5);
        DetectorBench m(23, arithmetic, w, 3);
        twinbit::Shape shape = {};
        REQUIRE(m.stage.shape({w.data(), 4, 3}, shape));
        for (int i = 0; i < 50; ++i) {
            m.set(hostile_block(m.stage, shape, random));
            for (int t = 0; t < 20; ++t) {
                const Row x = {static_cast<double>(random.integer(-8388607, 8388607)),
                               static_cast<double>(random.integer(-9, 9)), 8388607};
                const double s = m.score(x);
                CHECK((s >= -32 && s < 64));
                m.explain(x);
                m.follow(x, true);
            }
        }
    }
}
