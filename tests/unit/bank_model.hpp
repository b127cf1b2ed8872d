// What the tests of banks share: banks by the kind of their models, and a machine with operating modes.
#pragma once

#include "detectors/bank.hpp"
#include "detectors/subspace.hpp"
#include "subspace_model.hpp"

#include <algorithm>

namespace fixtures {

template <class P> using BankOfSubspaces = twinbit::Bank<twinbit::Subspace<P>, P>;

// A machine that runs in one of some modes: each has a centre and, for each feature, a deviation of its own.
class Modes {
  public:
    Modes(std::uint32_t d, std::uint32_t modes, std::uint64_t seed) : random(seed), d_(d) {
        for (std::uint32_t m = 0; m < modes; ++m) {
            centre.push_back(Frame(d));
            deviation.push_back(Frame(d));
            for (std::uint32_t i = 0; i < d; ++i) {
                centre[m][i] = random.integer(-16000, 16000);
                deviation[m][i] = random.integer(100, 600);
            }
        }
    }
    Frame frame(std::size_t m) {
        Frame x(d_);
        const double swing = random.normal(); // common to all features: the second half follows the first
        for (std::uint32_t i = 0; i < d_; ++i) {
            const double own = random.normal();
            x[i] = centre[m][i] + static_cast<std::int32_t>(deviation[m][i] * (0.8 * swing + 0.6 * own));
        }
        return x;
    }
    Frame any() { return frame(static_cast<std::size_t>(random.integer(0, static_cast<int>(centre.size()) - 1))); }

    Random random;
    std::vector<Frame> centre, deviation;

  private:
    std::uint32_t d_;
};

inline std::int32_t count_of_sample(float z) { return static_cast<std::int32_t>(std::lround(z * 4096.0f)); }
template <class C> std::int32_t count_of_sample(twinbit::Fixed<std::int16_t, 12, C> z) { return z.raw; }
template <class C> std::int32_t count_of_sample(twinbit::Fixed<std::int32_t, 20, C> z) { return z.raw / 256; }

// The centroid of mode j in counts.
template <class M> Frame centroid(M &m, std::uint32_t j, std::uint32_t d) {
    Frame c(d);
    for (std::uint32_t i = 0; i < d; ++i) {
        c[i] = count_of_sample(m.detector().modes().centroid(j)[i]);
    }
    return c;
}

template <class Test> void each_arithmetic(Test test) {
    test(twinbit::F32());
    test(twinbit::Q15());
    test(twinbit::Q31());
}

} // namespace fixtures
