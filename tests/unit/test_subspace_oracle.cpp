// The subspace against the header's recursion in double, and against the principal components of all frames at once.
#include "detectors/subspace.hpp"
#include "subspace_factors.hpp"

#include <Eigen/Eigenvalues>

using namespace fixtures;
using namespace twinbit;
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

// The recursion as the header writes it.
class Plain {
  public:
    Plain(std::size_t k, double amnesic, double window, Eigen::Index d)
        : amnesic_(amnesic), window_(window), mean_(VectorXd::Zero(d)), v_(k), age_(k, 0) {}

    void learn(const Frame &frame) {
        const VectorXd x = real(frame);
        n_ = next(n_);
        mean_ += (x - mean_) * weight(n_);
        VectorXd u = x - mean_;
        for (std::size_t i = 0; i < v_.size(); ++i) {
            if (age_[i] > 0) {
                age_[i] = next(age_[i]);
                v_[i] += (u.dot(v_[i].normalized()) * u - v_[i]) * weight(age_[i]);
            } else if (u.squaredNorm() > std::ldexp(static_cast<double>(u.size()), -24)) {
                age_[i] = 1;
                v_[i] = u;
            } else {
                continue;
            }
            u -= u.dot(v_[i].normalized()) * v_[i].normalized();
        }
    }
    VectorXd residual(const Frame &frame) const {
        VectorXd u = real(frame) - mean_;
        for (std::size_t i = 0; i < v_.size(); ++i) {
            if (age_[i] > 0) {
                u -= u.dot(v_[i].normalized()) * v_[i].normalized();
            }
        }
        return u;
    }
    double score(const Frame &frame) const {
        const auto d = static_cast<double>(frame.size());
        return 0.5 * std::log2(residual(frame).squaredNorm() / d + std::ldexp(1, -24));
    }
    const VectorXd &vector(std::size_t i) const { return v_[i]; }

  private:
    double next(double n) const { return n < window_ ? n + 1 : n; }
    double weight(double n) const { return n == 1 ? 1 : std::min(0.5, (1 + amnesic_) / n); }

    double amnesic_, window_, n_ = 0;
    VectorXd mean_;
    std::vector<VectorXd> v_;
    std::vector<double> age_;
};

template <class P> VectorXd vector_of(const Model<Subspace, P> &m, std::uint32_t i, std::uint32_t d) {
    using Unit = typename SubspaceNumbers<P>::Unit;
    VectorXd v(d);
    for (std::uint32_t j = 0; j < d; ++j) {
        v[j] = static_cast<double>(m.template field<Unit>(SubspaceState<P>::direction, i * d + j));
    }
    return v;
}

struct Worst {
    double score = 0, cosine = 1;
};

// Scores before each frame and directions at the end, against the double recursion.
template <class P> Worst against_double(std::uint32_t d, std::int32_t k, double amnesic, std::int32_t window) {
    Model<Subspace, P> m({k, static_cast<std::int32_t>(amnesic * 65536), window}, d);
    Plain plain(static_cast<std::size_t>(k), amnesic, window == 0 ? 65536 : window, static_cast<Eigen::Index>(d));
    Factors data(d, k, d + static_cast<std::uint32_t>(k));
    Worst worst;
    for (int t = 0; t < 2000; ++t) {
        const Frame x = data.frame();
        if (t > 2 * k + 10) {
            worst.score = std::max(worst.score, std::fabs(octaves(m.score(x)) - plain.score(x)));
        }
        REQUIRE(m.learn(x) == TB_OK);
        plain.learn(x);
    }
    for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(k); ++i) {
        const double c = vector_of(m, i, d).normalized().dot(plain.vector(i).normalized());
        worst.cosine = std::min(worst.cosine, c);
    }
    return worst;
}

// Sine of the largest angle between the k components and the first k principal components of all frames.
template <class P> double angle_to_batch(std::uint32_t d, std::uint32_t k, int frames) {
    Model<Subspace, P> m({static_cast<std::int32_t>(k), 0, 0}, d);
    Factors data(d, static_cast<int>(k), 5);
    MatrixXd all(frames, d);
    for (int t = 0; t < frames; ++t) {
        const Frame x = data.frame();
        all.row(t) = real(x);
        REQUIRE(m.learn(x) == TB_OK);
    }
    const MatrixXd centred = all.rowwise() - all.colwise().mean();
    const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(centred.transpose() * centred);
    const MatrixXd plane = eigen.eigenvectors().rightCols(k);
    double worst = 0;
    for (std::uint32_t i = 0; i < k; ++i) {
        const VectorXd v = vector_of(m, i, d).normalized();
        worst = std::max(worst, (v - plane * (plane.transpose() * v)).norm());
    }
    return worst;
}

} // namespace

TEST_CASE("subspace: follows its recursion in double within the stated bounds") {
    for (const std::uint32_t d : {5u, 8u, 33u, 64u}) {
        for (const std::int32_t k : {1, 3}) {
            for (const double amnesic : {0.0, 2.0}) {
                for (const std::int32_t window : {0, 100}) {
                    CAPTURE(d, k, amnesic, window);
                    const Worst q15 = against_double<Q15>(d, k, amnesic, window);
                    const Worst q31 = against_double<Q31>(d, k, amnesic, window);
                    const Worst f32 = against_double<F32>(d, k, amnesic, window);
                    CHECK(q15.score < 0.01);
                    CHECK(q31.score < 1e-3);
                    CHECK(f32.score < 1e-3);
                    CHECK(1 - q15.cosine < 1e-6);
                    CHECK(1 - q31.cosine < 1e-11);
                    CHECK(1 - f32.cosine < 1e-11);
                    CHECK(q15.score > 1e-6); // the oracle does not compute the same thing
                }
            }
        }
    }
}

TEST_CASE("subspace: spans the principal components of all frames, where they are well apart") {
    CHECK(angle_to_batch<F32>(16, 3, 4000) < 0.02);
    CHECK(angle_to_batch<Q15>(16, 3, 4000) < 0.02);
    CHECK(angle_to_batch<Q31>(16, 3, 4000) < 0.02);
    // the longer, the closer: small steps are not lost
    CHECK(angle_to_batch<Q15>(16, 3, 40000) < 0.1 * angle_to_batch<Q15>(16, 3, 1000));
}
