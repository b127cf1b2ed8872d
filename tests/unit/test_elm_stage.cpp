// The ELM autoencoder as a stage of a recipe: its words, the frames that prepare it, no saturation in normal data.
#include "elm_model.hpp"

using namespace elm_model;
namespace fx = fixtures;

namespace {

Spec elm_spec() {
    Spec s;
    s.detector = Detector::elm;
    return s;
}

tb_status sizes_with(std::size_t word, std::int32_t value, std::int32_t units = 4) {
    Spec spec = elm_spec();
    spec.units = units;
    Recipe r(spec);
    r.words[2][word] = value;
    tb_memory sizes = {};
    return tb_sizes(&r.recipe, &sizes);
}

std::uint32_t image_bytes(std::uint8_t arithmetic, std::int32_t units, std::uint32_t d) {
    Settings s;
    s.units = units;
    s.d = d;
    const Words w = elm_words(s);
    Shape shape = {};
    const tb_stage &stage = *tb_stage_by_id(19, arithmetic);
    REQUIRE(stage.shape({w.data(), static_cast<std::uint32_t>(w.size()), d}, shape));
    return block_bytes(stage.fields, shape);
}

template <class P> std::uint64_t clips(const Settings &s) {
    Model<P> m(s);
    Count::clips = 0;
    for (const Frame &x : swings(1, s.d, 2000)) {
        m.learn(x);
    }
    for (const Frame &x : swings(2, s.d, 500)) {
        m.score(x);
    }
    return Count::clips;
}

} // namespace

TEST_CASE("ELM: words out of their range are refused") {
    struct Case {
        std::size_t word;
        std::int32_t least, most;
    };
    for (const Case &c : {Case{2, 0, 3}, Case{3, -8, 8}, Case{5, 1, INT32_MAX}, Case{6, 2, 65536}, Case{4, 1, 15}}) {
        CAPTURE(c.word);
        CHECK(sizes_with(c.word, c.least) == TB_OK);
        CHECK(sizes_with(c.word, c.most) == TB_OK);
        CHECK(sizes_with(c.word, c.least - 1) == TB_ERR_RECIPE);
        if (c.most < INT32_MAX) {
            CHECK(sizes_with(c.word, c.most + 1) == TB_ERR_RECIPE);
        }
    }
    CHECK(sizes_with(6, 0) == TB_OK);
    CHECK(sizes_with(6, -1) == TB_ERR_RECIPE);
    CHECK(sizes_with(4, -1) == TB_ERR_RECIPE); // units beyond the fourth
    CHECK(sizes_with(4, INT32_MIN | 15) == TB_ERR_RECIPE);
    CHECK(sizes_with(0, INT32_MIN) == TB_OK);
    for (const std::int32_t units : {0, -1, 33, 257, INT32_MAX, INT32_MIN}) { // 33: a mask word is missing
        CHECK(sizes_with(1, units) == TB_ERR_RECIPE);
    }
    for (std::uint32_t count = 0; count < 7; ++count) {
        Recipe r(elm_spec());
        r.parts[r.recipe.count - 2].count = count;
        tb_memory sizes = {};
        CHECK(tb_sizes(&r.recipe, &sizes) == TB_ERR_RECIPE);
    }
}

TEST_CASE("ELM: memory is what the formulas say") {
    // 8 for each of the four single numbers, then sums
    CHECK(image_bytes(TB_Q15, 8, 32) == 32 + 4 * 36 + 4 * 256);
    CHECK(image_bytes(TB_Q31, 8, 32) == 32 + 8 * 36 + 8 * 256);
    CHECK(image_bytes(TB_F32, 8, 32) == 32 + 8 * 36 + 8 * 256);
    CHECK(image_bytes(TB_Q15, 22, 511) < 48000); // of the 100 KB that ELM 511-22-511 may take
    CHECK(image_bytes(TB_Q15, 256, 4) == 24 + 32 + 4 * 32896 + 4 * 1024);
}

TEST_CASE("ELM: a monitor scores from the frame on that made the last row of the factor") {
    for (const Spec &spec : each(Detector::elm)) {
        Machine m(spec);
        fx::Random random(1);
        run_to(m, TB_CALIBRATING, random);
        Machine restored(spec); // after every frame: by way of a saved image
        for (int t = 1; t <= 12; ++t) {
            REQUIRE(restored.load(m.saved()) == TB_OK);
            const Frame x = random.mode_frame(3, 2);
            const tb_result r = m.step(x);
            const tb_result same = restored.step(x);
            CHECK(((r.flags & TB_FLAG_SCORED) != 0) == (t >= spec.units));
            CHECK(same.score == r.score);
            CHECK(restored.bytes() == m.bytes());
        }
    }
}

TEST_CASE("ELM: nothing saturates in normal data, whatever the activation") {
    for (const Activation g : {Activation::tanh, Activation::sigmoid, Activation::relu, Activation::linear}) {
        Settings s;
        s.d = 16;
        s.units = 12;
        s.activation = g;
        s.gain = is_unit(g) ? 0 : -1;
        CAPTURE(static_cast<int>(g));
        CHECK(clips<Q15With<Count>>(s) == 0);
        CHECK(clips<Q31With<Count>>(s) == 0);
    }
    Settings loud;
    loud.activation = Activation::linear;
    loud.gain = 8;
    CHECK(clips<Q15With<Count>>(loud) > 0); // it does count
    CHECK(clips<Q31With<Count>>(loud) > 0);
}
