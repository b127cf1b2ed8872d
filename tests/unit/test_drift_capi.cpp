// tb_drift_*: memory, errors, conversions, saved states, batches; for every drift detector.
#include "drift_bench.hpp"
#include "subspace_model.hpp"

#include <limits>

using namespace fixtures;

namespace {

constexpr std::int32_t limit = (1 << 23) - 1;

struct Kind {
    const tb_stage *stage;
    Words words;
    std::uint32_t features;
};

const std::vector<Kind> &kinds() {
    static const std::vector<Kind> all = {
        {&tb_adwin, {16, 6, 5, 4294967, 1, 5, 10, 1}, 1},
        {&tb_adwin, {16, 6, 3, 107374182, 4, 5, 10, 0}, 1},
        {&tb_page_hinkley, {16, 3276800, 83886, 214748, 30, 0}, 1},
        {&tb_ks, {16, 100, 30, 10737418}, 1},
    };
    return all;
}

tb_part part_of(const Kind &k) { return {k.stage, k.words.data(), static_cast<std::uint32_t>(k.words.size())}; }

// A detector in memory that is exactly as long as it must be.
struct Held {
    explicit Held(const Kind &k) : part(part_of(k)) {
        REQUIRE(tb_drift_size(&part, k.features, &bytes) == TB_OK);
        memory.resize(bytes / 8);
        REQUIRE(tb_drift_init(&d, &part, k.features, memory.data(), bytes) == TB_OK);
    }
    Bytes state() const { return Bytes(d.state, d.state + d.size); }

    tb_part part;
    std::uint32_t bytes = 0;
    std::vector<std::uint64_t> memory;
    tb_drift d = {};
};

std::vector<float> values_of(const Kind &k, Random &random, int frames) {
    std::vector<float> x;
    for (int i = 0; i < frames; ++i) {
        for (std::uint32_t j = 0; j < k.features; ++j) {
            x.push_back(static_cast<float>(random.normal() + (i / 300 % 2 == 0 ? 0 : 4)));
        }
    }
    return x;
}

std::uint32_t n(std::size_t v) { return static_cast<std::uint32_t>(v); }

} // namespace

TEST_CASE("a drift detector takes the memory that it asks for and refuses less") {
    for (const Kind &k : kinds()) {
        const tb_part part = part_of(k);
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
    const Kind adwin = kinds()[0];
    const tb_part good = part_of(adwin);
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
    for (const Kind &k : kinds()) {
        tb_part part = part_of(k);
        --part.count;
        CHECK(tb_drift_size(&part, k.features, &bytes) == TB_ERR_RECIPE);
        CHECK(bytes == 0);
    }
}

TEST_CASE("a value that can't be taken changes nothing") {
    Random random(1);
    for (const Kind &k : kinds()) {
        Held h(k);
        std::uint8_t told = 9;
        const auto x = values_of(k, random, 100);
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
        Kind k = kinds()[0];
        k.words[0] = unit;
        Held floats(k);
        Held integers(k);
        Held many(k);
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
            const auto limited = std::max(-limit, std::min(i, limit));
            const auto sum = get<std::int64_t>(floats.state(), 8);
            if (a == 0 && &x == odd) {
                CHECK(sum == limited);
            }
        }
    }
}

TEST_CASE("many values are the same as one by one, in any pieces") {
    Random random(2);
    for (const Kind &k : kinds()) {
        constexpr std::uint32_t frames = 2000;
        const auto x = values_of(k, random, frames);
        std::vector<std::int32_t> whole;
        for (const float v : x) {
            whole.push_back(static_cast<std::int32_t>(std::floor(v * 65536.0 + 0.5)));
        }
        Held one(k);
        Held many(k);
        Held integers(k);
        std::vector<std::uint8_t> a(frames, 9);
        std::vector<std::uint8_t> b(frames, 9);
        std::vector<std::uint8_t> c(frames, 9);
        std::uint32_t done = 0;
        for (std::uint32_t i = 0; i < frames; ++i) {
            REQUIRE(tb_drift_update_f32(&one.d, x.data() + i * k.features, k.features, &a[i]) == TB_OK);
        }
        for (std::uint32_t i = 0; i < frames; i += done) {
            const std::uint32_t some = std::min(frames - i, n(static_cast<std::size_t>(random.integer(1, 700))));
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

TEST_CASE("many values stop where one fails") {
    Random random(3);
    for (const Kind &k : kinds()) {
        for (const std::uint32_t at : {0u, 1u, 255u, 256u, 300u, 599u}) {
            auto x = values_of(k, random, 600);
            Held good(k);
            Held bad(k);
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

TEST_CASE("a saved state is checked before it is taken over") {
    Random random(4);
    for (const Kind &k : kinds()) {
        Held h(k);
        std::uint8_t told = 0;
        const auto x = values_of(k, random, 500);
        for (std::uint32_t i = 0; i < 500; ++i) {
            REQUIRE(tb_drift_update_f32(&h.d, x.data() + i * k.features, k.features, &told) == TB_OK);
        }
        const Bytes saved = h.state();
        Held other(k);
        Bytes longer = saved;
        longer.push_back(0);
        const std::uint32_t size = n(saved.size());
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
    for (const Kind &k : kinds()) {
        twinbit::Shape shape = {};
        REQUIRE(k.stage->shape({k.words.data(), n(k.words.size()), k.features}, shape));
        for (int round = 0; round < 200; ++round) {
            Held h(k);
            std::vector<std::uint64_t> forged(h.d.size / 8);
            forge_block(reinterpret_cast<std::uint8_t *>(forged.data()), k.stage->fields, shape.fields, shape.n,
                        random);
            REQUIRE(tb_drift_load(&h.d, forged.data(), h.d.size) == TB_OK);
            for (int i = 0; i < 200; ++i) {
                std::vector<std::int32_t> x(k.features);
                for (auto &v : x) {
                    v = random.integer(0, 3) == 0 ? static_cast<std::int32_t>(random.bits())
                                                  : random.integer(-100000, 100000);
                }
                std::uint8_t told = 9;
                REQUIRE(tb_drift_update_i32(&h.d, x.data(), k.features, &told) == TB_OK);
                REQUIRE(told <= 1);
            }
        }
    }
}
