// Golden images: today's code reaches the bytes that were recorded, and loads them. tests/golden/README.md says how they
// are written.
#include "golden_files.hpp"

#include <cmath>
#include <memory>

using namespace fixtures;

namespace {

constexpr std::uint32_t frames = 220;
constexpr std::uint32_t channels = 3;

Spec golden(Spec s) {
    s.phase = true;
    s.missing = 1;
    s.unit = 10;
    s.offset = 5;
    s.clusters = 3;
    s.prior = 16;
    s.few = 3;
    s.follow = 1 << 26;
    s.momentum = 1 << 30;
    s.decay = 1 << 17;
    s.scaling = 30;
    s.learning = 80;
    s.calibrating = 60;
    s.margin = 20000;
    s.k = 2;
    s.n = 3;
    s.hysteresis = 3000;
    s.hold_ms = 20;
    s.gap_ms = 100;
    return s;
}

// Two operating points with noise, a few missing values, and a fault near the end: integers only, the same everywhere.
Bytes made_input() {
    Bytes bytes(2 * frames * channels);
    std::uint32_t r = 2024;
    for (std::uint32_t i = 0; i < frames * channels; ++i) {
        r = r * 1664525u + 1013904223u;
        const std::uint32_t t = i / channels;
        const int level = (t / 7) % 2 == 0 ? 2000 : -1500 + 100 * static_cast<int>(i % channels);
        int v = level + static_cast<int>(r >> 23) + (t >= 205 ? 4000 : 0);
        v = t > 3 && r % 61 == 0 ? INT16_MIN : v;
        put(bytes, 2 * i, static_cast<std::int16_t>(v));
    }
    return bytes;
}

// Plays the input into a machine; returns the results as bytes.
Bytes replay(Machine &m, const Bytes &input) {
    Bytes results;
    for (std::uint32_t t = 0; t < frames; ++t) {
        std::int16_t counts[channels];
        std::memcpy(counts, input.data() + 2 * channels * t, sizeof counts);
        const tb_context context = {5 + t % 7, t * 191746817u};
        tb_result r = {};
        if (t % 5 == 0) {
            float values[channels];
            for (std::uint32_t i = 0; i < channels; ++i) {
                values[i] = counts[i] == INT16_MIN ? std::nanf("") : static_cast<float>(counts[i]) / 1024.0f;
            }
            REQUIRE(tb_step_f32(&m.m, values, channels, &context, &r) == TB_OK);
        } else {
            REQUIRE(tb_step_i16(&m.m, counts, channels, &context, &r) == TB_OK);
        }
        const auto *p = reinterpret_cast<const std::uint8_t *>(&r);
        results.insert(results.end(), p, p + sizeof r);
    }
    return results;
}

Bytes recipe_bytes(const Machine &m) {
    std::uint32_t size = 0;
    REQUIRE(tb_recipe_write(m.recipe(), nullptr, 0, &size) == TB_OK);
    Bytes b(size);
    REQUIRE(tb_recipe_write(m.recipe(), b.data(), size, &size) == TB_OK);
    return b;
}

} // namespace

TEST_CASE("golden: replayed input gives the recorded results and image") {
    const std::string here = golden_folder(TB_NUMERICS_VERSION);
    if (writes_golden()) {
        write_file(here + "input.i16", made_input());
    }
    const Bytes input = read_file(here + "input.i16");
    REQUIRE(input.size() == 2 * frames * channels);
    for (const Spec &base : all_of()) {
        Machine m(golden(base));
        const std::string path = here + name(base);
        const Bytes results = replay(m, input);
        check_golden(path + ".tbr", recipe_bytes(m));
        check_golden(path + ".crc", crc_text(results));
        check_golden(path + ".image", m.saved());
        CAPTURE(path);
        CHECK(tb_state(&m.m) == TB_MONITORING);
        // The fault is seen, but not by a subspace that it lies in: all channels go one way, as between the two points.
        CHECK(m.bytes()[45] == (is(base, Detector::subspace) ? 0 : 1));
    }
}

TEST_CASE("golden: the recorded images load, and are refused by name under another version") {
    for (const Spec &base : all_of()) {
        const std::string path = golden_folder(TB_NUMERICS_VERSION) + name(base);
        const Bytes image = read_file(path + ".image");
        const Bytes recipe = read_file(path + ".tbr");
        CHECK((image.size() < 4096 && recipe.size() < 4096));
        const auto store = std::make_unique<tb_recipe_store>();
        REQUIRE(tb_recipe_read(recipe.data(), static_cast<std::uint32_t>(recipe.size()), store.get()) == TB_OK);
        Machine m(golden(base));
        REQUIRE(m.load(image) == TB_OK);
        CHECK(m.saved() == image);
        tb_image_info info = {};
        CHECK(tb_inspect(image.data(), static_cast<std::uint32_t>(image.size()), &info) == TB_OK);
        CHECK(info.frames == frames);
        Bytes other = image;
        put<std::uint16_t>(other, 6, TB_NUMERICS_VERSION + 1);
        reseal(other);
        CHECK(m.load(other) == TB_ERR_NUMERICS);
        other = image;
        put<std::uint16_t>(other, 4, TB_IMAGE_FORMAT + 1);
        reseal(other);
        CHECK(m.load(other) == TB_ERR_FORMAT);
        CHECK(m.saved() == image);
    }
}

TEST_CASE("golden: images of earlier numerics versions give the named error") {
    int seen = 0;
    for (int version = 1; version < TB_NUMERICS_VERSION; ++version) {
        for (const Spec &base : all_of()) {
            const Bytes image = read_file(golden_folder(version) + name(base) + ".image");
            tb_image_info info = {};
            CHECK(tb_inspect(image.data(), static_cast<std::uint32_t>(image.size()), &info) == TB_ERR_NUMERICS);
            ++seen;
        }
    }
    CHECK(seen == static_cast<int>(all_of().size()) * (TB_NUMERICS_VERSION - 1));
}
