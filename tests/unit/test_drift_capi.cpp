// tb_drift_*: memory, errors, conversions, batches; for every drift detector.
#include "drift_bench.hpp"

#include <cfenv>
#include <limits>

using namespace fixtures;

TEST_CASE("a drift detector takes the memory that it asks for and refuses less") {
    for (const DriftKind &k : drift_kinds()) {
        const tb_part part = drift_part(k);
        std::uint32_t bytes = 0;
        REQUIRE(tb_drift_size(&part, k.features, &bytes) == TB_OK);
        std::vector<std::uint64_t> memory(bytes / 8 + 1, ~std::uint64_t{0});
        tb_drift d = {};
        auto *m = reinterpret_cast<std::uint8_t *>(memory.data());
        CHECK(tb_drift_init(&d, &part, k.features, m, bytes - 1) == TB_ERR_SIZE);
        CHECK(tb_drift_init(&d, &part, k.features, m + 4, bytes) == TB_ERR_ARGUMENT);
        CHECK(tb_drift_init(&d, &part, k.features, nullptr, bytes) == TB_ERR_ARGUMENT);
        CHECK(tb_drift_init(nullptr, &part, k.features, m, bytes) == TB_ERR_ARGUMENT);
        CHECK(tb_drift_init(&d, nullptr, k.features, m, bytes) == TB_ERR_ARGUMENT);
        CHECK((d.part == nullptr && memory[0] == ~std::uint64_t{0}));
        CHECK(tb_drift_init(&d, &part, k.features, m, bytes) == TB_OK);
        CHECK((d.part == &part && d.state == m && d.features == k.features && d.size <= bytes && d.size % 8 == 0));
        CHECK(Bytes(m, m + bytes) == Bytes(bytes, 0));
        CHECK(memory.back() == ~std::uint64_t{0});
    }
}

TEST_CASE("what is no drift detector is refused") {
    std::uint32_t bytes = 0;
    const DriftKind adwin = drift_kinds()[0];
    const tb_part good = drift_part(adwin);
    CHECK(tb_drift_size(nullptr, 1, &bytes) == TB_ERR_ARGUMENT);
    CHECK(tb_drift_size(&good, 1, nullptr) == TB_ERR_ARGUMENT);
    const tb_part nothing = {nullptr, adwin.words.data(), 8};
    CHECK(tb_drift_size(&nothing, 1, &bytes) == TB_ERR_ARGUMENT);
    CHECK(tb_drift_size(&good, 0, &bytes) == TB_ERR_RECIPE);
    CHECK(tb_drift_size(&good, 2, &bytes) == TB_ERR_RECIPE);
    const tb_part wordless = {&tb_adwin, nullptr, 8};
    CHECK(tb_drift_size(&wordless, 1, &bytes) == TB_ERR_RECIPE);
    const std::int32_t forget = 0;
    const tb_part tail = {&tb_tail, &forget, 1};
    CHECK(tb_drift_size(&tail, 1, &bytes) == TB_ERR_RECIPE);
    for (const DriftKind &k : drift_kinds()) {
        tb_part part = drift_part(k);
        --part.count;
        CHECK(tb_drift_size(&part, k.features, &bytes) == TB_ERR_RECIPE);
        CHECK(bytes == 0);
    }
}

TEST_CASE("a value that can't be taken changes nothing") {
    Random random(1);
    for (const DriftKind &k : drift_kinds()) {
        HeldDrift h(k);
        std::uint8_t told = 9;
        const auto x = drift_values(k, random, 100);
        for (std::uint32_t i = 0; i < 100; ++i) {
            REQUIRE(tb_drift_update_f32(&h.d, x.data() + i * k.features, k.features, &told) == TB_OK);
        }
        told = 9;
        const Bytes before = h.state();
        std::vector<float> bad(k.features, 1.0f);
        const std::vector<std::int32_t> whole(k.features + 1);
        for (const float v : {std::numeric_limits<float>::infinity(), -std::numeric_limits<float>::infinity(),
                              std::numeric_limits<float>::quiet_NaN()}) {
            bad[k.features - 1] = v;
            CHECK(tb_drift_update_f32(&h.d, bad.data(), k.features, &told) == TB_ERR_NOT_FINITE);
        }
        CHECK(tb_drift_update_f32(&h.d, x.data(), k.features + 1, &told) == TB_ERR_SHAPE);
        CHECK(tb_drift_update_i32(&h.d, whole.data(), k.features + 1, &told) == TB_ERR_SHAPE);
        CHECK(tb_drift_update_f32(&h.d, x.data(), 0, &told) == TB_ERR_SHAPE);
        CHECK(tb_drift_update_f32(nullptr, x.data(), k.features, &told) == TB_ERR_ARGUMENT);
        CHECK(tb_drift_update_f32(&h.d, nullptr, k.features, &told) == TB_ERR_ARGUMENT);
        CHECK(tb_drift_update_f32(&h.d, x.data(), k.features, nullptr) == TB_ERR_ARGUMENT);
        CHECK(tb_drift_update_i32(&h.d, nullptr, k.features, &told) == TB_ERR_ARGUMENT);
        tb_drift empty = {};
        CHECK(tb_drift_update_f32(&empty, x.data(), 0, &told) == TB_ERR_ARGUMENT);
        CHECK((told == 9 && h.state() == before));
    }
}

TEST_CASE("floats of single values are the integers of their unit, rounded half up and limited") {
    const float odd[] = {0.0f,   0.5f,  -0.5f,  0x1p-17f, -0x1p-17f, 0x1.8p-16f, -0x1.8p-16f, 127.99999f,
                         128.0f, 1e30f, -1e30f, -128.0f,  1e-40f,    -1e-40f,    3.1415927f,  -2.7182817f};
    for (const std::int32_t unit : {-24, -5, 0, 16, 24}) {
        DriftKind k = drift_kinds()[0];
        k.words[0] = unit;
        HeldDrift floats(k);
        HeldDrift integers(k);
        HeldDrift many(k);
        for (const float x : odd) {
            const double v = std::floor(std::ldexp(static_cast<double>(x), unit) + 0.5);
            const auto i = static_cast<std::int32_t>(std::max(-2e9, std::min(v, 2e9)));
            std::uint8_t a = 9;
            std::uint8_t b = 9;
            std::uint8_t c = 9;
            std::uint32_t done = 0;
            CHECK(tb_drift_update_f32(&floats.d, &x, 1, &a) == TB_OK);
            CHECK(tb_drift_update_i32(&integers.d, &i, 1, &b) == TB_OK);
            CHECK(tb_drift_update_f32_many(&many.d, &x, 1, 1, &c, &done) == TB_OK);
            CHECK((a == b && a == c));
            CHECK(floats.state() == integers.state());
            CHECK(floats.state() == many.state());
            const auto limited = std::max(-value_limit, std::min(i, value_limit));
            const auto sum = get<std::int64_t>(floats.state(), 8);
            if (a == 0 && &x == odd) {
                CHECK(sum == limited);
            }
        }
    }
}

TEST_CASE("many values are the same as one by one, in any pieces") {
    Random random(2);
    for (const DriftKind &k : drift_kinds()) {
        constexpr std::uint32_t frames = 2000;
        const auto x = drift_values(k, random, frames);
        std::vector<std::int32_t> whole;
        for (const float v : x) {
            whole.push_back(static_cast<std::int32_t>(std::floor(v * 65536.0 + 0.5)));
        }
        HeldDrift one(k);
        HeldDrift many(k);
        HeldDrift integers(k);
        std::vector<std::uint8_t> a(frames, 9);
        std::vector<std::uint8_t> b(frames, 9);
        std::vector<std::uint8_t> c(frames, 9);
        std::uint32_t done = 0;
        for (std::uint32_t i = 0; i < frames; ++i) {
            REQUIRE(tb_drift_update_f32(&one.d, x.data() + i * k.features, k.features, &a[i]) == TB_OK);
        }
        for (std::uint32_t i = 0; i < frames; i += done) {
            const std::uint32_t some = std::min(frames - i, u32(static_cast<std::size_t>(random.integer(1, 700))));
            REQUIRE(tb_drift_update_f32_many(&many.d, x.data() + i * k.features, some, k.features, &b[i], &done) ==
                    TB_OK);
            REQUIRE(done == some);
        }
        CHECK(a == b);
        CHECK(one.state() == many.state());
        CHECK(std::count(a.begin(), a.end(), 1) > 0);
        if (k.features == 1) {
            REQUIRE(tb_drift_update_i32_many(&integers.d, whole.data(), frames, 1, c.data(), &done) == TB_OK);
            CHECK((done == frames && a == c && one.state() == integers.state()));
        }
    }
}

TEST_CASE("the caller's rounding neither changes a drift detector nor is it changed") {
    Random random(7);
    for (const DriftKind &k : drift_kinds()) {
        constexpr std::uint32_t frames = 1200;
        const auto x = drift_values(k, random, frames);
        HeldDrift a(k);
        HeldDrift one(k);
        HeldDrift many(k);
        std::vector<std::uint8_t> told(frames);
        std::vector<std::uint8_t> other(frames);
        std::uint32_t done = 0;
        for (std::uint32_t i = 0; i < frames; ++i) {
            const float *v = x.data() + i * k.features;
            REQUIRE(tb_drift_update_f32(&a.d, v, k.features, &told[i]) == TB_OK);
            std::fesetround(i % 2 == 0 ? FE_UPWARD : FE_TOWARDZERO);
            const tb_status status = tb_drift_update_f32(&one.d, v, k.features, &other[i]);
            const int after = std::fegetround();
            std::fesetround(FE_TONEAREST);
            REQUIRE((status == TB_OK && after == (i % 2 == 0 ? FE_UPWARD : FE_TOWARDZERO)));
        }
        CHECK((told == other && a.state() == one.state()));
        std::fesetround(FE_DOWNWARD);
        const tb_status status = tb_drift_update_f32_many(&many.d, x.data(), frames, k.features, other.data(), &done);
        std::fesetround(FE_TONEAREST);
        CHECK((status == TB_OK && told == other && a.state() == many.state()));
    }
}

TEST_CASE("many values stop where one fails") {
    Random random(3);
    for (const DriftKind &k : drift_kinds()) {
        for (const std::uint32_t at : {0u, 1u, 255u, 256u, 300u, 599u}) {
            auto x = drift_values(k, random, 600);
            HeldDrift good(k);
            HeldDrift bad(k);
            std::vector<std::uint8_t> told(600, 9);
            std::uint32_t done = 9;
            REQUIRE(tb_drift_update_f32_many(&good.d, x.data(), at, k.features, told.data(), &done) == TB_OK);
            CHECK(done == at);
            x[at * k.features + k.features - 1] = std::numeric_limits<float>::quiet_NaN();
            std::fill(told.begin(), told.end(), 9);
            CHECK(tb_drift_update_f32_many(&bad.d, x.data(), 600, k.features, told.data(), &done) == TB_ERR_NOT_FINITE);
            CHECK((done == at && told[at] == 9 && (at == 0 || told[at - 1] != 9)));
            CHECK(good.state() == bad.state());
            CHECK(tb_drift_update_f32_many(&bad.d, x.data(), 1, k.features + 1, told.data(), &done) == TB_ERR_SHAPE);
            CHECK(tb_drift_update_f32_many(&bad.d, x.data(), 1, k.features, told.data(), nullptr) == TB_ERR_ARGUMENT);
        }
    }
}

TEST_CASE("samples are floats, or integers in the format of the arithmetic, limited") {
    Random random(6);
    for (const DriftKind &k : drift_kinds()) {
        if (k.features == 1) {
            continue;
        }
        std::uint8_t a = 9;
        std::uint8_t b = 9;
        std::vector<std::int32_t> whole(k.features);
        HeldDrift floats(k);
        HeldDrift integers(k);
        if (k.stage->arithmetic == TB_F32) {
            CHECK(tb_drift_update_i32(&integers.d, whole.data(), k.features, &a) == TB_ERR_UNSUPPORTED);
            CHECK((a == 9 && integers.state() == floats.state()));
            continue;
        }
        for (int i = 0; i < 1000; ++i) {
            std::vector<float> x(k.features);
            for (std::size_t j = 0; j < x.size(); ++j) {
                x[j] = static_cast<float>(random.normal() * (i % 50 == 0 ? 1e6 : 2));
                const double v = std::floor(x[j] * (k.stage->arithmetic == TB_Q15 ? 0x1p12 : 0x1p20) + 0.5);
                whole[j] = static_cast<std::int32_t>(std::max(-2e9, std::min(v, 2e9)));
            }
            REQUIRE(tb_drift_update_f32(&floats.d, x.data(), k.features, &a) == TB_OK);
            REQUIRE(tb_drift_update_i32(&integers.d, whole.data(), k.features, &b) == TB_OK);
            REQUIRE(a == b);
            REQUIRE(floats.state() == integers.state());
        }
    }
}
