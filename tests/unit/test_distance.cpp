// Distance to modes: scores and shares against Eigen in double, its sums against 128-bit integers.
#include "distance_bench.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>

using namespace fixtures;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

VectorXd vector(const Row &x) {
    VectorXd v(static_cast<Eigen::Index>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
        v[static_cast<Eigen::Index>(i)] = x[i];
    }
    return v;
}

// The formulas on top of distance.hpp; which mode a frame belongs to is known.
struct Oracle {
    std::vector<std::vector<VectorXd>> frames;
    std::vector<VectorXd> mean;

    explicit Oracle(int modes) : frames(static_cast<std::size_t>(modes)) {}

    void settle() {
        mean.clear();
        for (const auto &some : frames) {
            VectorXd m = VectorXd::Zero(some[0].size());
            for (const VectorXd &x : some) {
                m += x / static_cast<double>(some.size());
            }
            mean.push_back(m);
        }
    }
    std::size_t nearest(const Row &x) const {
        std::size_t best = 0;
        for (std::size_t j = 1; j < mean.size(); ++j) {
            best = (vector(x) - mean[j]).norm() < (vector(x) - mean[best]).norm() ? j : best;
        }
        return best;
    }
    MatrixXd scatter(std::size_t mode) const {
        MatrixXd s = MatrixXd::Zero(frames[0][0].size(), frames[0][0].size());
        VectorXd m = VectorXd::Zero(frames[0][0].size());
        for (const VectorXd &x : frames[mode]) {
            m += x / static_cast<double>(frames[mode].size());
        }
        for (const VectorXd &x : frames[mode]) {
            s += (x - m) * (x - m).transpose();
        }
        return s;
    }
    MatrixXd pooled() const {
        MatrixXd s = MatrixXd::Zero(frames[0][0].size(), frames[0][0].size());
        double n = 0;
        for (std::size_t j = 0; j < frames.size(); ++j) {
            s += scatter(j);
            n += static_cast<double>(frames[j].size());
        }
        return s / n;
    }
    MatrixXd covariance(std::size_t mode, bool is_shared) const {
        const MatrixXd pool = pooled();
        if (!is_shared) {
            const auto n = static_cast<double>(frames[mode].size());
            const VectorXd v = (scatter(mode).diagonal() + 32 * pool.diagonal()) / (n + 32);
            return v.cwiseMax(std::ldexp(1, -24)).asDiagonal();
        }
        MatrixXd c = pool * (1 - shrinkage);
        c.diagonal() = pool.diagonal().array() + std::ldexp(1, -24) + std::ldexp(pool.diagonal().mean(), -12);
        return c;
    }
    // What each feature adds to the squared distance.
    VectorXd parts(const Row &row, std::size_t mode, bool is_shared) const {
        const VectorXd e = vector(row) - mean[mode];
        return e.cwiseProduct(covariance(mode, is_shared).llt().solve(e));
    }
};

struct Errors {
    double score = 0;
    double share = 0;

    void look(const DetectorBench &m, const Oracle &oracle, const Row &x, std::size_t mode, bool is_shared) {
        const VectorXd parts = oracle.parts(x, mode, is_shared);
        const double d = static_cast<double>(x.size());
        score = std::max(score, std::fabs(m.score(x) - 0.5 * std::log2(parts.sum() / d + std::ldexp(1, -24))));
        const auto shares = m.explain(x);
        for (std::size_t i = 0; i < x.size(); ++i) {
            share = std::max(share, std::fabs(shares[i] - parts[static_cast<Eigen::Index>(i)] / parts.sum()));
        }
    }
};

Errors worst(std::uint8_t arithmetic, std::uint32_t d, int modes, bool is_shared) {
    DetectorBench m = distance_bench(arithmetic, d, modes, is_shared ? 1 : 0);
    Modes machine{Random(d), d, modes};
    Oracle oracle(modes);
    for (int t = 0; t < 400; ++t) {
        const int mode = (t / 20) % modes;
        const Row x = machine.frame(mode, 0.05);
        REQUIRE(m.learn(x) == TB_OK);
        oracle.frames[static_cast<std::size_t>(mode)].push_back(vector(x));
    }
    oracle.settle();
    Errors e;
    for (int t = 0; t < 200; ++t) {
        const Row x = machine.frame(t % modes, t % 3 == 0 ? 0.2 : 0.1);
        const std::size_t mode = oracle.nearest(x);
        e.look(m, oracle, x, mode, is_shared);
        m.follow(x, t % 4 != 0);
        oracle.mean[mode] += (t % 4 != 0 ? rate : 0) * (vector(x) - oracle.mean[mode]);
    }
    return e;
}

} // namespace

TEST_CASE("Distance: scores and shares follow Eigen in double, by both kinds, with modes and means that follow") {
    for (const bool is_shared : {false, true}) {
        for (const int modes : {1, 2, 4}) {
            for (const std::uint32_t d : {2u, 5u, 11u}) {
                CAPTURE(is_shared, modes, d);
                const Errors f32 = worst(TB_F32, d, modes, is_shared);
                const Errors q15 = worst(TB_Q15, d, modes, is_shared);
                const Errors q31 = worst(TB_Q31, d, modes, is_shared);
                CHECK(f32.score < 1e-3);
                CHECK(q31.score < 1e-3);
                CHECK(q15.score < 0.05);
                CHECK(f32.share < 1e-3);
                CHECK(q31.share < 1e-3);
                CHECK(q15.share < 0.02);
            }
        }
    }
}

TEST_CASE("Distance: products are the exact sums over all modes, in Q15 and Q31") {
    for (const int arithmetic : {TB_Q15, TB_Q31}) {
        DetectorBench m = distance_bench(static_cast<std::uint8_t>(arithmetic), 3, 4, 1);
        Modes machine{Random(1), 3, 4};
        std::vector<__int128> product(6);
        const double unit = arithmetic == TB_Q15 ? 0x1p12 : 0x1p20;
        for (int t = 0; t < 300; ++t) {
            const Row x = machine.frame(t % 4, 0.5);
            m.learn(x);
            for (std::size_t i = 0, k = 0; i < 3; ++i) {
                for (std::size_t j = 0; j <= i; ++j, ++k) {
                    product[k] += static_cast<__int128>(x[i] * unit) * static_cast<__int128>(x[j] * unit);
                }
            }
        }
        const Bytes bytes = m.bytes();
        for (std::size_t k = 0; k < 6; ++k) {
            CHECK(__int128{get<std::int64_t>(bytes, bytes.size() - 48 + 8 * k)} == product[k]);
        }
    }
}

TEST_CASE("Distance: scoring moves nothing; a frame that is not calm, or a rate of 0, follows nothing") {
    for (const std::uint8_t arithmetic : arithmetics) {
        DetectorBench m = distance_bench(arithmetic, 2, 2, 0);
        DetectorBench still(22, arithmetic, {2, 0, 0, 0, 5}, 2);
        Modes machine{Random(2), 2, 2};
        for (int t = 0; t < 100; ++t) {
            const Row x = machine.frame(t % 2);
            m.learn(x);
            still.learn(x);
        }
        const Bytes before = m.bytes();
        const Row x = {3, -2};
        const double score = m.score(x);
        m.explain(x);
        m.follow(x, false);
        still.follow(x, true);
        CHECK(m.bytes() == before);
        CHECK(still.bytes() == before);
        for (int t = 0; t < 300; ++t) {
            m.follow(x, true);
        }
        CHECK(m.score(x) < score - 3);
        CHECK(std::fabs(m.score(machine.frame(3)) - still.score(machine.frame(3))) < 4); // the scale stays
    }
}

TEST_CASE("Distance: a mode with few frames is judged by the nearest that has enough") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const std::int32_t kind : {0, 1}) {
            DetectorBench m = distance_bench(arithmetic, 2, 2, kind);
            Modes machine{Random(4), 2, 2};
            for (int t = 0; t < 60; ++t) {
                CHECK(m.ready() == (t >= 6)); // the first frame opens a mode of its own
                m.learn(t == 0 ? Row{5, 5} : machine.frame(0));
            }
            CHECK(m.score({5, 5}) > 3);
            for (int t = 0; t < 4; ++t) {
                m.learn({5, 5});
            }
            CHECK(m.score({5, 5}) < 0);
        }
    }
}

TEST_CASE("Distance: features that never move and samples at the limit stay finite") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const std::int32_t kind : {0, 1}) {
            DetectorBench m = distance_bench(arithmetic, 3, 1, kind);
            for (int t = 0; t < 50; ++t) {
                m.learn({1, t % 2 == 0 ? 7.9 : -7.9, 0.5});
            }
            CHECK(m.score({1, 7.9, 0.5}) < 0.5);
            CHECK(m.score({1.5, 7.9, 0.5}) > m.score({1, 7.9, 0.5}) + 1);
            CHECK(m.score({-7.9, 0, -7.9}) < 20);
        }
    }
}

TEST_CASE("Distance: sums are full at 65,536 frames of all modes") {
    for (const std::uint8_t arithmetic : arithmetics) {
        DetectorBench m = distance_bench(arithmetic, 1, 2, 1);
        bool ok = true;
        for (int t = 0; t < 65536; ++t) {
            ok = m.learn({t % 2 == 0 ? 7.75 : -7.75}) == TB_OK && ok;
        }
        CHECK(ok);
        const Bytes full = m.bytes();
        CHECK(m.learn({1}) == TB_ERR_RANGE);
        CHECK(m.bytes() == full);
        CHECK(m.score({7.75}) < 0);
    }
}

// Its scale is the least one there is, so the distance is beyond 48 bits: shares must not wrap.
TEST_CASE("distance: a feature that never moved and now does has the share") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const DetectorBench m = distance_bench(arithmetic, 2, 1, 0);
        for (int i = 0; i < 40; ++i) {
            m.learn({i % 2 == 0 ? 0.5 : -0.5, 0.0});
        }
        for (const double far : {1.0, 7.5, -7.5}) {
            const auto shares = m.explain({0.5, far});
            CAPTURE(arithmetic_name(arithmetic), far, shares[0], shares[1]);
            CHECK(shares[0] >= 0.0);
            CHECK(shares[0] < 0.001);
            CHECK(std::fabs(shares[1] - 1.0) < 0.001);
        }
        const auto both = m.explain({-7.5, 7.5});
        CHECK(std::fabs(both[0] + both[1] - 1.0) < 0.001);
    }
}
