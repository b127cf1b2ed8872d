// Known answers for a detector: a small one learns and scores a few frames; the checksum of its block and scores must match.
#pragma once

#include "detectors/detector_stage.hpp"
#include "image/crc32.hpp"
#include "numbers/policy.hpp"
#include "numbers/quantise.hpp"

namespace twinbit {

// A number of Q3.12 as a sample of each arithmetic.
template <class Sample> inline Sample sample_q12(std::int32_t v) {
    return {static_cast<typename Sample::Rep>(v * (1 << (Sample::frac - 12)))};
}
template <> inline float sample_q12<float>(std::int32_t v) { return static_cast<float>(v) * 0x1p-12f; }

// 24 frames of 2 features that go to and fro around two points, by a linear congruence: the same on every machine.
template <class D> std::uint32_t selftest_digest(const Block &b) {
    using Sample = typename D::Sample;
    std::uint32_t r = 12345;
    std::uint32_t crc = 0;
    for (int i = 0; i < 24; ++i) {
        Sample x[2];
        for (Sample &v : x) {
            r = r * 1664525u + 1013904223u;
            v = sample_q12<Sample>(static_cast<std::int32_t>(r >> 20) + (i % 2 == 0 ? 4096 : -8192));
        }
        std::int32_t score = 0;
        DetectorStage<D>::learn(b, x, &score);
        crc = crc32(crc, &score, sizeof score);
        if (i >= 16) {
            DetectorStage<D>::settle(b);
            score = DetectorStage<D>::score(b, x);
            crc = crc32(crc, &score, sizeof score);
        }
    }
    return crc;
}

} // namespace twinbit
