// Saved states of drift detectors: what is refused, and that nothing breaks on what is not.
#include "drift_bench.hpp"
#include "subspace_model.hpp"

using namespace fixtures;

TEST_CASE("a saved state is checked before it is taken over") {
    Random random(4);
    for (const DriftKind &k : drift_kinds()) {
        HeldDrift h(k);
        std::uint8_t told = 0;
        const auto x = drift_values(k, random, 500);
        for (std::uint32_t i = 0; i < 500; ++i) {
            REQUIRE(tb_drift_update_f32(&h.d, x.data() + i * k.features, k.features, &told) == TB_OK);
        }
        const Bytes saved = h.state();
        HeldDrift other(k);
        Bytes longer = saved;
        longer.push_back(0);
        const std::uint32_t size = u32(saved.size());
        CHECK(tb_drift_load(&other.d, saved.data(), size - 1) == TB_ERR_TRUNCATED);
        CHECK(tb_drift_load(&other.d, longer.data(), size + 1) == TB_ERR_LAYOUT);
        CHECK(tb_drift_load(&other.d, nullptr, size) == TB_ERR_ARGUMENT);
        CHECK(tb_drift_load(nullptr, saved.data(), size) == TB_ERR_ARGUMENT);
        int refused = 0;
        for (std::size_t i = 0; i < saved.size(); ++i) {
            Bytes damaged = saved;
            damaged[i] ^= 0xFF;
            const Bytes before = other.state();
            const tb_status status = tb_drift_load(&other.d, damaged.data(), size);
            CHECK((status == TB_OK || status == TB_ERR_CORRUPT));
            CHECK(other.state() == (status == TB_OK ? damaged : before));
            refused += status == TB_OK ? 0 : 1;
        }
        CHECK(refused > 0);
        CHECK(tb_drift_load(&other.d, saved.data(), size) == TB_OK);
        CHECK(other.state() == saved);
    }
}

TEST_CASE("a drift detector works on any state that its check passes") {
    Random random(5);
    for (const DriftKind &k : drift_kinds()) {
        twinbit::Shape shape = {};
        REQUIRE(k.stage->shape({k.words.data(), u32(k.words.size()), k.features}, shape));
        for (int round = 0; round < 200; ++round) {
            HeldDrift h(k);
            std::vector<std::uint64_t> forged(h.d.size / 8);
            std::uint8_t *inner = forge_block(reinterpret_cast<std::uint8_t *>(forged.data()), k.stage->fields,
                                              shape.fields, shape.n, random);
            for (std::uint32_t i = 0; i < shape.inner.count; ++i) {
                inner = forge_block(inner, shape.inner.table, shape.inner.fields, shape.inner.n, random);
            }
            REQUIRE(tb_drift_load(&h.d, forged.data(), h.d.size) == TB_OK);
            for (int i = 0; i < 200; ++i) {
                std::vector<float> x(k.features);
                for (auto &v : x) {
                    v = static_cast<float>(random.integer(0, 3) == 0 ? std::ldexp(random.normal(), 60)
                                                                     : random.normal());
                }
                std::uint8_t told = 9;
                REQUIRE(tb_drift_update_f32(&h.d, x.data(), k.features, &told) == TB_OK);
                REQUIRE(told <= 1);
            }
        }
    }
}
