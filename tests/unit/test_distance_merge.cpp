// Distance to modes: merging.
#include "distance_bench.hpp"

using namespace fixtures;

namespace {

// One start, three devices that learn apart, and one that learns everything.
struct Fleet {
    std::uint8_t arithmetic;
    std::int32_t kind, modes;
    Bytes base, image[3], all;

    Fleet(std::uint8_t arithmetic_, std::int32_t kind_, std::int32_t modes_)
        : arithmetic(arithmetic_), kind(kind_), modes(modes_) {
        Modes machine{Random(9), 4, 4};
        DetectorBench first = device();
        for (int t = 0; t < 80; ++t) {
            first.learn(machine.frame(t % 4));
        }
        if (modes > 1) {
            CHECK(first.merge(first.bytes()) == TB_ERR_BASIS);
        }
        first.new_epoch();
        base = first.bytes();
        DetectorBench together = device();
        together.set(base);
        for (int d = 0; d < 3; ++d) {
            DetectorBench m = device();
            m.set(base);
            for (int t = 0; t < 50 + 20 * d; ++t) {
                const Row x = machine.frame(t % 4, 0.1 + 0.2 * d);
                m.learn(x);
                together.learn(x);
            }
            image[d] = m.bytes();
        }
        all = together.bytes();
    }
    DetectorBench device() const { return distance_bench(arithmetic, 4, modes, kind); }
    Bytes merged(int a, int b, int c) const {
        DetectorBench m = device();
        m.set(image[a]);
        CHECK(m.merge(image[b]) == TB_OK);
        CHECK(m.merge(image[c]) == TB_OK);
        return m.bytes();
    }
};

} // namespace

TEST_CASE("Distance: after an epoch merging equals learning on the union, in any order, and can be taken back") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const std::int32_t kind : {0, 1}) {
            for (const std::int32_t modes : {1, 4}) {
                CAPTURE(arithmetic_name(arithmetic), kind, modes);
                const Fleet fleet(arithmetic, kind, modes);
                DetectorBench m = fleet.device();
                DetectorBench together = fleet.device();
                together.set(fleet.all);
                m.set(fleet.merged(0, 1, 2));
                CHECK(std::fabs(m.score({0.3, -0.2, 1, 2}) - together.score({0.3, -0.2, 1, 2})) < 1e-3);
                if (arithmetic == TB_F32) {
                    CHECK(m.merge(fleet.image[1], -1) == TB_ERR_UNSUPPORTED);
                    continue;
                }
                CHECK(fleet.merged(0, 1, 2) == fleet.all);
                CHECK(fleet.merged(2, 0, 1) == fleet.all);
                CHECK(m.merge(fleet.image[1], -1) == TB_OK);
                CHECK(m.merge(fleet.image[0], -1) == TB_OK);
                CHECK(m.bytes() == fleet.image[2]);
                CHECK(m.merge(fleet.all, -1) == TB_ERR_RANGE);
                CHECK(m.bytes() == fleet.image[2]);
            }
        }
    }
}
