// Detectors that can forget, each with a few words, and frames for them.
#pragma once

#include "stage_bench.hpp"

#include <cmath>

namespace fixtures::forgetting {

using Vector = std::vector<double>;

// A bench of a detector with a few words.
struct Kind {
    const char *name;
    Words words;
    std::uint32_t inputs;
    std::uint16_t id;
    bool raw;
};

inline const Kind additive[] = {
    {"k-means, one cluster", {1, 0, 0}, 4, 16, false},
    {"k-means", {4, 0, 0}, 4, 16, false},
    {"Mahalanobis", {655}, 4, 17, false},
    {"ELM", {7, 6, 1, 0, 63, 1, 0}, 4, 19, false},
    {"subspace", {2, 0, 0}, 4, 20, false},
    {"deviation", {share31(0.2), 20, share31(0.01)}, 4, 21, true},
    {"distance, diagonal", {3, 0, 0, share31(0.01), 5}, 4, 22, false},
    {"distance, shared", {3, 1, 655, share31(0.01), 5}, 4, 22, false},
    {"bank of autoencoders", {3, 7, 0, 1, 2, 1, 0, 214748365, 0, 0, 0, 0, 0, 1024, 5}, 4, 24, false},
    {"bank of ELMs", {3, 7, 6, 1, 0, 63, 1, 0, 5}, 4, 25, false},
    {"bank of subspaces", {3, 1, 0, 0, 5}, 4, 26, false},
};
inline constexpr std::size_t kinds = std::size(additive);

// Frames of three modes, far from zero and narrow, or raw numbers of one.
class Source {
  public:
    Source(const Kind &k, std::uint64_t seed) : k_(k), random_(seed) {}
    Vector next() {
        const int mode = k_.raw ? 0 : random_.integer(0, 2);
        Vector x(k_.inputs);
        double before = 0;
        for (std::uint32_t i = 0; i < k_.inputs; ++i) {
            const double centre = 2.5 * (mode == static_cast<int>(i % 3) ? 1 : -1);
            before = 0.6 * before + 0.3 * random_.normal();
            const double v = centre + before * (1 + i) / 2;
            x[i] = k_.raw ? std::floor(1000 * v + 20000) : std::floor(4096 * std::max(-7.9, std::min(7.9, v))) / 4096;
        }
        return x;
    }

  private:
    const Kind &k_;
    Random random_;
};

inline void learn(const DetectorBench &d, Source &source, int frames) {
    for (int t = 0; t < frames; ++t) {
        REQUIRE(d.learn(source.next()) == TB_OK);
    }
}

inline double farthest(const Vector &a, const Vector &b) {
    double far = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        far = std::max(far, std::fabs(a[i] - b[i]));
    }
    return far;
}

inline Vector scores(const DetectorBench &d, const Kind &k, int frames = 50) {
    Source probes(k, 99);
    Vector out;
    for (int t = 0; t < frames; ++t) {
        out.push_back(d.score(probes.next()));
    }
    return out;
}

} // namespace fixtures::forgetting
