// Recipes: what is valid, their sizes, their binary form, and everything that the reader must refuse.
#include "fixtures.hpp"

#include <functional>
#include <memory>

using namespace fixtures;

namespace {

tb_status sizes_of(const Recipe &r) {
    tb_memory sizes = {};
    return tb_sizes(&r.recipe, &sizes);
}

Bytes written(const tb_recipe &r) {
    std::uint32_t size = 0;
    REQUIRE(tb_recipe_write(&r, nullptr, 0, &size) == TB_OK);
    Bytes b(size);
    REQUIRE(tb_recipe_write(&r, b.data(), size, &size) == TB_OK);
    REQUIRE(size == b.size());
    return b;
}

tb_status read(const Bytes &b, tb_recipe_store &store) {
    return tb_recipe_read(b.data(), static_cast<std::uint32_t>(b.size()), &store);
}

void seal_recipe(Bytes &b) { put(b, b.size() - 4, plain_crc(Bytes(b.begin(), b.end() - 4))); }

} // namespace

TEST_CASE("recipe: the binary form is the documented one, and reads back as the same recipe") {
    for (const Spec &spec : all_of()) {
        const Recipe r(spec);
        const Bytes b = written(r.recipe);
        CHECK(std::memcmp(b.data(), "TBRC", 4) == 0);
        CHECK(get<std::uint16_t>(b, 4) == TB_RECIPE_FORMAT);
        CHECK((b[6] == spec.arithmetic && b[7] == 4));
        CHECK(get<std::uint16_t>(b, 8) == 1);   // input
        CHECK(get<std::uint16_t>(b, 10) == 11); // words: channels, missing, three each
        CHECK(get<std::int32_t>(b, 12) == 3);
        CHECK(get<std::uint32_t>(b, b.size() - 4) == plain_crc(Bytes(b.begin(), b.end() - 4)));
        const auto store = std::make_unique<tb_recipe_store>();
        REQUIRE(read(b, *store) == TB_OK);
        CHECK(written(store->recipe) == b);
        std::uint32_t a[2] = {};
        std::uint32_t c[2] = {};
        REQUIRE(tb_recipe_digests(&r.recipe, a, a + 1) == TB_OK);
        REQUIRE(tb_recipe_digests(&store->recipe, c, c + 1) == TB_OK);
        CHECK((a[0] == c[0] && a[1] == c[1]));
        CHECK(store->recipe.tools == r.recipe.tools);
    }
}

TEST_CASE("recipe: corrupted, truncated and lengthened bytes are refused") {
    const Recipe r(Spec{});
    const Bytes good = written(r.recipe);
    const auto store = std::make_unique<tb_recipe_store>();
    for (std::size_t at = 0; at < good.size(); ++at) {
        for (int bit = 0; bit < 8; ++bit) {
            Bytes b = good;
            b[at] = static_cast<std::uint8_t>(b[at] ^ (1 << bit));
            REQUIRE(read(b, *store) < 0);
        }
    }
    for (std::size_t n = 0; n < good.size(); ++n) {
        const Bytes b(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(n));
        REQUIRE(tb_recipe_read(n == 0 ? good.data() : b.data(), static_cast<std::uint32_t>(n), store.get()) < 0);
        if (n >= 12) { // also under a good checksum
            Bytes sealed = b;
            seal_recipe(sealed);
            REQUIRE(read(sealed, *store) < 0);
        }
    }
    Bytes longer = good;
    longer.insert(longer.end(), 4, 0);
    seal_recipe(longer);
    CHECK(read(longer, *store) == TB_ERR_RECIPE);
}

TEST_CASE("recipe: what is wrong with the bytes is named") {
    const Recipe r(Spec{});
    const auto store = std::make_unique<tb_recipe_store>();
    const auto with = [&](std::size_t at, auto value) {
        Bytes b = written(r.recipe);
        put(b, at, value);
        seal_recipe(b);
        return read(b, *store);
    };
    CHECK(with(0, std::uint32_t{7}) == TB_ERR_MAGIC);
    CHECK(with(4, std::uint16_t{2}) == TB_ERR_FORMAT);
    CHECK(with(6, std::uint8_t{4}) == TB_ERR_RECIPE);
    CHECK(with(6, std::uint8_t{0}) == TB_ERR_RECIPE);
    CHECK(with(7, std::uint8_t{3}) == TB_ERR_RECIPE);
    CHECK(with(7, std::uint8_t{5}) == TB_ERR_TRUNCATED);
    CHECK(with(7, std::uint8_t{17}) == TB_ERR_RECIPE);
    CHECK(with(8, std::uint16_t{999}) == TB_ERR_RECIPE);
    CHECK(with(10, std::uint16_t{65535}) == TB_ERR_TRUNCATED);
    CHECK(with(12, std::int32_t{4097}) == TB_ERR_RECIPE);
    CHECK(with(12, std::int32_t{-1}) == TB_ERR_RECIPE);
}

TEST_CASE("recipe: a word that is out of its range is refused, at its ends it is not") {
    struct Range {
        int part;
        std::size_t word;
        std::int64_t low, high;
    };
    // the decision's words, in order, then k-means, then the first channel's
    const Range ranges[] = {{3, 0, 1, INT32_MAX},
                            {3, 1, 0, 32768},
                            {3, 2, 1, INT32_MAX},
                            {3, 3, 10, 65535},
                            {3, 4, 1, INT32_MAX / 2},
                            {3, 5, 0, 24 * 65536},
                            {3, 7, 1, 32},
                            {3, 8, 0, 24 * 65536},
                            {3, 9, 0, INT32_MAX},
                            {3, 10, 0, INT32_MAX},
                            {2, 0, 1, 256},
                            {2, 1, 0, 65536},
                            {2, 2, 0, 1},
                            {0, 1, 0, 2},
                            {0, 2, INT32_MIN, INT32_MAX},
                            {0, 3, -24, 8},
                            {0, 4, -24, 24}};
    for (const Range &range : ranges) {
        Recipe r(Spec{});
        std::int32_t &word = r.words[range.part][range.word];
        for (const std::int64_t v : {range.low, range.high}) {
            word = static_cast<std::int32_t>(v);
            CAPTURE(range.part, range.word, v);
            CHECK(sizes_of(r) == TB_OK);
        }
        for (const std::int64_t v : {range.low - 1, range.high + 1}) {
            if (v >= INT32_MIN && v <= INT32_MAX) {
                word = static_cast<std::int32_t>(v);
                CAPTURE(range.part, range.word, v);
                CHECK(sizes_of(r) == TB_ERR_RECIPE);
            }
        }
    }
    Recipe r(Spec{});
    r.words[3][6] = 2; // k above n
    CHECK(sizes_of(r) == TB_ERR_RECIPE);
    Spec wide;
    wide.detector = Detector::mahalanobis;
    wide.channels = 256;
    CHECK(sizes_of(Recipe(wide)) == TB_OK);
    wide.channels = 257;
    CHECK(sizes_of(Recipe(wide)) == TB_ERR_RECIPE);
}

TEST_CASE("recipe: parts must be there, in order, whole, and of one arithmetic") {
    using Change = std::function<void(Recipe &)>;
    const Change changes[] = {
        [](Recipe &r) { std::swap(r.parts[0], r.parts[1]); },
        [](Recipe &r) { std::swap(r.parts[2], r.parts[3]); },
        [](Recipe &r) { r.parts[1] = r.parts[2]; },
        [](Recipe &r) { r.recipe.count = 2; },
        [](Recipe &r) { r.recipe.part = nullptr; },
        [](Recipe &r) { r.recipe.format = 2; },
        [](Recipe &r) { r.recipe.arithmetic = TB_F32; },
        [](Recipe &r) { r.recipe.arithmetic = 0; },
        [](Recipe &r) { r.parts[2].stage = nullptr; },
        [](Recipe &r) { r.parts[2].stage = &tb_kmeans_q31; },
        [](Recipe &r) { r.parts[0].words = nullptr; },
        [](Recipe &r) { r.parts[0].count -= 1; },
        [](Recipe &r) { r.parts[0].count = 0; },
        [](Recipe &r) { r.parts[2].count = 4; },
        [](Recipe &r) { r.parts[3].count = 12; },
    };
    for (const Change &change : changes) {
        Recipe r(Spec{});
        REQUIRE(sizes_of(r) == TB_OK);
        change(r);
        CHECK(sizes_of(r) == TB_ERR_RECIPE);
        tb_monitor m = {};
        CHECK(tb_init(&m, &r.recipe, nullptr, 0, nullptr, 0, nullptr, 0) == TB_ERR_RECIPE);
        CHECK(tb_selftest(&r.recipe) == TB_ERR_RECIPE);
    }
}

TEST_CASE("recipe: a second scaler or decision, a drift detector without a policy are refused") {
    Recipe r(Spec{});
    const Words page_hinkley = {16, 1 << 20, 1 << 22, 0, 30, 1};
    const Words policy = {0, 0, 0, 0, 100, 1 << 30, 65536, 100, 0, 0, 100, 0};
    const tb_part drift = {&tb_page_hinkley, page_hinkley.data(), 6};
    const tb_part last = {&tb_policy, policy.data(), 12};
    const auto sizes_with = [&](const std::vector<tb_part> &parts) {
        r.recipe.part = parts.data();
        r.recipe.count = static_cast<std::uint8_t>(parts.size());
        return sizes_of(r);
    };
    const tb_part *p = r.parts;
    CHECK(sizes_with({p[0], p[1], p[1], p[2], p[3]}) == TB_ERR_RECIPE);
    CHECK(sizes_with({p[0], p[1], p[2], p[3], p[3]}) == TB_ERR_RECIPE);
    CHECK(sizes_with({p[0], p[1], p[2], p[3], drift}) == TB_ERR_RECIPE);
    CHECK(sizes_with({p[0], p[1], p[2], drift, last, p[3]}) == TB_ERR_RECIPE);
    CHECK(sizes_with({p[0], p[1], p[2], p[3], last, last}) == TB_ERR_RECIPE);
    CHECK(sizes_with({p[0], p[1], p[2], p[3], last}) == TB_OK);
    CHECK(sizes_with({p[0], p[1], p[2], p[3], drift, drift, last}) == TB_OK);
}

TEST_CASE("recipe: a drift detector of samples is refused behind raw numbers, one of scores is not") {
    Recipe r(Spec{});
    const Words input = {1, 0, 0, 0, 12}, deviation = {214748365, 30, 0};
    const Words centroid = {8, 2, 24, 100, 100, 21475, 16384, 1}, page_hinkley = {16, 1 << 20, 1 << 22, 0, 30, 1};
    const Words policy = {0, 0, 0, 0, 100, 1 << 30, 65536, 100, 0, 0, 100, 0};
    tb_part parts[] = {{&tb_input_raw_q15, input.data(), 5},
                       {&tb_deviation_q15, deviation.data(), 3},
                       r.parts[3],
                       {&tb_page_hinkley, page_hinkley.data(), 6},
                       {&tb_policy, policy.data(), 12}};
    r.recipe.part = parts;
    r.recipe.count = 5;
    r.recipe.tools = nullptr;
    CHECK(sizes_of(r) == TB_OK);
    parts[3] = {&tb_centroid_q15, centroid.data(), 8};
    CHECK(sizes_of(r) == TB_ERR_RECIPE);
}

TEST_CASE("recipe: words of shape change the layout digest, words of policy the other") {
    const auto digests = [](const Spec &s) {
        const Recipe r(s);
        std::uint32_t layout = 0;
        std::uint32_t policy = 0;
        REQUIRE(tb_recipe_digests(&r.recipe, &layout, &policy) == TB_OK);
        return std::make_pair(layout, policy);
    };
    const auto base = digests(Spec{});
    const std::function<void(Spec &)> shapes[] = {[](Spec &s) { s.channels = 4; },
                                                  [](Spec &s) { s.scaler = false; },
                                                  [](Spec &s) { s.clusters = 5; },
                                                  [](Spec &s) { s.arithmetic = TB_Q31; },
                                                  [](Spec &s) { s.phase = true; },
                                                  [](Spec &s) { s.missing = 1; },
                                                  [](Spec &s) { s.detector = Detector::mahalanobis; },
                                                  [](Spec &s) { s.unit = 11; }};
    for (const auto &change : shapes) {
        Spec s;
        change(s);
        CHECK(digests(s).first != base.first);
    }
    const std::function<void(Spec &)> policies[] = {
        [](Spec &s) { s.alpha = 5; },  [](Spec &s) { s.scaling = 5; },    [](Spec &s) { s.learning = 5; },
        [](Spec &s) { s.rate = 5; },   [](Spec &s) { s.margin = 5; },     [](Spec &s) { s.hold_ms = 5; },
        [](Spec &s) { s.gap_ms = 5; }, [](Spec &s) { s.hysteresis = 5; }, [](Spec &s) { s.n = 5; },
        [](Spec &s) { s.frozen = 1; }, [](Spec &s) { s.prior = 5; },      [](Spec &s) { s.calibrating = 15; }};
    for (const auto &change : policies) {
        Spec s;
        change(s);
        CHECK(digests(s).first == base.first);
        CHECK(digests(s).second != base.second);
    }
}

TEST_CASE("recipe: memory is enough and no more; too little of any is refused") {
    for (const Spec &base : all_of()) {
        for (const std::uint32_t channels : {1u, 2u, 5u, 64u}) {
            Spec spec = base;
            spec.channels = channels;
            spec.learning = 5;
            spec.scaling = 5;
            spec.calibrating = 10;
            Machine m(spec); // its memory has exactly these sizes: sanitizers see any step beyond
            Random random(1);
            for (int t = 0; t < 30; ++t) {
                m.step(random.mode_frame(channels, 2));
            }
            m.explain(random.mode_frame(channels, 2));
            tb_monitor other = {};
            const auto init = [&](std::uint32_t i, std::uint32_t s, std::uint32_t p, std::uint8_t *image) {
                return tb_init(&other, m.recipe(), image, i, m.scratch.data(), s, m.plan.data(), p);
            };
            const Bytes before = m.bytes();
            std::uint8_t *image = m.m.image;
            CHECK(init(m.sizes.image - 1, m.sizes.scratch, m.sizes.plan, image) == TB_ERR_SIZE);
            CHECK(init(m.sizes.image, m.sizes.scratch - 1, m.sizes.plan, image) == TB_ERR_SIZE);
            CHECK((m.sizes.plan == 0 || init(m.sizes.image, m.sizes.scratch, m.sizes.plan - 1, image) == TB_ERR_SIZE));
            CHECK(init(m.sizes.image, m.sizes.scratch, m.sizes.plan, image + 4) == TB_ERR_ARGUMENT);
            CHECK(init(m.sizes.image, m.sizes.scratch, m.sizes.plan, nullptr) == TB_ERR_ARGUMENT);
            CHECK(m.bytes() == before);
            CHECK(other.image == nullptr);
        }
    }
}
