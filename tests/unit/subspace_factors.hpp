// Data that vary in a few directions: what the tests of the subspace learn.
#pragma once

#include "subspace_model.hpp"

#include <Eigen/Core>
#include <algorithm>

namespace fixtures {

// Frames of `factors` independent swings of different sizes along fixed random directions, and noise.
class Factors {
  public:
    Factors(std::uint32_t d, int factors, std::uint64_t seed) : random(seed), d_(d) {
        for (int i = 0; i < factors; ++i) {
            Eigen::VectorXd v(d);
            for (auto &c : v) {
                c = random.normal();
            }
            for (const Eigen::VectorXd &other : direction) {
                v -= v.dot(other) * other;
            }
            direction.push_back(v.normalized());
        }
    }
    Frame frame(double noise = 200) {
        Eigen::VectorXd v(d_);
        for (auto &c : v) {
            c = 300 + noise * random.normal();
        }
        double size = 6000;
        for (const Eigen::VectorXd &dir : direction) {
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
    std::vector<Eigen::VectorXd> direction;

  private:
    std::uint32_t d_;
};

} // namespace fixtures
