// Devices that began with one image, what each of them learned, and what they learned together.
#pragma once

#include "fixtures.hpp"

#include <vector>

namespace fixtures {

constexpr int devices = 3;

// A fleet: one machine learned its scaler (and start centroids, or modes and their scales), the devices are copies of it
// that saw different frames since.
struct Fleet {
    Spec spec;
    Bytes base;
    std::vector<Frame> frames[devices];
    Bytes images[devices];

    Fleet(const Spec &s, std::uint64_t seed, int count = 150) : spec(s) {
        Random random(seed);
        Machine first(spec);
        run_to(first, TB_LEARNING, random);
        for (int t = 0; t < 60; ++t) {
            first.learn(random.mode_frame(spec.channels, 4));
        }
        REQUIRE(tb_new_epoch(&first.m) == TB_OK);
        base = first.saved();
        for (int d = 0; d < devices; ++d) {
            Machine m(spec);
            REQUIRE(m.load(base) == TB_OK);
            for (int t = 0; t < count + 10 * d; ++t) {
                frames[d].push_back(random.mode_frame(spec.channels, 4, 300 + 500 * d));
                m.learn(frames[d].back());
            }
            images[d] = m.saved();
        }
    }

    // The detector's block after merging devices in an order, beginning with the first one's own image.
    Bytes merged(const std::vector<int> &order) const {
        Machine m(spec);
        REQUIRE(m.load(images[order[0]]) == TB_OK);
        for (std::size_t i = 1; i < order.size(); ++i) {
            REQUIRE(m.merge(images[order[i]]) == TB_OK);
        }
        return m.detector();
    }

    // One machine that learned everybody's frames.
    Bytes united() const {
        Machine m(spec);
        REQUIRE(m.load(base) == TB_OK);
        for (const auto &some : frames) {
            for (const Frame &x : some) {
                m.learn(x);
            }
        }
        return m.detector();
    }
};

// Every merge on a fresh machine can be taken back, in any order; it ends with the first device's own image.
inline void check_unmerging(const Fleet &fleet, Machine &m) {
    REQUIRE(m.load(fleet.images[0]) == TB_OK);
    const Bytes alone = m.detector();
    REQUIRE(m.merge(fleet.images[1]) == TB_OK);
    const Bytes two = m.detector();
    REQUIRE(m.merge(fleet.images[2]) == TB_OK);
    REQUIRE(m.unmerge(fleet.images[2]) == TB_OK);
    CHECK(m.detector() == two);
    REQUIRE(m.merge(fleet.images[2]) == TB_OK);
    REQUIRE(m.unmerge(fleet.images[1]) == TB_OK);
    CHECK(m.detector() == fleet.merged({0, 2}));
    REQUIRE(m.unmerge(fleet.images[2]) == TB_OK);
    CHECK(m.detector() == alone);
}

} // namespace fixtures
