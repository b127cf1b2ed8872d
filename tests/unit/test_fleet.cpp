// Merge and un-merge: any order gives the same bytes, sums equal learning on the union, what was merged can be taken out.
#include "fleet.hpp"

#include <algorithm>

using namespace fixtures;

namespace {

bool fixed_point(const Spec &s) { return s.arithmetic != TB_F32; }

std::vector<Spec> specs() {
    Spec s;
    s.prior = 16;
    std::vector<Spec> all = each({Detector::kmeans, Detector::mahalanobis}, s);
    for (const Spec &one : each({Detector::kmeans, Detector::mahalanobis}, without_scaler(s))) {
        all.push_back(one);
    }
    return all;
}

} // namespace

TEST_CASE("fleet: three devices in all six orders give the same bytes in fixed point") {
    for (const Spec &spec : specs()) {
        if (!fixed_point(spec)) {
            continue;
        }
        const Fleet fleet(spec, 1);
        std::vector<int> order = {0, 1, 2};
        const Bytes first = fleet.merged(order);
        int orders = 0;
        do {
            CAPTURE(name(spec), order);
            CHECK(fleet.merged(order) == first);
            ++orders;
        } while (std::next_permutation(order.begin(), order.end()));
        CHECK(orders == 6);
    }
}

TEST_CASE("fleet: Mahalanobis merged is Mahalanobis learned on the union, to the byte in fixed point") {
    for (const Spec &spec : specs()) {
        if (!is(spec, Detector::mahalanobis)) {
            continue;
        }
        const Fleet fleet(spec, 2);
        if (fixed_point(spec)) {
            CHECK(fleet.merged({0, 1, 2}) == fleet.united());
        } else { // float sums are rounded differently: compare them as numbers
            const Bytes a = fleet.merged({0, 1, 2});
            const Bytes b = fleet.united();
            CHECK(get<std::uint32_t>(a, 0) == get<std::uint32_t>(b, 0));
            for (std::size_t at = 8; at < a.size(); at += 4) {
                CHECK(get<float>(a, at) == Approx(static_cast<double>(get<float>(b, at))).epsilon(1e-4).margin(0.01));
            }
        }
    }
}

TEST_CASE("fleet: k-means with frozen centroids is k-means learned on the union, to the byte") {
    for (const Spec &base : specs()) {
        if (is(base, Detector::mahalanobis) || !fixed_point(base)) {
            continue;
        }
        Spec spec = base;
        spec.frozen = 1;
        const Fleet fleet(spec, 3);
        CHECK(fleet.merged({0, 1, 2}) == fleet.united());
        Spec moving = spec;
        moving.frozen = 0;
        const Fleet other(moving, 3, 400);
        CHECK(other.merged({0, 1, 2}) !=
              other.united()); // assignments move with the centroids: the promise is not made
    }
}

TEST_CASE("fleet: un-merging gives the earlier bytes back, in any order, and un-learns one device of three") {
    for (const Spec &spec : specs()) {
        if (!fixed_point(spec)) {
            continue;
        }
        const Fleet fleet(spec, 4);
        Machine m(spec);
        check_unmerging(fleet, m);
    }
}

TEST_CASE("fleet: what was never in can't be taken out, float can't be taken out at all") {
    for (const Spec &spec : specs()) {
        const Fleet fleet(spec, 5);
        Machine m(spec);
        REQUIRE(m.load(fleet.base) == TB_OK);
        REQUIRE(tb_new_epoch(&m.m) == TB_OK);
        REQUIRE(m.load(fleet.base) == TB_OK);
        const Bytes before = m.bytes();
        CHECK(m.unmerge(fleet.images[2]) == (fixed_point(spec) ? TB_ERR_RANGE : TB_ERR_UNSUPPORTED));
        CHECK(m.bytes() == before);
        REQUIRE(m.load(fleet.images[1]) == TB_OK);
        const Bytes one = m.bytes();
        CHECK(m.unmerge(fleet.images[2]) < 0); // the second device saw fewer frames than the third
        CHECK(m.bytes() == one);
    }
}

TEST_CASE("fleet: after a merge the monitor calibrates anew, and scores with the merged model") {
    for (const Spec &spec : specs()) {
        const Fleet fleet(spec, 6);
        Machine m(spec);
        REQUIRE(m.load(fleet.images[0]) == TB_OK);
        Random random(7);
        run_to(m, TB_MONITORING, random);
        m.step({30000, -30000, 30000});
        REQUIRE(m.merge(fleet.images[1]) == TB_OK);
        CHECK(tb_state(&m.m) == TB_CALIBRATING);
        CHECK(m.bytes()[45] == 0);
        const tb_result r = m.step(random.mode_frame(3, 4));
        CHECK(r.threshold == TB_THRESHOLD_NONE);
        CHECK((r.flags & TB_FLAG_SCORED) != 0);
        Machine copy(spec);
        REQUIRE(copy.load(m.saved()) == TB_OK);
        const Frame x = random.mode_frame(3, 4);
        CHECK(copy.score(x) == m.score(x));
    }
}

TEST_CASE("fleet: images on another basis are refused") {
    for (const Spec &spec : specs()) {
        const Fleet fleet(spec, 8);
        const Fleet stranger(spec, 9);
        Machine m(spec);
        REQUIRE(m.load(fleet.images[0]) == TB_OK);
        const Bytes before = m.bytes();
        const bool bound =
            spec.scaler || !is(spec, Detector::mahalanobis); // Mahalanobis on raw samples stands on nothing
        CHECK(m.merge(stranger.images[1]) == (bound ? TB_ERR_BASIS : TB_OK));
        CHECK((!bound || m.bytes() == before));
    }
}

TEST_CASE("fleet: k-means before its first epoch has no basis; scaling monitors can't merge") {
    for (const Spec &spec : specs()) {
        Machine m(spec);
        Random random(10);
        if (spec.scaler) {
            const Bytes fresh = m.saved();
            CHECK(m.merge(fresh) == TB_ERR_STATE);
            CHECK(tb_new_epoch(&m.m) == TB_ERR_STATE);
            CHECK(m.bytes() == fresh);
        }
        run_to(m, TB_LEARNING, random);
        for (int t = 0; t < 30; ++t) {
            m.learn(random.mode_frame(3, 2));
        }
        const Bytes own = m.saved();
        CHECK(m.merge(own) == (is(spec, Detector::mahalanobis) ? TB_OK : TB_ERR_BASIS));
        CHECK((is(spec, Detector::mahalanobis) || m.bytes() == own));
    }
}

TEST_CASE("fleet: policies may differ, recipes may not") {
    Spec spec;
    spec.detector = Detector::mahalanobis;
    const Fleet fleet(spec, 11);
    Spec other = spec;
    other.margin = 5;
    Machine m(other);
    REQUIRE(tb_set_policy(&m.m, fleet.base.data(), static_cast<std::uint32_t>(fleet.base.size()), TB_LOAD_SEALED) ==
            TB_OK);
    CHECK(m.merge(fleet.images[0]) == TB_OK);
    other.channels = 4;
    CHECK(Machine(other).merge(fleet.images[0]) == TB_ERR_LAYOUT);
}

TEST_CASE("fleet: a sum that would overflow is an error and nothing changes") {
    for (const Spec &base : specs()) {
        Spec spec = base;
        spec.channels = 1;
        spec.clusters = 1;
        spec.prior = 0;
        Machine a(spec), b(spec);
        Random random(12);
        run_to(a, TB_LEARNING, random);
        a.learn({20000});
        a.learn({20000});
        REQUIRE(tb_new_epoch(&a.m) == TB_OK);
        REQUIRE(b.load(a.saved()) == TB_OK);
        for (int t = 0; t < 40000; ++t) {
            a.learn({20000});
            if (t < 25536) {
                b.learn({20000});
            }
        }
        const Bytes more = b.saved();
        b.learn({20000});
        const Bytes too_many = b.saved();
        const Bytes before = a.saved();
        CHECK(a.merge(too_many) == TB_ERR_RANGE);
        CHECK(a.bytes() == before);    // the seal included
        CHECK(a.merge(more) == TB_OK); // 65,536 in all: just what sums are exact for
    }
}

TEST_CASE("fleet: a new epoch of Mahalanobis begins with nothing, of k-means with the old centroids' weight") {
    for (const Spec &base : specs()) {
        Spec spec = base;
        spec.prior = 7;
        Machine m(spec);
        Random random(13);
        run_to(m, TB_MONITORING, random);
        const std::uint32_t frames = get<std::uint32_t>(m.bytes(), 36);
        const std::uint32_t samples = (4 * 3 * (spec.arithmetic == TB_Q15 ? 2u : 4u) + 7) / 8 * 8;
        const std::uint32_t distance = spec.arithmetic == TB_F32 ? 4 : 8;
        std::uint32_t counts[4] = {};
        for (std::uint32_t j = 0; j < 4 && !is(spec, Detector::mahalanobis); ++j) {
            counts[j] = m.field<std::uint32_t>(2, 16 + samples + 16 + 4 * distance + 4 * j);
        }
        REQUIRE(tb_new_epoch(&m.m) == TB_OK);
        CHECK(tb_state(&m.m) == TB_LEARNING);
        CHECK(get<std::uint32_t>(m.bytes(), 36) == frames);
        std::int32_t score = 0;
        const Frame x = {0, 0, 0};
        const tb_status status = tb_score_i32(&m.m, x.data(), 3, nullptr, &score);
        CHECK(status == (is(spec, Detector::mahalanobis) ? TB_ERR_STATE : TB_OK));
        if (is(spec, Detector::mahalanobis)) {
            const Bytes block = m.detector();
            CHECK(std::count(block.begin(), block.end(), 0) == static_cast<std::ptrdiff_t>(block.size()));
        } else {
            for (std::uint32_t j = 0; j < m.field<std::uint32_t>(2, 0); ++j) {
                CHECK(m.field<std::uint32_t>(2, 16 + samples + 4 * j) == std::min(counts[j], 7u));
            }
            CHECK(m.field<std::uint32_t>(2, 8) == 1);
        }
    }
}
