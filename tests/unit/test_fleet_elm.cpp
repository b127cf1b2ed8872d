// Merge and un-merge of ELMs and of banks of them: what sums promise, by the C interface. See test_fleet.cpp for the others.
#include "fleet.hpp"

#include <algorithm>

using namespace fixtures;

namespace {

std::vector<Spec> specs() {
    Spec s;
    s.few = 2;
    std::vector<Spec> all = each({Detector::elm, Detector::bank_elm}, s);
    for (const Spec &one : each({Detector::elm, Detector::bank_elm}, without_scaler(s))) {
        all.push_back(one);
    }
    return all;
}

std::vector<Spec> fixed_point() {
    std::vector<Spec> some = specs();
    some.erase(std::remove_if(some.begin(), some.end(), [](const Spec &s) { return s.arithmetic == TB_F32; }),
               some.end());
    return some;
}

// A machine with the first device's image; what a refused merge must leave alone.
struct Refusing {
    Machine m;
    Bytes before;
    Refusing(const Spec &s, const Bytes &image) : m(s) {
        REQUIRE(m.load(image) == TB_OK);
        before = m.bytes();
    }
    bool refuses(const Bytes &other, tb_status status) {
        return m.merge(other) == status && m.unmerge(other) < 0 && m.bytes() == before;
    }
};

} // namespace

TEST_CASE("fleet of ELMs: all six orders give the same bytes, and those of learning on the union") {
    for (const Spec &spec : fixed_point()) {
        const Fleet fleet(spec, 1);
        std::vector<int> order = {0, 1, 2};
        const Bytes union_of_all = fleet.united();
        int orders = 0;
        do {
            CAPTURE(name(spec), order);
            CHECK(fleet.merged(order) == union_of_all);
            ++orders;
        } while (std::next_permutation(order.begin(), order.end()));
        CHECK(orders == 6);
    }
}

TEST_CASE("fleet of ELMs: in F32 merging gives the union's scores to float's accuracy") {
    for (const Spec &spec : specs()) {
        if (spec.arithmetic != TB_F32) {
            continue;
        }
        const Fleet fleet(spec, 2);
        Machine one(spec), all(spec);
        REQUIRE(one.load(fleet.images[0]) == TB_OK);
        REQUIRE(one.merge(fleet.images[1]) == TB_OK);
        REQUIRE(all.load(fleet.images[0]) == TB_OK);
        for (const Frame &x : fleet.frames[1]) {
            all.learn(x);
        }
        Random random(3);
        for (int t = 0; t < 50; ++t) {
            const Frame x = random.mode_frame(3, 4);
            CHECK(std::abs(one.score(x) - all.score(x)) < 66); // 0.001 octaves
        }
    }
}

TEST_CASE("fleet of ELMs: un-merging gives the earlier bytes back, in any order, and un-learns one device of three") {
    for (const Spec &spec : fixed_point()) {
        const Fleet fleet(spec, 4);
        Machine m(spec);
        check_unmerging(fleet, m);
        CHECK(tb_state(&m.m) == TB_CALIBRATING);
        CHECK(m.unmerge(fleet.images[2]) == TB_ERR_RANGE); // it saw more frames than are in
    }
}

TEST_CASE("fleet of ELMs: another basis, numerics version or layout is refused by name, and nothing changes") {
    for (const Spec &spec : specs()) {
        const Fleet fleet(spec, 5);
        const Fleet stranger(spec, 6);
        Refusing first(spec, fleet.images[0]);
        const bool bound =
            spec.scaler || is(spec, Detector::bank_elm); // an ELM alone on raw samples stands on its seed
        CHECK((!bound || first.refuses(stranger.images[1], TB_ERR_BASIS)));
        Bytes newer = fleet.images[1];
        put<std::uint16_t>(newer, 6, TB_NUMERICS_VERSION + 1);
        reseal(newer);
        CHECK(first.refuses(newer, TB_ERR_NUMERICS));
        Spec other = spec;
        other.units = 3;
        CHECK(first.refuses(Fleet(other, 5).images[1], TB_ERR_LAYOUT));
        Bytes damaged = fleet.images[1];
        damaged[200] ^= 1;
        CHECK(first.refuses(damaged, TB_ERR_CRC));
    }
}

TEST_CASE("fleet of ELMs: differently pruned ones stand on different bases, equally pruned ones merge") {
    for (const Spec &spec : each(Detector::elm)) {
        const Fleet fleet(spec, 7);
        Machine pruned(spec), twin(spec);
        REQUIRE(pruned.load(fleet.images[1]) == TB_OK);
        REQUIRE(pruned.prune(2) == TB_OK);
        Refusing whole(spec, fleet.images[0]);
        CHECK(whole.refuses(pruned.saved(), TB_ERR_BASIS));
        REQUIRE(tb_new_epoch(&pruned.m) == TB_OK); // the mask stays
        REQUIRE(twin.load(pruned.saved()) == TB_OK);
        Random random(8);
        for (int t = 0; t < 30; ++t) {
            pruned.learn(random.mode_frame(3, 4));
            twin.learn(random.mode_frame(3, 4));
        }
        CHECK(pruned.merge(twin.saved()) == TB_OK);
    }
}

TEST_CASE("fleet of ELMs: what would overflow is an error and nothing changes") {
    for (const Spec &base : specs()) {
        Spec spec = base;
        spec.channels = 1;
        spec.clusters = 1;
        spec.units = 1;
        Machine a(spec), b(spec);
        Random random(9);
        run_to(a, TB_LEARNING, random);
        for (int t = 0; t < 3; ++t) {
            a.learn({20000 + t});
        }
        REQUIRE(tb_new_epoch(&a.m) == TB_OK);
        REQUIRE(b.load(a.saved()) == TB_OK);
        for (int t = 0; t < 32768; ++t) {
            a.learn({20000});
            b.learn({20000});
        }
        const Bytes half = b.saved();
        b.learn({20000});
        Refusing full(spec, a.saved());
        CHECK(full.m.merge(b.saved()) == TB_ERR_RANGE);
        CHECK(full.m.bytes() == full.before);
        CHECK(full.m.merge(half) == TB_OK); // 65,536 in all: just what sums are exact for
        const Frame x = {20000};
        CHECK(tb_learn_i32(&full.m.m, x.data(), 1, nullptr) == TB_ERR_RANGE);
    }
}

TEST_CASE("fleet: who can't merge says so, and nothing changes") {
    Spec forgetting;
    forgetting.forget = 64;
    std::vector<Spec> some =
        each({Detector::autoencoder, Detector::subspace, Detector::bank_autoencoder, Detector::bank_subspace});
    for (const Spec &s : each({Detector::elm, Detector::bank_elm}, forgetting)) {
        some.push_back(s);
    }
    for (const Spec &spec : some) {
        CAPTURE(name(spec));
        const Fleet fleet(spec, 10);
        Refusing first(spec, fleet.images[0]);
        CHECK(first.refuses(fleet.images[1], TB_ERR_UNSUPPORTED));
    }
}

TEST_CASE("fleet: an ELM whose sums were halved does not merge, whatever its policy is now") {
    for (const Spec &spec : each(Detector::elm)) {
        Spec forgets = spec;
        forgets.forget = 64;
        const Fleet fleet(forgets, 11, 200);
        Machine m(spec);
        REQUIRE(tb_set_policy(&m.m, fleet.base.data(), static_cast<std::uint32_t>(fleet.base.size()), TB_LOAD_SEALED) ==
                TB_OK);
        const Bytes before = m.bytes();
        CHECK(m.merge(fleet.images[1]) == TB_ERR_UNSUPPORTED);
        CHECK(m.bytes() == before);
    }
}
