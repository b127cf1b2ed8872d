// The subspace against the header's recursion in double, and against the principal components of all frames at once.
#include "detectors/subspace.hpp"
#include "subspace_model.hpp"

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

// Frames of `factors` independent swings of different sizes along fixed random directions, and noise.
class Factors {
  public:
    Factors(std::uint32_t d, int factors, std::uint64_t seed) : random(seed), d_(d) {
        for (int i = 0; i < factors; ++i) {
            VectorXd v(d);
            for (auto &c : v) {
                c = random.normal();
            }
            for (const VectorXd &other : direction) {
                v -= v.dot(other) * other;
            }
            direction.push_back(v.normalized());
        }
    }
    Frame frame(double noise = 200) {
        VectorXd v(d_);
        for (auto &c : v) {
            c = 300 + noise * random.normal();
        }
        double size = 6000;
        for (const VectorXd &dir : direction) {
            v += dir * (size * random.normal());
            size /= 2;
        }
        Frame x(d_);
        for (std::uint32_t i = 0; i < d_; ++i) {
            x[i] = static_cast<std::int32_t>(std::max(-32767.0, std::min(32767.0, v[static_cast<Eigen::Index>(i)])));
        }
        return x;
    }

    Random random;
    std::vector<VectorXd> direction;

  private:
    std::uint32_t d_;
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

// All three arithmetics through one test.
template <class Test> void each(Test test) {
    test(F32());
    test(Q15());
    test(Q31());
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

TEST_CASE("subspace: words and features out of range are refused") {
    const auto fits = [](std::vector<std::int32_t> words, std::uint32_t d) {
        Shape shape = {};
        return Subspace<Q15>::shape({words.data(), static_cast<std::uint32_t>(words.size()), d}, shape);
    };
    CHECK(fits({1, 0, 0}, 1));
    CHECK(fits({32, 4 * 65536, 65536}, 4098));
    CHECK(fits({8, 0, 2}, 8));
    CHECK_FALSE(fits({8, 0, 0}, 7));
    CHECK_FALSE(fits({0, 0, 0}, 7));
    CHECK_FALSE(fits({33, 0, 0}, 64));
    CHECK_FALSE(fits({1, -1, 0}, 4));
    CHECK_FALSE(fits({1, 4 * 65536 + 1, 0}, 4));
    CHECK_FALSE(fits({1, 0, 1}, 4));
    CHECK_FALSE(fits({1, 0, -1}, 4));
    CHECK_FALSE(fits({1, 0, 65537}, 4));
    CHECK_FALSE(fits({1, 0}, 4));
    CHECK_FALSE(fits({1, 0, 0, 0}, 4));
    CHECK_FALSE(fits({1, 0, 0}, 4099));
}

TEST_CASE("subspace: ready after two frames; what never moves opens no component and is no anomaly") {
    each([](auto policy) {
        using P = decltype(policy);
        Model<Subspace, P> m({2, 0, 0}, 4);
        CHECK_FALSE(m.detector().ready());
        const Frame still = {4000, -77, 32767, -32767};
        for (int t = 0; t < 200; ++t) {
            REQUIRE(m.learn(still) == TB_OK);
        }
        CHECK(m.detector().ready());
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::age) == 0);
        CHECK(m.score(still) == -12 * 65536); // nothing but what rounding leaves
        CHECK(m.explain(still) == Frame(4, 0));
        CHECK(m.score({4000, -77, 30000, -32767}) > -2 * 65536);
        // once it moves, the way it moves becomes the component
        for (int t = 0; t < 400; ++t) {
            REQUIRE(m.learn({4000 + (t % 2) * 4096, -77, 32767, -32767}) == TB_OK);
        }
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::age) == 399);
        CHECK(m.score({-20000, -77, 32767, -32767}) < -10 * 65536);
    });
}

TEST_CASE("subspace: shares add up to one and name the feature that left the plane") {
    each([](auto policy) {
        Model<Subspace, decltype(policy)> m({3, 0, 0}, 16);
        Factors data(16, 3, 8);
        for (int t = 0; t < 1000; ++t) {
            REQUIRE(m.learn(data.frame()) == TB_OK);
        }
        Frame x = data.frame();
        x[5] += 20000;
        const Frame shares = m.explain(x);
        std::int32_t sum = 0;
        for (const std::int32_t s : shares) {
            CHECK(s >= 0);
            sum += s;
        }
        CHECK(std::abs(sum - 65536) <= 16);
        CHECK(shares[5] == *std::max_element(shares.begin(), shares.end()));
        CHECK(shares[5] > 40000);
    });
}

TEST_CASE("subspace: a restart at any step changes nothing; a score changes nothing") {
    each([](auto policy) {
        using P = decltype(policy);
        Model<Subspace, P> a({3, 65536, 50}, 7);
        Model<Subspace, P> b({3, 65536, 50}, 7);
        Factors data(7, 3, 9);
        for (int t = 0; t < 300; ++t) {
            const Frame x = data.frame();
            std::int32_t sa = 0;
            std::int32_t sb = 0;
            REQUIRE(a.learn(x, &sa) == TB_OK);
            b.restart();
            b.score(x);
            REQUIRE(b.learn(x, &sb) == TB_OK);
            REQUIRE(sa == sb);
            REQUIRE(a.image == b.image);
            REQUIRE(a.score(x) == b.score(x));
        }
    });
}

TEST_CASE("subspace: finite and in range under constant, periodic and random input, with a window") {
    each([](auto policy) {
        for (const std::int32_t window : {2, 30, 0}) {
            for (int kind = 0; kind < 4; ++kind) {
                Model<Subspace, decltype(policy)> m({2, 4 * 65536, window}, 3);
                Random random(3);
                for (int t = 0; t < 100000; ++t) {
                    const int side = t % 2 == 0 ? 32767 : -32767;
                    const Frame x = kind == 0   ? Frame{32767, -32767, 5}
                                    : kind == 1 ? Frame{side, -side, side}
                                    : kind == 2 ? Frame{t % 7 * 4000, t % 5 * -4000, 1}
                                                : random.frame(3, 0, 20000);
                    REQUIRE(m.learn(x) == TB_OK);
                }
                CAPTURE(window, kind);
                CHECK(m.in_range());
                CHECK(std::abs(m.score({0, 0, 32767})) < 12 * 65536 + 1);
            }
        }
    });
}

TEST_CASE("subspace: images of random bytes in range are safe, and learning leads back into range") {
    each([](auto policy) {
        using P = decltype(policy);
        Random random(4);
        for (int round = 0; round < 200; ++round) {
            Model<Subspace, P> m({3, 65536, 20}, 5);
            forge(m, random);
            REQUIRE(m.in_range());
            m.restart();
            for (int t = 0; t < 50; ++t) {
                const Frame x = random.frame(5, 0, 20000);
                m.score(x);
                m.explain(x);
                REQUIRE(m.learn(x) == TB_OK);
                REQUIRE(m.in_range());
            }
        }
    });
}

TEST_CASE("subspace: ordinary data saturate nothing") {
    for (const std::uint32_t d : {3u, 16u, 64u}) {
        Model<Subspace, Q15With<Count>> q15({3, 0, 0}, d);
        Model<Subspace, Q31With<Count>> q31({3, 0, 0}, d);
        Factors data(d, 3, 10);
        Count::clips = 0;
        for (int t = 0; t < 3000; ++t) {
            const Frame x = data.frame();
            REQUIRE(q15.learn(x) == TB_OK);
            REQUIRE(q31.learn(x) == TB_OK);
        }
        CHECK(Count::clips == 0);
    }
    // nor do all features at their limits at once
    Model<Subspace, Q15With<Count>> q15({2, 0, 2}, 4098);
    Model<Subspace, Q31With<Count>> q31({2, 0, 2}, 4098);
    for (int t = 0; t < 20; ++t) {
        const Frame x(4098, t % 3 == 0 ? 32767 : -32767);
        REQUIRE(q15.learn(x) == TB_OK);
        REQUIRE(q31.learn(x) == TB_OK);
    }
    CHECK(Count::clips == 0);
    CHECK(q15.in_range());
    CHECK(q31.in_range());
}

TEST_CASE("subspace: does not merge; an epoch goes on from what was learned, which then weighs less") {
    each([](auto policy) {
        using P = decltype(policy);
        Model<Subspace, P> m({2, 0, 0}, 4);
        Random random(6);
        for (int t = 0; t < 1000; ++t) {
            REQUIRE(m.learn(random.frame(4)) == TB_OK);
        }
        const auto learned = m.image;
        CHECK(m.detector().merge(m.block(), 1) == TB_ERR_UNSUPPORTED);
        CHECK(m.detector().can_merge(m.block(), 1) == TB_ERR_UNSUPPORTED);
        CHECK(m.detector().prune(1) == TB_ERR_UNSUPPORTED);
        CHECK(m.image == learned);
        const Frame x = random.frame(4);
        const std::int32_t before = m.score(x);
        m.detector().new_epoch();
        CHECK(m.score(x) == before);
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::count) == 256);
        CHECK(m.template field<std::uint32_t>(SubspaceState<P>::age, 1) == 256);
    });
}
