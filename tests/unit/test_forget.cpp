// Forgetting by halves: what stays (means, spreads, scores), what later frames weigh, what merges afterwards, forged images.
#include "detectors/fade.hpp"
#include "detectors/kmeans_state.hpp"
#include "fleet.hpp"
#include "stage_bench.hpp"
#include "subspace_model.hpp"

#include <cmath>

using namespace fixtures;

namespace {

using Vector = std::vector<double>;

// A bench of a detector with a few words.
struct Kind {
    const char *name;
    std::uint16_t id;
    Words words;
    std::uint32_t inputs;
    bool raw;
};

const Kind additive[] = {
    {"k-means, one cluster", 16, {1, 0, 0}, 4, false},
    {"k-means", 16, {4, 0, 0}, 4, false},
    {"Mahalanobis", 17, {655}, 4, false},
    {"ELM", 19, {7, 6, 1, 0, 63, 1, 0}, 4, false},
    {"subspace", 20, {2, 0, 0}, 4, false},
    {"deviation", 21, {share31(0.2), 20, share31(0.01)}, 4, true},
    {"distance, diagonal", 22, {3, 0, 0, share31(0.01), 5}, 4, false},
    {"distance, shared", 22, {3, 1, 655, share31(0.01), 5}, 4, false},
    {"bank of autoencoders", 24, {3, 7, 0, 1, 2, 1, 0, 214748365, 0, 0, 0, 0, 0, 1024, 5}, 4, false},
    {"bank of ELMs", 25, {3, 7, 6, 1, 0, 63, 1, 0, 5}, 4, false},
    {"bank of subspaces", 26, {3, 1, 0, 0, 5}, 4, false},
};
constexpr std::size_t kinds = std::size(additive);

// Frames of three modes, far from zero and narrow, or raw numbers of one.
class Source {
  public:
    Source(const Kind &k, std::uint64_t seed) : k_(k), random_(seed) {}
    Vector next() {
        const int mode = k_.raw ? 0 : random_.integer(0, 2);
        Vector x(k_.inputs);
        double before = 0;
        for (std::uint32_t i = 0; i < k_.inputs; ++i) {
            const double centre = 2.5 * (mode == static_cast<int>(i % 3) ? 1 : -1);
            before = 0.6 * before + 0.3 * random_.normal();
            const double v = centre + before * (1 + i) / 2;
            x[i] = k_.raw ? std::floor(1000 * v + 20000) : std::floor(4096 * std::max(-7.9, std::min(7.9, v))) / 4096;
        }
        return x;
    }

  private:
    const Kind &k_;
    Random random_;
};

void learn(const DetectorBench &d, Source &source, int frames) {
    for (int t = 0; t < frames; ++t) {
        REQUIRE(d.learn(source.next()) == TB_OK);
    }
}

double farthest(const Vector &a, const Vector &b) {
    double far = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        far = std::max(far, std::fabs(a[i] - b[i]));
    }
    return far;
}

Vector scores(const DetectorBench &d, const Kind &k, int frames = 50) {
    Source probes(k, 99);
    Vector out;
    for (int t = 0; t < frames; ++t) {
        out.push_back(d.score(probes.next()));
    }
    return out;
}

} // namespace

TEST_CASE("forget: numbers fade by exactly the share of their count, rounded half up") {
    Random random(1);
    for (int round = 0; round < 200000; ++round) {
        const auto whole = static_cast<std::uint32_t>(random.integer(1, 131071));
        const twinbit::Fade f = twinbit::half_of(whole, static_cast<std::uint32_t>(random.integer(0, 300)));
        const auto v = static_cast<std::int64_t>(random.bits()) >> random.integer(0, 63);
        const __int128 twice = __int128{2} * v * f.part + f.whole;
        __int128 expected = twice / (2 * static_cast<__int128>(f.whole));
        expected -= twice < 0 && expected * 2 * f.whole != twice ? 1 : 0; // rounded down, not toward zero
        CAPTURE(v, f.part, f.whole);
        REQUIRE(twinbit::faded(v, f) == static_cast<std::int64_t>(expected));
    }
    CHECK(twinbit::half_of(1).part == 1);
    CHECK(twinbit::half_of(0).part == 0);
    CHECK(twinbit::half_of(101).part == 51);
    CHECK(twinbit::half_of(100, 80).part == 80);
    CHECK(twinbit::half_of(60, 80).part == 60);
    CHECK(twinbit::faded(std::int64_t{77}, {0, 0}) == 77);
    CHECK(twinbit::faded(3.0f, {1, 2}) == 1.5f);
}

// What may change: k-means and diagonal distances are drawn more to what all clusters have in common, an ELM's ridge
// weighs twice.
TEST_CASE("forget: scores stay") {
    const double drawn[kinds] = {2e-3, 0.06, 2e-3, 0.15, 1e-4, 2e-3, 0.02, 0.01, 0.01, 0.06, 0.01};
    for (std::size_t i = 0; i < kinds; ++i) {
        for (const std::uint8_t arithmetic : arithmetics) {
            for (const int frames : {600, 601}) {
                const Kind &k = additive[i];
                const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
                Source source(k, 5);
                learn(d, source, frames);
                d.settle();
                const Vector before = scores(d, k);
                REQUIRE(d.forget() == TB_OK);
                CAPTURE(k.name, arithmetic_name(arithmetic), frames);
                CHECK(d.ready());
                CHECK(farthest(before, scores(d, k)) <= drawn[i]);
                const Bytes after = d.bytes();
                d.settle(); // it was settled
                CHECK(d.bytes() == after);
            }
        }
    }
}

TEST_CASE("forget: again and again, means and spreads stay and something is left") {
    for (std::size_t i = 0; i < kinds; ++i) {
        for (const std::uint8_t arithmetic : arithmetics) {
            const Kind &k = additive[i];
            const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 7);
            learn(d, source, 1000);
            d.settle();
            const Vector before = scores(d, k);
            for (int n = 0; n < 5; ++n) {
                REQUIRE(d.forget() == TB_OK);
            }
            CAPTURE(k.name, arithmetic_name(arithmetic));
            CHECK(farthest(before, scores(d, k)) <= 1.0);
            for (int n = 0; n < 20; ++n) {
                REQUIRE(d.forget() == TB_OK);
            }
            CHECK(d.ready());
            for (const double s : scores(d, k)) {
                CHECK(std::isfinite(s));
            }
            learn(d, source, 50); // and it goes on
        }
    }
}

TEST_CASE("forget: a narrow feature far from zero keeps its spread") {
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const Kind &k : {additive[2], additive[5], additive[6], additive[7]}) {
            const double unit = k.raw ? 1 : 0x1p-12;
            const DetectorBench d(k.id, arithmetic, k.words, 2);
            Random random(3);
            for (int t = 0; t < 801; ++t) { // 7.5, give or take three units
                REQUIRE(d.learn({30000 * unit + random.integer(-3, 3) * unit, random.integer(-900, 900) * unit}) ==
                        TB_OK);
            }
            d.settle();
            const Vector probe = {30008 * unit, 0};
            const double before = d.score(probe);
            REQUIRE(d.forget() == TB_OK);
            const double once = d.score(probe);
            REQUIRE(d.forget() == TB_OK);
            CAPTURE(k.name, arithmetic_name(arithmetic), before, once);
            CHECK(std::fabs(once - before) < 0.02);
            CHECK(std::fabs(d.score(probe) - before) < 0.05);
        }
    }
}

// One cluster learns n frames, forgets, and learns m more: its mean is ((n + 1) / 2 a + sum of the m) / ((n + 1) / 2 + m).
TEST_CASE("forget: later frames weigh twice as much, to the last bit of the mean") {
    using State = twinbit::KMeansState<twinbit::Q15>;
    for (const std::uint8_t arithmetic : arithmetics) {
        for (const int first : {300, 301}) {
            if (arithmetic == TB_F32) {
                continue;
            }
            const Kind &k = additive[0];
            const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 11);
            Vector sum(k.inputs);
            const auto add = [&](int frames) {
                for (int t = 0; t < frames; ++t) {
                    const Vector x = source.next();
                    REQUIRE(d.learn(x) == TB_OK);
                    for (std::size_t i = 0; i < x.size(); ++i) {
                        sum[i] += x[i];
                    }
                }
            };
            add(first);
            const int left = (first + 1) / 2;
            for (double &s : sum) {
                s *= static_cast<double>(left) / first;
            }
            REQUIRE(d.forget() == TB_OK);
            add(77);
            std::uint32_t offset[State::fields];
            twinbit::place(d.stage.fields, State::fields, d.shape.n, offset);
            const bool q15 = arithmetic == TB_Q15;
            const std::uint32_t centroid = offset[State::centroid];
            const Bytes image = d.bytes();
            CHECK(get<std::uint32_t>(image, offset[State::count]) == static_cast<std::uint32_t>(left + 77));
            for (std::uint32_t i = 0; i < k.inputs; ++i) {
                const double unit = q15 ? 0x1p-12 : 0x1p-20;
                const double got =
                    q15 ? get<std::int16_t>(image, centroid + 2 * i) : get<std::int32_t>(image, centroid + 4 * i);
                CHECK(std::fabs(got * unit - sum[i] / (left + 77)) <= 0.51 * unit);
            }
        }
    }
}

TEST_CASE("forget: full sums have room again") {
    for (const std::uint8_t arithmetic : arithmetics) {
        const Kind &k = additive[2];
        const DetectorBench d(k.id, arithmetic, k.words, 1);
        Random random(2);
        tb_status status = TB_OK;
        for (int t = 0; t < 65537 && status == TB_OK; ++t) {
            status = d.learn({random.integer(-4000, 4000) * 0x1p-12});
        }
        CHECK(status == TB_ERR_RANGE);
        REQUIRE(d.forget() == TB_OK);
        CHECK(get<std::uint32_t>(d.bytes(), 0) == 32768);
        CHECK(d.learn({0.5}) == TB_OK);
    }
}

TEST_CASE("forget: detectors that forget by themselves say so, and none forgets what it has not learned") {
    const Kind others[] = {{"autoencoder", 18, {7, 0, 1, 2, 1, 0, 214748365, 0, 0, 0, 0, 0, 1024}, 4, false},
                           {"boxes", 23, {8, 9830, 12, 1}, 4, true},
                           {"seasonal", 27, {1, 300, 60, 4000, 32768, 12}, 4, true}};
    for (const Kind &k : others) {
        for (const std::uint8_t arithmetic : arithmetics) {
            const tb_stage *stage = tb_stage_by_id(k.id, arithmetic);
            CAPTURE(k.name);
            REQUIRE(stage != nullptr);
            const DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 1);
            learn(d, source, 30);
            const Bytes before = d.bytes();
            CHECK(d.forget() == TB_ERR_UNSUPPORTED);
            CHECK(d.bytes() == before);
        }
    }
    for (const Kind &k : additive) {
        const DetectorBench d(k.id, TB_Q15, k.words, k.inputs);
        const Bytes before = d.bytes();
        CAPTURE(k.name);
        CHECK(d.forget() == TB_ERR_STATE);
        CHECK(d.bytes() == before);
    }
}

TEST_CASE("forget: the monitor goes on in its state, and a restart changes nothing") {
    for (const Spec &spec : all_of()) {
        Machine m(spec);
        CAPTURE(name(spec));
        CHECK(tb_forget(&m.m) == TB_ERR_STATE);
        Random random(4);
        run_to(m, TB_MONITORING, random);
        const Bytes sealed = m.saved();
        const tb_status status = tb_forget(&m.m);
        if (is(spec, Detector::autoencoder)) {
            CHECK(status == TB_ERR_UNSUPPORTED);
            CHECK(m.bytes() == sealed);
            continue;
        }
        REQUIRE(status == TB_OK);
        CHECK(m.bytes() != sealed);
        CHECK(tb_state(&m.m) == TB_MONITORING);
        Machine restarted(spec);
        REQUIRE(restarted.load(m.saved()) == TB_OK);
        for (int t = 0; t < 40; ++t) {
            const Frame x = random.mode_frame(spec.channels, 2);
            const tb_result a = m.step(x);
            const tb_result b = restarted.step(x);
            const bool derived = t < 8 || (t > 20 && t < 24); // an ELM that has learned solves anew, and is not scored
            CHECK((!derived || (a.flags & TB_FLAG_SCORED) != 0));
            CHECK(std::memcmp(&a, &b, sizeof a) == 0);
            if (t % 8 == 7) {
                m.learn(x);
                restarted.learn(x);
            }
            if (t == 20) {
                CHECK(tb_forget(&m.m) == TB_OK);
                CHECK(tb_forget(&restarted.m) == TB_OK);
            }
        }
        CHECK(m.saved() == restarted.saved());
    }
}

TEST_CASE("forget: not without tools or a monitor") {
    CHECK(tb_forget(nullptr) == TB_ERR_ARGUMENT);
    Recipe recipe({});
    recipe.recipe.tools = nullptr;
    tb_memory sizes = {};
    REQUIRE(tb_sizes(&recipe.recipe, &sizes) == TB_OK);
    std::vector<std::uint64_t> image(sizes.image / 8);
    std::vector<std::uint64_t> scratch((sizes.scratch + 7) / 8);
    tb_monitor m;
    REQUIRE(tb_init(&m, &recipe.recipe, image.data(), sizes.image, scratch.data(), sizes.scratch, nullptr, 0) == TB_OK);
    CHECK(tb_forget(&m) == TB_ERR_UNSUPPORTED);
}

// What it learned since the epoch began is halved: of k-means' counts without its start.
TEST_CASE("forget: images merge afterwards, the half counting as half, in any order; an ELM's do not") {
    for (const Spec &base : each({Detector::kmeans, Detector::mahalanobis, Detector::distance, Detector::elm})) {
        Spec spec = base;
        spec.prior = 16;
        const Fleet fleet(spec, 8);
        Machine a(spec);
        REQUIRE(a.load(fleet.images[0]) == TB_OK);
        REQUIRE(tb_forget(&a.m) == TB_OK);
        const Bytes half = a.saved();
        CAPTURE(name(spec));
        if (is(spec, Detector::elm)) {
            CHECK(a.merge(fleet.images[1]) == TB_ERR_UNSUPPORTED);
            CHECK(a.bytes() == half);
            continue;
        }
        REQUIRE(a.merge(fleet.images[1]) == TB_OK);
        Machine b(spec);
        REQUIRE(b.load(fleet.images[1]) == TB_OK);
        REQUIRE(b.merge(half) == TB_OK);
        if (spec.arithmetic != TB_F32) {
            CHECK(a.detector() == b.detector());
            REQUIRE(a.unmerge(fleet.images[1]) == TB_OK); // and what was merged comes out again
            Machine alone(spec);
            REQUIRE(alone.load(half) == TB_OK);
            CHECK(a.detector() == alone.detector());
        }
        if (is(spec, Detector::mahalanobis)) {
            const std::uint32_t n[2] = {150, 160};
            CHECK(b.field<std::uint32_t>(2, 0) == (n[0] + 1) / 2 + n[1]);
        }
    }
}

TEST_CASE("forget: any image in its ranges is safe") {
    Random random(6);
    for (const Kind &k : additive) {
        for (const std::uint8_t arithmetic : arithmetics) {
            DetectorBench d(k.id, arithmetic, k.words, k.inputs);
            Source source(k, 1);
            for (int round = 0; round < 100; ++round) {
                Bytes forged = d.bytes();
                std::uint8_t *inner = forge_block(forged.data(), d.stage.fields, d.shape.fields, d.shape.n, random);
                for (std::uint32_t i = 0; i < d.shape.inner.count; ++i) {
                    const twinbit::Inner &in = d.shape.inner;
                    inner = forge_block(inner, in.table, in.fields, in.n, random);
                }
                d.set(forged);
                for (int n = 0; n < 3; ++n) {
                    if (d.forget() == TB_OK) {
                        d.score(source.next());
                    }
                    d.learn(source.next());
                }
            }
        }
    }
}
