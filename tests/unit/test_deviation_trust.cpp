// Deviation and distance on images that pass every check and that no one has learned: nothing undefined (sanitizers
// look), and scores within what a decision takes.
#include "stage_bench.hpp"
#include "subspace_model.hpp"

using namespace fixtures;

namespace {

Bytes forged(const DetectorBench &m, Random &random) {
    const twinbit::Shape &s = m.shape;
    std::vector<std::uint64_t> image(twinbit::block_bytes(m.stage.fields, s) / 8);
    auto *bytes = reinterpret_cast<std::uint8_t *>(image.data());
    std::uint8_t *inner = forge_block(bytes, m.stage.fields, s.fields, s.n, random);
    for (std::uint32_t i = 0; i < s.inner.count; ++i) {
        inner = forge_block(inner, s.inner.table, s.inner.fields, s.inner.n, random);
    }
    return Bytes(bytes, bytes + 8 * image.size());
}

bool passes(const DetectorBench &m) {
    const Bytes bytes = m.bytes();
    const twinbit::Shape &s = m.shape;
    const std::uint8_t *inner = bytes.data() + twinbit::bytes_of_fields(m.stage.fields, s.fields, s.n);
    return twinbit::all_in_range(m.stage.fields, s.fields, s.n, bytes.data()) &&
           (s.inner.count == 0 || twinbit::all_in_range(s.inner.table, s.inner.fields, s.inner.n, inner));
}

std::vector<double> wild(const DetectorBench &m, Random &random, std::uint32_t d) {
    std::vector<double> x(d);
    for (double &v : x) {
        const double most = m.stage.refuses == twinbit::refuses_samples ? 8388607 : 8 - 0x1p-12;
        v = random.integer(0, 3) == 0 ? (random.integer(0, 1) == 0 ? most : -most) : most * (2 * random.uniform() - 1);
    }
    return x;
}

void torture(DetectorBench m, Random &random, std::uint32_t d) {
    for (int round = 0; round < 200; ++round) {
        m.set(forged(m, random));
        CHECK(passes(m));
        const Bytes other = forged(m, random);
        for (int t = 0; t < 6; ++t) {
            const auto x = wild(m, random, d);
            std::int32_t score = 0;
            m.learn(x, &score);
            if (m.ready()) {
                const double s = m.score(x);
                CHECK((s > -64 && s < 64));
                m.explain(x);
                m.follow(x, t % 2 == 0);
            }
            m.merge(other, t % 2 == 0 ? 1 : -1);
        }
        m.new_epoch();
    }
}

} // namespace

TEST_CASE("Deviation: a forged image gives nonsense, and nothing undefined") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(arithmetic);
        torture({21, arithmetic, {share31(0.3), 3, share31(0.9)}, 3}, random, 3);
    }
}

TEST_CASE("Distance: a forged image gives nonsense, and nothing undefined") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const std::int32_t kind : {0, 1}) {
            for (const std::int32_t modes : {1, 3}) {
                Random random(arithmetic);
                torture({22, arithmetic, {modes, kind, 6554, share31(0.9), 5}, 4}, random, 4);
            }
        }
    }
}
