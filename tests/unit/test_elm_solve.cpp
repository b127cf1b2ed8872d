// Factor rows, substitution and mantissas of core/linear/solve.hpp against Eigen in double and their definitions.
#include "fixtures.hpp"
#include "linear/solve.hpp"
#include "numbers/bits.hpp"

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include <cmath>

using namespace twinbit;
namespace fx = fixtures;
using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

MatrixXd positive(Index n, fx::Random &random) {
    MatrixXd b(n, 2 * n);
    for (Index i = 0; i < b.size(); ++i) {
        b.data()[i] = random.normal();
    }
    const MatrixXd a = b * b.transpose() + MatrixXd::Identity(n, n);
    return a.cast<float>().cast<double>();
}

std::vector<float> factor_of(const MatrixXd &a) {
    std::vector<float> f;
    for (Index i = 0; i < a.rows(); ++i) {
        for (Index j = 0; j <= i; ++j) {
            f.push_back(static_cast<float>(a(i, j)));
        }
    }
    for (Index i = 0; i < a.rows(); ++i) {
        factor_row(f.data(), static_cast<std::uint32_t>(i));
    }
    return f;
}

} // namespace

TEST_CASE("solve: the factor with reciprocal diagonal, and solutions, agree with Eigen in double") {
    fx::Random random(1);
    for (const Index n : {1, 2, 5, 16, 40}) {
        CAPTURE(n);
        const MatrixXd a = positive(n, random);
        const std::vector<float> f = factor_of(a);
        const MatrixXd l = a.llt().matrixL();
        for (Index i = 0; i < n; ++i) {
            for (Index j = 0; j <= i; ++j) {
                const double v =
                    static_cast<double>(f[triangle_at(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(j))]);
                CHECK(std::fabs(v - (i == j ? 1 / l(i, i) : l(i, j))) < 1e-5);
            }
        }
        VectorXd h(n);
        std::vector<float> z;
        for (Index i = 0; i < n; ++i) {
            h[i] = static_cast<double>(static_cast<float>(random.normal()));
            z.push_back(static_cast<float>(h[i]));
        }
        solve(f.data(), z.data(), static_cast<std::uint32_t>(n));
        const VectorXd expected = a.llt().solve(h);
        for (Index i = 0; i < n; ++i) {
            CHECK(std::fabs(static_cast<double>(z[static_cast<std::size_t>(i)]) - expected[i]) < 1e-5);
        }
    }
}

TEST_CASE("solve: an unknown whose pivot is not above 2^-20 of its diagonal is left out") {
    // The second is half the first, and what is its own is at the limit, or just above it.
    for (const bool own : {false, true}) {
        const float square = 0.25f / (1 - 0x1p-20f) + (own ? 0x1p-22f : 0.0f);
        std::vector<float> a = {1, 0.5f, own ? square : 0.25f + 0x1p-23f, 0.5f, 0.25f, 3};
        for (std::uint32_t i = 0; i < 3; ++i) {
            factor_row(a.data(), i);
        }
        CHECK((a[2] > 0) == own);
        CHECK((a[1] > 0) == own);
        float z[3] = {1, 1, 1};
        solve(a.data(), z, 3);
        CHECK((z[1] != 0) == own);
        CHECK(std::isfinite(z[0]));
    }
    std::vector<float> negative = {-1, 2, 3};
    factor_row(negative.data(), 0);
    factor_row(negative.data(), 1);
    CHECK(negative[0] == 0);
    CHECK(negative[1] == 0);
    CHECK(negative[2] == 1 / std::sqrt(3.0f));
}

TEST_CASE("solve: what is not finite in the end is 0") {
    const std::vector<float> huge = {0x1p+60f, -0x1p+60f, 0x1p+60f};
    float z[2] = {1, 1};
    solve(huge.data(), z, 2);
    CHECK(z[0] == 0);
    CHECK(z[1] == 0);
}

TEST_CASE("solve: mantissas keep 24 bits of the largest, and stay below 2^24") {
    fx::Random random(2);
    for (int t = 0; t < 3000; ++t) {
        float z[5];
        const int scale = random.integer(-50, 20);
        for (float &v : z) {
            v = static_cast<float>(std::ldexp(random.normal(), scale));
        }
        std::int32_t m[5];
        const int e = mantissas(z, m, 5);
        double most = 0;
        for (int j = 0; j < 5; ++j) {
            const double wide = static_cast<double>(z[j]);
            most = std::max(most, std::fabs(wide));
            CHECK(std::abs(m[j]) < 1 << 24);
            if (e > 0 && e < 60) {
                CHECK(m[j] == static_cast<std::int32_t>(std::floor(std::ldexp(wide, e) + 0.5)));
            }
        }
        CHECK((e == 0 || e == 60 || std::ldexp(most, e) >= 0x1p+23));
    }
    const float zeros[2] = {0, -0.0f};
    std::int32_t m[2];
    CHECK(mantissas(zeros, m, 2) == 60);
    CHECK((m[0] == 0 && m[1] == 0));
    const float big[2] = {3e38f, -3e38f};
    CHECK(mantissas(big, m, 2) == 0);
    CHECK((m[0] == (1 << 24) - 1 && m[1] == -(1 << 24) + 1));
}
