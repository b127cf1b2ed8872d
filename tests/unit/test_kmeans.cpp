// k-means by behaviour: scores against a plain double implementation, shares, seeding, full clusters, what epochs and
// restoring do to its state.
#include "fixtures.hpp"

#include "detectors/kmeans.hpp"

#include <cmath>

using namespace fixtures;

namespace {

// Sequential k-means with well separated modes, in double: the same seeding rule, nothing rounded.
struct Plain {
    struct Cluster {
        double n, spread;
        std::vector<double> sum;
    };
    std::size_t clusters;
    std::vector<Cluster> open;

    static double distance(const Cluster &c, const std::vector<double> &x) {
        double s = 0;
        for (std::size_t i = 0; i < x.size(); ++i) {
            s += std::pow(x[i] - c.sum[i] / c.n, 2);
        }
        return s;
    }
    Cluster &nearest(const std::vector<double> &x) {
        std::size_t best = 0;
        for (std::size_t j = 1; j < open.size(); ++j) {
            best = distance(open[j], x) < distance(open[best], x) ? j : best;
        }
        return open[best];
    }
    double pooled() const {
        double spread = 0;
        double n = 0;
        for (const Cluster &c : open) {
            spread += c.spread;
            n += c.n;
        }
        return spread / n;
    }
    double score(const std::vector<double> &x) {
        const Cluster &c = nearest(x);
        const double least = std::ldexp(static_cast<double>(x.size()), -24);
        return 0.5 * std::log2((distance(c, x) + least) / ((c.spread + 32 * pooled()) / (c.n + 32) + least));
    }
    void learn(const std::vector<double> &x) {
        if (open.size() < clusters) {
            open.push_back({1, 0, x});
            return;
        }
        Cluster &c = nearest(x);
        c.spread += distance(c, x);
        c.n += 1;
        for (std::size_t i = 0; i < x.size(); ++i) {
            c.sum[i] += x[i];
        }
    }
};

std::vector<double> real(const Frame &x) {
    std::vector<double> v;
    for (const std::int32_t c : x) {
        v.push_back(c / 4096.0);
    }
    return v;
}

// Largest difference of scores over a run, in octaves.
double worst_score(std::uint8_t arithmetic) {
    Spec spec = without_scaler({});
    spec.arithmetic = arithmetic;
    spec.channels = 4;
    spec.clusters = 2;
    Machine m(spec);
    Plain plain = {2, {}};
    Random random(11);
    double worst = 0;
    for (int t = 0; t < 3000; ++t) {
        // the first two frames come from different modes, so that both implementations open the same clusters
        Frame x = random.frame(4, t % 2 == 0 ? -9000 : 9000, 900);
        if (t > 1) {
            worst = std::max(worst, std::fabs(octaves(m.score(x)) - plain.score(real(x))));
        }
        m.learn(x);
        plain.learn(real(x));
    }
    return worst;
}

} // namespace

TEST_CASE("k-means: scores follow a double implementation within the stated bounds") {
    // Q15: centroids are rounded to 2^-13 each, against distances of 0.2 and more; Q31 and F32: 2^-21 and float's own.
    CHECK(worst_score(TB_Q15) < 0.01);
    CHECK(worst_score(TB_Q31) < 1e-4);
    CHECK(worst_score(TB_F32) < 1e-4);
    CHECK(worst_score(TB_Q15) > 1e-6); // the oracle does not compute the same thing
}

TEST_CASE("k-means: the shares of a score add up to one and name the feature that moved") {
    for (const Spec &base : each(Detector::kmeans)) {
        Spec spec = without_scaler(base);
        Machine m(spec);
        Random random(12);
        for (int t = 0; t < 200; ++t) {
            m.learn(random.frame(3, 0, 300));
        }
        const auto shares = m.explain({0, 12000, 0});
        CHECK(std::abs(shares[0] + shares[1] + shares[2] - 65536) <= 3);
        CHECK(shares[1] > 65000);
        CHECK(shares[0] >= 0);
    }
}

TEST_CASE("k-means: a frame on a centroid has a low score and no shares") {
    Spec spec = without_scaler({});
    spec.clusters = 1;
    Machine m(spec);
    m.learn({100, 200, 300});
    CHECK(m.explain({100, 200, 300}) == Frame{0, 0, 0});
    CHECK(m.score({100, 200, 300}) == 0); // distance and spread are both the least there is
}

TEST_CASE("k-means: equal frames open one cluster only, a later one opens the next") {
    Machine m(without_scaler({}));
    for (int t = 0; t < 10; ++t) {
        m.learn({5, 6, 7});
    }
    CHECK(m.field<std::uint32_t>(2, 0) == 1);
    m.learn({5, 6, 8});
    CHECK(m.field<std::uint32_t>(2, 0) == 2);
}

TEST_CASE("k-means: the first of equally near clusters gets the frame") {
    Spec spec = without_scaler({});
    spec.clusters = 2;
    Machine m(spec);
    m.learn({-100, 0, 0});
    m.learn({100, 0, 0});
    m.learn({0, 0, 0});
    const std::uint32_t count =
        16 + 16 + 8 + 16; // after open and epoch, start of 2 x 3 int16 padded to 16, weight, start_spread
    CHECK(m.field<std::uint32_t>(2, count) == 2);
    CHECK(m.field<std::uint32_t>(2, count + 4) == 1);
}

TEST_CASE("k-means: a full cluster learns no more, says so, and its sums are exact to the end") {
    for (const Spec &base : each(Detector::kmeans)) {
        Spec spec = without_scaler(base);
        spec.clusters = 1;
        spec.channels = 1;
        Machine m(spec);
        const std::int32_t x = 32767;
        std::uint32_t done = 0;
        const std::vector<std::int32_t> frames(65536, x);
        REQUIRE(tb_learn_i32_many(&m.m, frames.data(), 65536, 1, nullptr, &done) == TB_OK);
        const Bytes before = m.bytes();
        CHECK(tb_learn_i32(&m.m, &x, 1, nullptr) == TB_ERR_RANGE);
        CHECK(m.bytes() == before);
        CHECK(m.score({x}) < 65536); // the centroid is the sample still, give or take float's rounding
        Machine other(spec);
        CHECK(other.load(m.saved()) == TB_OK); // also where float sums were rounded upwards
    }
}

TEST_CASE("k-means: an epoch before anything was learned changes nothing that later frames need") {
    Spec spec = without_scaler({});
    Machine m(spec);
    REQUIRE(tb_new_epoch(&m.m) == TB_OK);
    Random random(13);
    for (int t = 0; t < 50; ++t) {
        m.learn(random.mode_frame(3, 2));
    }
    CHECK(m.score({0, 0, 0}) > 0);
    Machine other(spec);
    CHECK(other.load(m.saved()) == TB_OK);
}

TEST_CASE("k-means: restoring right after an epoch, or with a negative zero, keeps every byte") {
    Spec spec = without_scaler({});
    spec.arithmetic = TB_F32;
    Machine m(spec);
    const float zero[3] = {-0.0f, -0.0f, 1.0f};
    REQUIRE(tb_learn_f32(&m.m, zero, 3, nullptr) == TB_OK);
    Machine first(spec);
    REQUIRE(first.load(m.saved()) == TB_OK);
    CHECK(first.bytes() == m.saved());
    Random random(14);
    for (int t = 0; t < 70; ++t) { // counts that are no powers of two
        m.learn(random.frame(3, 333, 1111));
    }
    REQUIRE(tb_new_epoch(&m.m) == TB_OK);
    Machine second(spec);
    REQUIRE(second.load(m.saved()) == TB_OK);
    CHECK(second.bytes() == m.saved());
}

TEST_CASE("k-means: with frozen centroids an epoch moves counts, not centroids") {
    for (const Spec &base : each(Detector::kmeans, without_scaler({}))) {
        Spec spec = base;
        spec.frozen = 1;
        spec.prior = 10;
        Machine m(spec);
        Random random(15);
        for (int t = 0; t < 100; ++t) {
            m.learn(random.mode_frame(3, 2));
        }
        REQUIRE(tb_new_epoch(&m.m) == TB_OK);
        const std::uint32_t sample = spec.arithmetic == TB_Q15 ? 2 : 4;
        const std::uint32_t starts = 4 * 3 * sample;
        const auto start_of = [&] {
            return Bytes(m.m.image + m.m.block[2] + 16, m.m.image + m.m.block[2] + 16 + starts);
        };
        const auto centroid_of = [&] {
            const std::uint8_t *end = m.m.image + m.m.block[3] - 8;
            return Bytes(end - (starts + 7) / 8 * 8, end - (starts + 7) / 8 * 8 + starts);
        };
        REQUIRE(start_of() == centroid_of());
        for (int t = 0; t < 100; ++t) {
            m.learn(random.mode_frame(3, 3));
        }
        CHECK(start_of() == centroid_of());
        REQUIRE(tb_new_epoch(&m.m) == TB_OK); // now they move to where the frames were
        CHECK(start_of() == centroid_of());
    }
}
