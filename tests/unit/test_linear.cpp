// core/linear against Eigen in double and 128-bit integers: factors, inverses, sums in their written order, distances.
#include "catch.hpp"
#include "linear/distance.hpp"
#include "linear/whiten.hpp"
#include "numbers/bits.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>
#include <random>
#include <vector>

using namespace twinbit;
using Eigen::Index;
using Eigen::MatrixXd;

namespace {

std::vector<float> packed(const MatrixXd &a) {
    std::vector<float> v;
    for (Index i = 0; i < a.rows(); ++i) {
        for (Index j = 0; j <= i; ++j) {
            v.push_back(static_cast<float>(a(i, j)));
        }
    }
    return v;
}

MatrixXd unpacked(const std::vector<float> &v, Index n) {
    MatrixXd a = MatrixXd::Zero(n, n);
    std::size_t at = 0;
    for (Index i = 0; i < n; ++i) {
        for (Index j = 0; j <= i; ++j) {
            a(i, j) = static_cast<double>(v[at++]);
        }
    }
    return a;
}

// A covariance of n features with condition number of a few hundred at most, exactly representable in float.
MatrixXd covariance(Index n, std::mt19937 &engine) {
    std::normal_distribution<double> normal;
    MatrixXd b(n, 3 * n);
    for (Index i = 0; i < b.size(); ++i) {
        b.data()[i] = normal(engine);
    }
    const MatrixXd c = b * b.transpose() / static_cast<double>(3 * n) + 0.1 * MatrixXd::Identity(n, n);
    return c.cast<float>().cast<double>();
}

std::vector<float> random_floats(std::size_t n, std::mt19937 &engine) {
    std::uniform_real_distribution<float> uniform(-8, 8);
    std::vector<float> v(n);
    for (float &x : v) {
        x = uniform(engine);
    }
    return v;
}

} // namespace

TEST_CASE("Cholesky: factor and inverse agree with Eigen in double to float's precision") {
    std::mt19937 engine(1);
    for (const Index n : {1, 2, 3, 8, 17, 32}) {
        CAPTURE(n);
        const MatrixXd c = covariance(n, engine);
        std::vector<float> l = packed(c);
        cholesky(l.data(), static_cast<std::uint32_t>(n), 0x1p-26f);
        const MatrixXd expected = Eigen::LLT<MatrixXd>(c).matrixL();
        CHECK((unpacked(l, n) - expected).cwiseAbs().maxCoeff() < 2e-6);
        invert_lower(l.data(), static_cast<std::uint32_t>(n));
        const MatrixXd inverse = expected.triangularView<Eigen::Lower>().solve(MatrixXd::Identity(n, n));
        CHECK((unpacked(l, n) - inverse).cwiseAbs().maxCoeff() < 1e-5 * inverse.cwiseAbs().maxCoeff());
    }
}

TEST_CASE("Cholesky: a feature whose pivot vanishes stands alone") {
    std::vector<float> singular = {4, 4, 4, 0, 0, -1}; // rows (4), (4 4), (0 0 -1)
    cholesky(singular.data(), 3, 0x1p-26f);
    CHECK(singular == std::vector<float>{2, 0, 2, 0, 0, 0x1p-13f});
    std::vector<float> small = {1, 0.5f, 0.25f + 0x1p-24f}; // the second pivot is four times the least: kept as it is
    cholesky(small.data(), 2, 0x1p-26f);
    CHECK(small == std::vector<float>{1, 0.5f, 0x1p-12f});
}

TEST_CASE("Cholesky: an indefinite matrix gives a finite factor") {
    const std::uint32_t n = 24;
    std::mt19937 engine(5);
    auto l = random_floats(triangle(n), engine);
    for (std::uint32_t i = 0; i < n; ++i) {
        l[triangle_at(i, i)] = 0x1p-20f; // far less than beside it
    }
    cholesky(l.data(), n, 0x1p-26f);
    for (std::uint32_t i = 0; i < n; ++i) {
        for (std::uint32_t j = 0; j <= i; ++j) {
            CHECK(std::abs(l[triangle_at(i, j)]) <= 0x1p-10f);
        }
    }
}

TEST_CASE("sums over a vector have one order: eight lanes, then a tree, as a vector unit adds") {
    std::mt19937 engine(2);
    for (std::size_t n = 0; n < 70; ++n) {
        const auto v = random_floats(n, engine);
        using Vector = Eigen::Array<float, 8, 1>;
        Vector lanes = Vector::Zero();
        for (std::size_t i = 0; i < n; i += 8) {
            Vector next = Vector::Zero();
            for (std::size_t k = 0; k < 8 && i + k < n; ++k) {
                next[static_cast<Index>(k)] = v[i + k];
            }
            lanes += next; // what is missing at the end adds +0, which changes no sum
        }
        const Eigen::Array<float, 4, 1> half = lanes.head<4>() + lanes.tail<4>();
        const Eigen::Array<float, 2, 1> quarter = half.head<2>() + half.tail<2>();
        const float sum = lane_sum(n, [&](std::size_t i) { return v[i]; });
        CHECK(float_bits(sum) == float_bits(quarter[0] + quarter[1]));
    }
}

TEST_CASE("the order of a sum matters: from left to right gives other bits") {
    std::mt19937 engine(3);
    int different = 0;
    for (int t = 0; t < 100; ++t) {
        const auto v = random_floats(64, engine);
        float plain = 0;
        for (const float x : v) {
            plain += x;
        }
        different += plain != lane_sum(64, [&](std::size_t i) { return v[i]; }) ? 1 : 0;
    }
    CHECK(different > 50);
}

TEST_CASE("squared distances in fixed point are exact, rounded once in Q31") {
    std::mt19937 engine(4);
    std::uniform_int_distribution<std::int32_t> q15(-32767, 32767);
    std::uniform_int_distribution<std::int32_t> q31(-Q31::sample_limit, Q31::sample_limit);
    for (const std::uint32_t n : {1u, 7u, 8u, 100u, 4098u}) {
        std::vector<Q15::Sample> a(n), b(n);
        std::vector<Q31::Sample> c(n), d(n);
        __int128 sum15 = 0;
        __int128 sum31 = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            a[i].raw = static_cast<std::int16_t>(i == 0 ? 32767 : q15(engine));
            b[i].raw = static_cast<std::int16_t>(i == 0 ? -32767 : q15(engine));
            c[i].raw = i < 50 ? Q31::sample_limit : q31(engine);
            d[i].raw = i < 50 ? -Q31::sample_limit : q31(engine);
            sum15 += __int128{a[i].raw - b[i].raw} * (a[i].raw - b[i].raw);
            sum31 += __int128{c[i].raw - d[i].raw} * (c[i].raw - d[i].raw);
        }
        CHECK(__int128{square_distance(a.data(), b.data(), n)} == sum15);
        CHECK(__int128{square_distance(c.data(), d.data(), n)} == (sum31 + 32768) / 65536);
    }
}

TEST_CASE("squared distances in float are sums of lanes") {
    std::mt19937 engine(5);
    const auto a = random_floats(29, engine);
    const auto b = random_floats(29, engine);
    float lanes[8] = {};
    for (std::size_t i = 0; i < 29; ++i) {
        const float d = a[i] - b[i];
        const float square = d * d;
        lanes[i % 8] += square;
    }
    const float expected =
        ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) + ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
    CHECK(float_bits(square_distance(a.data(), b.data(), 29)) == float_bits(expected));
}

TEST_CASE("rows of a factor as mantissas with one power of two: as near as their bits allow") {
    std::mt19937 engine(6);
    std::uniform_real_distribution<float> uniform(-1, 1);
    for (const float scale : {0x1p-12f, 1.0f, 300.0f, 4096.0f}) {
        std::vector<float> w(triangle(6));
        for (float &x : w) {
            x = scale * uniform(engine);
        }
        std::int16_t weight15[21];
        std::int32_t weight31[21], exponent15[6], exponent31[6];
        const WhitenRows<Q15> q15 = {weight15, exponent15};
        const WhitenRows<Q31> q31 = {weight31, exponent31};
        q15.set(w.data(), 6);
        q31.set(w.data(), 6);
        for (std::uint32_t i = 0; i < 6; ++i) {
            float most = 0;
            for (std::uint32_t j = 0; j <= i; ++j) {
                most = std::max(most, std::fabs(w[triangle_at(i, j)]));
            }
            for (std::uint32_t j = 0; j <= i; ++j) {
                CHECK(std::fabs(q15.real_weight(i, j) - w[triangle_at(i, j)]) <= most * 0x1p-14f);
                CHECK(std::fabs(q31.real_weight(i, j) - w[triangle_at(i, j)]) <= most * 0x1p-23f);
            }
        }
    }
}

TEST_CASE("shares: parts of a whole, nothing of nothing") {
    CHECK(share(std::uint64_t{1}, std::uint64_t{4}) == 16384);
    CHECK(share(std::uint64_t{0}, std::uint64_t{0}) == 0);
    CHECK(share(std::uint64_t{1} << 40, std::uint64_t{1} << 40) == 65536);
    CHECK(share(-0.5f, 1.0f) == -32768);
    CHECK(share(1.0f, 0.0f) == 0);
}
