// The Mahalanobis detector: its sums against 128-bit integers, its scores and shares against Eigen in double.
#include "fixtures.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>

using namespace fixtures;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

VectorXd real(const Frame &x) {
    VectorXd v(static_cast<Eigen::Index>(x.size()));
    for (std::size_t i = 0; i < x.size(); ++i) {
        v[static_cast<Eigen::Index>(i)] = x[i] / 4096.0;
    }
    return v;
}

// The header's formulas: mean, covariance about it, shrunk toward its diagonal, with the ridge.
struct Oracle {
    VectorXd mean;
    MatrixXd covariance;
    Eigen::LLT<MatrixXd> factor;

    Oracle(const std::vector<Frame> &frames, double shrinkage) {
        const auto n = static_cast<double>(frames.size());
        const auto d = static_cast<Eigen::Index>(frames[0].size());
        mean = VectorXd::Zero(d);
        for (const Frame &x : frames) {
            mean += real(x) / n;
        }
        covariance = MatrixXd::Zero(d, d);
        for (const Frame &x : frames) {
            covariance += (real(x) - mean) * (real(x) - mean).transpose() / n;
        }
        const VectorXd own = covariance.diagonal();
        covariance *= 1 - shrinkage;
        covariance.diagonal() = own.array() + std::ldexp(1, -24) + std::ldexp(own.mean(), -12);
        factor.compute(covariance);
    }
    double score(const Frame &x) const {
        const VectorXd e = real(x) - mean;
        const double d = static_cast<double>(x.size());
        return 0.5 * std::log2(e.dot(factor.solve(e)) / d + std::ldexp(1, -24));
    }
    VectorXd shares(const Frame &x) const {
        const VectorXd e = real(x) - mean;
        const VectorXd pull = factor.solve(e);
        return e.cwiseProduct(pull) / e.dot(pull);
    }
};

// Channels that follow a common swing by different amounts, each with noise of its own.
Frame correlated(Random &random, std::uint32_t d) {
    const double swing = random.normal();
    Frame x = random.frame(d, 500, 700);
    for (std::uint32_t i = 0; i < d; ++i) {
        x[i] += static_cast<std::int32_t>(swing * 400 * (1 + i % 4) * (i % 2 == 0 ? 1 : -1));
    }
    return x;
}

struct Errors {
    double score, share;
};

Errors worst(std::uint8_t arithmetic, std::uint32_t d, std::int32_t shrinkage) {
    Spec spec = without_scaler({});
    spec.arithmetic = arithmetic;
    spec.detector = Detector::mahalanobis;
    spec.channels = d;
    spec.shrinkage = shrinkage;
    Machine m(spec);
    Random random(d);
    std::vector<Frame> frames;
    for (int t = 0; t < 500; ++t) {
        frames.push_back(correlated(random, d));
        m.learn(frames.back());
    }
    const Oracle oracle(frames, shrinkage / 65536.0);
    Errors e = {0, 0};
    for (int t = 0; t < 300; ++t) {
        const Frame x = t % 2 == 0 ? correlated(random, d) : random.frame(d, 0, 5000);
        e.score = std::max(e.score, std::fabs(octaves(m.score(x)) - oracle.score(x)));
        const auto shares = m.explain(x);
        for (std::uint32_t i = 0; i < d; ++i) {
            e.share = std::max(e.share, std::fabs(octaves(shares[i]) - oracle.shares(x)[static_cast<Eigen::Index>(i)]));
        }
    }
    return e;
}

} // namespace

TEST_CASE("Mahalanobis: scores and shares follow Eigen in double within the stated bounds") {
    for (const std::uint32_t d : {1u, 3u, 8u, 21u}) {
        for (const std::int32_t shrinkage : {0, 655, 32768, 65536}) {
            CAPTURE(d, shrinkage);
            const Errors q15 = worst(TB_Q15, d, shrinkage);
            const Errors q31 = worst(TB_Q31, d, shrinkage);
            const Errors f32 = worst(TB_F32, d, shrinkage);
            CHECK(q15.score < 0.02);
            CHECK(q31.score < 1e-3);
            CHECK(f32.score < 1e-3);
            CHECK(q15.share < 0.02);
            CHECK(q31.share < 1e-3);
            CHECK(f32.share < 1e-3);
        }
    }
}

TEST_CASE("Mahalanobis: its sums are the exact sums, in Q15 and Q31") {
    for (const int arithmetic : {TB_Q15, TB_Q31}) {
        Spec spec = without_scaler({});
        spec.arithmetic = static_cast<std::uint8_t>(arithmetic);
        spec.detector = Detector::mahalanobis;
        spec.channels = 5;
        Machine m(spec);
        Random random(3);
        std::vector<__int128> sum(5), product(15);
        const int up = arithmetic == TB_Q15 ? 0 : 8;
        for (int t = 0; t < 400; ++t) {
            const Frame x = t % 3 == 0 ? Frame(5, t % 2 == 0 ? 32767 : -32767) : random.frame(5, 0, 20000);
            m.learn(x);
            for (std::uint32_t i = 0; i < 5; ++i) {
                sum[i] += __int128{x[i]} * (1 << up);
                for (std::uint32_t j = 0; j <= i; ++j) {
                    product[i * (i + 1) / 2 + j] += (__int128{x[i]} * (1 << up)) * (__int128{x[j]} * (1 << up));
                }
            }
        }
        CHECK(m.field<std::uint32_t>(2, 0) == 400);
        for (std::uint32_t i = 0; i < 5; ++i) {
            const __int128 s = up == 0 ? m.field<std::int32_t>(2, 8 + 4 * i) : m.field<std::int64_t>(2, 8 + 8 * i);
            CHECK(s == sum[i]);
        }
        for (std::uint32_t i = 0; i < 15; ++i) {
            CHECK(__int128{m.field<std::int64_t>(2, (up == 0 ? 8 + 24 : 8 + 40) + 8 * i)} == product[i]);
        }
    }
}

TEST_CASE("Mahalanobis: shares add up to one, and may be negative") {
    for (const Spec &base : each(Detector::mahalanobis, without_scaler({}))) {
        Machine m(base);
        Random random(4);
        for (int t = 0; t < 300; ++t) {
            const std::int32_t swing = random.integer(-4000, 4000);
            m.learn({swing + random.integer(-200, 200), swing + random.integer(-200, 200), random.integer(-500, 500)});
        }
        const auto shares = m.explain({3000, 0, 0}); // channel 1 is near its mean, yet not where channel 0 says
        CHECK(std::abs(shares[0] + shares[1] + shares[2] - 65536) < 300);
        CHECK(*std::min_element(shares.begin(), shares.end()) < 0);
    }
}

TEST_CASE("Mahalanobis: channels that never move, or move as one, neither crash nor hide the others") {
    for (const Spec &base : each(Detector::mahalanobis, without_scaler({}))) {
        Spec spec = base;
        spec.shrinkage = 0;
        Machine m(spec);
        Random random(5);
        for (int t = 0; t < 200; ++t) {
            const std::int32_t v = random.integer(-3000, 3000);
            m.learn({v, v, 77});
        }
        const std::int32_t usual = m.score({1000, 1000, 77});
        CHECK(octaves(usual) < 1.5);
        CHECK(m.score({1000, 1000, 177}) > usual);
        CHECK(m.score({1000, -1000, 77}) > usual + 65536);
    }
}

TEST_CASE("Mahalanobis: scores from two frames on, and learns no more when its sums are full") {
    for (const Spec &base : each(Detector::mahalanobis, without_scaler({}))) {
        Spec spec = base;
        spec.channels = 2;
        Machine m(spec);
        std::int32_t score = 7;
        const Frame x = {32767, -32767};
        m.learn(x);
        CHECK(tb_score_i32(&m.m, x.data(), 2, nullptr, &score) == TB_ERR_STATE);
        CHECK(score == 7);
        m.learn(x);
        CHECK(tb_score_i32(&m.m, x.data(), 2, nullptr, &score) == TB_OK);
        for (int t = 2; t < 65536; ++t) {
            m.learn(x);
        }
        const Bytes full = m.bytes();
        CHECK(tb_learn_i32(&m.m, x.data(), 2, nullptr) == TB_ERR_RANGE);
        CHECK(m.bytes() == full);
        CHECK(octaves(m.score(x)) < (spec.arithmetic == TB_F32 ? 3 : -5));
        Machine other(spec);
        CHECK(other.load(m.saved()) == TB_OK);
        CHECK(other.score(x) == m.score(x));
    }
}
