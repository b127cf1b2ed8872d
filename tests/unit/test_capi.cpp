// The C interface: arguments, status texts, batches, self-test, the floating-point environment. What fails changes nothing.
#include "fixtures.hpp"

#include <cfenv>
#include <functional>
#include <set>

using namespace fixtures;

extern "C" const char *twinbit_c99_example(void);

namespace {

// Everything that a call could have changed.
struct Watch {
    const Machine &m;
    Bytes image;
    explicit Watch(const Machine &machine) : m(machine), image(machine.bytes()) {}
    bool same() const { return m.bytes() == image; }
};

} // namespace

TEST_CASE("C interface: used from C99, it learns and alarms") {
    const char *problem = twinbit_c99_example();
    CHECK(std::string(problem == nullptr ? "" : problem).empty());
}

TEST_CASE("C interface: every status has a text of its own, any other number has one too") {
    std::set<std::string> texts;
    int count = 0;
#define ONE(name, value, text)                                                                                         \
    CHECK(std::string(tb_status_text(name)) == (text));                                                                \
    CHECK(static_cast<int>(name) == (value));                                                                          \
    texts.insert(tb_status_text(value));                                                                               \
    ++count;
    TB_STATUS_LIST(ONE)
#undef ONE
    CHECK(static_cast<int>(texts.size()) == count);
    for (const int other : {1, -1000, INT32_MIN, INT32_MAX}) {
        CHECK(std::string(tb_status_text(other)) == "unknown status");
    }
}

TEST_CASE("C interface: a null where none may be is an argument error and changes nothing") {
    for (const Spec &spec : all_of(without_scaler({}))) {
        Machine m(spec);
        Random random(1);
        for (int t = 0; t < 10; ++t) {
            m.step(random.frame(3));
        }
        const std::int32_t x[3] = {1, 2, 3};
        std::int32_t out[3] = {7, 7, 7};
        tb_result r = {};
        std::uint32_t done = 77;
        Bytes b = m.saved();
        const auto size = static_cast<std::uint32_t>(b.size());
        tb_memory sizes = {};
        tb_image_info info = {};
        tb_monitor empty = {};
        const Watch watch(m);
        const std::function<tb_status()> calls[] = {
            [&] { return tb_sizes(nullptr, &sizes); },
            [&] { return tb_sizes(m.recipe(), nullptr); },
            [&] { return tb_step_i32(nullptr, x, 3, nullptr, &r); },
            [&] { return tb_step_i32(&empty, x, 3, nullptr, &r); },
            [&] { return tb_step_i32(&m.m, nullptr, 3, nullptr, &r); },
            [&] { return tb_step_i32(&m.m, x, 3, nullptr, nullptr); },
            [&] { return tb_step_i16(&m.m, nullptr, 3, nullptr, &r); },
            [&] { return tb_step_f32(&m.m, nullptr, 3, nullptr, &r); },
            [&] { return tb_score_i32(&m.m, x, 3, nullptr, nullptr); },
            [&] { return tb_score_i32(nullptr, x, 3, nullptr, out); },
            [&] { return tb_learn_i32(&m.m, nullptr, 3, nullptr); },
            [&] { return tb_learn_i32(nullptr, x, 3, nullptr); },
            [&] { return tb_explain_i32(&m.m, x, 3, nullptr, nullptr, 3); },
            [&] { return tb_explain_i32(&m.m, nullptr, 3, nullptr, out, 3); },
            [&] { return tb_state(nullptr); },
            [&] { return tb_recalibrate(nullptr); },
            [&] { return tb_new_epoch(nullptr); },
            [&] { return tb_prune(nullptr, 1); },
            [&] { return tb_prune(&m.m, 0); },
            [&] { return tb_seal(nullptr); },
            [&] { return tb_save(nullptr, b.data(), size); },
            [&] { return tb_save(&m.m, nullptr, size); },
            [&] { return tb_load(&m.m, nullptr, size, TB_LOAD_SEALED); },
            [&] { return tb_load(nullptr, b.data(), size, TB_LOAD_SEALED); },
            [&] { return tb_load(&m.m, b.data(), size, 2); },
            [&] { return tb_merge(&m.m, nullptr, size); },
            [&] { return tb_unmerge(nullptr, b.data(), size); },
            [&] { return tb_set_policy(&m.m, nullptr, size, 0); },
            [&] { return tb_inspect(nullptr, size, &info); },
            [&] { return tb_inspect(b.data(), size, nullptr); },
            [&] { return tb_selftest(nullptr); },
            [&] { return tb_step_i32_many(&m.m, x, 1, 3, nullptr, nullptr, &done); },
            [&] { return tb_step_i32_many(&m.m, x, 1, 3, nullptr, &r, nullptr); },
            [&] { return tb_score_i32_many(&m.m, x, 1, 3, nullptr, nullptr, &done); },
            [&] { return tb_learn_i32_many(&m.m, nullptr, 1, 3, nullptr, &done); },
            [&] { return tb_recipe_read(nullptr, 10, nullptr); },
            [&] { return tb_recipe_write(nullptr, nullptr, 0, &done); },
        };
        int index = 0;
        for (const auto &call : calls) {
            CAPTURE(index++);
            CHECK(call() == TB_ERR_ARGUMENT);
            CHECK(watch.same());
        }
        CHECK((out[0] == 7 && done == 77));
    }
}

TEST_CASE("C interface: a wrong number of values or shares changes nothing, too little room to save neither") {
    for (const Spec &spec : all_of(without_scaler({}))) {
        Machine m(spec);
        m.step({1, 2, 3});
        m.step({4, 5, 6});
        const std::int32_t x[4] = {1, 2, 3, 4};
        const float f[4] = {1, 2, 3, 4};
        std::int32_t out[4] = {7, 7, 7, 7};
        tb_result r = {};
        const Watch watch(m);
        for (const std::uint32_t n : {0u, 2u, 4u}) {
            CHECK(tb_step_i32(&m.m, x, n, nullptr, &r) == TB_ERR_SHAPE);
            CHECK(tb_step_f32(&m.m, f, n, nullptr, &r) == TB_ERR_SHAPE);
            CHECK(tb_score_i32(&m.m, x, n, nullptr, out) == TB_ERR_SHAPE);
            CHECK(tb_learn_i32(&m.m, x, n, nullptr) == TB_ERR_SHAPE);
            CHECK(tb_explain_i32(&m.m, x, n, nullptr, out, 3) == TB_ERR_SHAPE);
            CHECK(tb_explain_i32(&m.m, x, 3, nullptr, out, n) == TB_ERR_SHAPE);
        }
        CHECK(watch.same());
        CHECK((out[0] == 7 && r.flags == 0));
        Bytes b(m.sizes.image - 1);
        CHECK(tb_save(&m.m, b.data(), m.sizes.image - 1) == TB_ERR_SIZE);
        CHECK(watch.same());
    }
}

TEST_CASE("C interface: a batch is its frames one by one, split anywhere") {
    for (const Spec &spec : all_of()) {
        Machine one(spec), all(spec), split(spec);
        Random random(2);
        std::vector<std::int32_t> values;
        std::vector<tb_context> contexts;
        for (int t = 0; t < 240; ++t) {
            const Frame x = random.mode_frame(3, 2);
            values.insert(values.end(), x.begin(), x.end());
            contexts.push_back({static_cast<std::uint32_t>(random.integer(0, 99)), 0});
        }
        std::vector<tb_result> a(240), b(240), c(240);
        for (std::size_t t = 0; t < 240; ++t) {
            REQUIRE(tb_step_i32(&one.m, values.data() + 3 * t, 3, &contexts[t], &a[t]) == TB_OK);
        }
        std::uint32_t done = 0;
        REQUIRE(tb_step_i32_many(&all.m, values.data(), 240, 3, contexts.data(), b.data(), &done) == TB_OK);
        CHECK(done == 240);
        for (std::size_t t = 0; t < 240;) {
            const std::size_t n = std::min<std::size_t>(static_cast<std::size_t>(random.integer(1, 50)), 240 - t);
            REQUIRE(tb_step_i32_many(&split.m, values.data() + 3 * t, static_cast<std::uint32_t>(n), 3, &contexts[t],
                                     &c[t], &done) == TB_OK);
            t += n;
        }
        CHECK(std::memcmp(a.data(), b.data(), 240 * sizeof(tb_result)) == 0);
        CHECK(std::memcmp(a.data(), c.data(), 240 * sizeof(tb_result)) == 0);
        CHECK(one.bytes() == all.bytes());
        CHECK(one.bytes() == split.bytes());
    }
}

TEST_CASE("C interface: a batch stops at its first bad frame, the frames before it are done") {
    Machine m(without_scaler({}));
    const std::int32_t values[] = {1, 2, 3, 4, 5, 6, 7, TB_MISSING_I32, 9, 1, 1, 1};
    tb_result results[4] = {};
    std::uint32_t done = 99;
    CHECK(tb_step_i32_many(&m.m, values, 4, 3, nullptr, results, &done) == TB_ERR_MISSING);
    CHECK(done == 2);
    CHECK(get<std::uint32_t>(m.bytes(), 36) == 2);
}

TEST_CASE("C interface: learn_score_many gives each frame's score before it is learned") {
    for (const Spec &spec : all_of(without_scaler({}))) {
        Machine m(spec), twin(spec);
        Random random(3);
        std::vector<std::int32_t> values;
        for (int t = 0; t < 50; ++t) {
            const Frame x = random.mode_frame(3, 2);
            values.insert(values.end(), x.begin(), x.end());
        }
        std::vector<std::int32_t> scores(50, 99);
        std::uint32_t done = 0;
        REQUIRE(tb_learn_score_i32_many(&m.m, values.data(), 50, 3, nullptr, scores.data(), &done) == TB_OK);
        for (std::size_t t = 0; t < 50; ++t) {
            std::int32_t expected = 0;
            tb_score_i32(&twin.m, values.data() + 3 * t, 3, nullptr, &expected);
            CHECK(scores[t] == expected);
            REQUIRE(tb_learn_i32(&twin.m, values.data() + 3 * t, 3, nullptr) == TB_OK);
        }
        CHECK(m.bytes() == twin.bytes());
    }
}

TEST_CASE("C interface: a recipe without tools learns and scores the same, and says what it can't do") {
    for (const Spec &spec : all_of(without_scaler({}))) {
        Machine full(spec), lean(spec);
        tb_recipe recipe = *lean.recipe();
        recipe.tools = nullptr;
        REQUIRE(tb_init(&lean.m, &recipe, lean.image.data(), lean.sizes.image, lean.scratch.data(), lean.sizes.scratch,
                        lean.plan.data(), lean.sizes.plan) == TB_OK);
        Random random(4);
        for (int t = 0; t < 200; ++t) {
            const Frame x = random.mode_frame(3, 2);
            full.step(x);
            lean.step(x);
        }
        CHECK(full.saved() == lean.saved());
        const Watch watch(lean);
        std::int32_t shares[3] = {};
        const std::int32_t x[3] = {1, 2, 3};
        CHECK(tb_explain_i32(&lean.m, x, 3, nullptr, shares, 3) == TB_ERR_UNSUPPORTED);
        CHECK(lean.merge(full.saved()) == TB_ERR_UNSUPPORTED);
        CHECK(lean.unmerge(full.saved()) == TB_ERR_UNSUPPORTED);
        CHECK(tb_new_epoch(&lean.m) == TB_ERR_UNSUPPORTED);
        CHECK(lean.prune(1) == TB_ERR_UNSUPPORTED);
        CHECK(watch.same());
        CHECK(lean.load(full.saved()) == TB_OK);
    }
}

TEST_CASE("C interface: who can't prune says so and changes nothing, and nobody does before learning") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        CHECK(m.prune(1) == TB_ERR_STATE); // still scaling
        Random random(6);
        run_to(m, TB_LEARNING, random);
        const Bytes empty = m.bytes();
        CHECK(m.prune(1) == TB_ERR_STATE);
        CHECK(m.bytes() == empty);
        run_to(m, TB_MONITORING, random);
        const Watch watch(m);
        if (!is(spec, Detector::elm)) {
            CHECK(m.prune(1) == TB_ERR_UNSUPPORTED);
            CHECK(watch.same());
        }
    }
}

TEST_CASE("C interface: the caller's rounding neither changes a byte nor is it changed") {
    for (const Spec &spec : all_of()) {
        Machine a(spec), b(spec);
        Random random(5);
        for (int t = 0; t < 250; ++t) {
            const Frame x = random.mode_frame(3, 2);
            const tb_result ra = a.step(x);
            std::fesetround(t % 2 == 0 ? FE_UPWARD : FE_TOWARDZERO);
            tb_result rb = {};
            const tb_status status = tb_step_i32(&b.m, x.data(), 3, nullptr, &rb);
            const int after = std::fegetround();
            std::fesetround(FE_TONEAREST);
            REQUIRE(status == TB_OK);
            REQUIRE(after == (t % 2 == 0 ? FE_UPWARD : FE_TOWARDZERO));
            REQUIRE(std::memcmp(&ra, &rb, sizeof ra) == 0);
        }
        CHECK(a.bytes() == b.bytes());
    }
}
