// Pruning an ELM autoencoder: which units stay, and that what stays is the model of a recipe with those units only.
#include "elm_model.hpp"

#include <algorithm>

using namespace elm_model;
namespace fx = fixtures;

namespace {

// What a set of units explains of the frames, by ridge regression: tr(V_S^T (U_SS + ridge)^-1 V_S).
double explained(const Oracle &o, const std::vector<Index> &set) {
    const auto n = static_cast<Index>(set.size());
    MatrixXd u(n, n), v(n, o.v.cols());
    for (Index a = 0; a < n; ++a) {
        for (Index b = 0; b < n; ++b) {
            u(a, b) = o.u(set[static_cast<std::size_t>(a)], set[static_cast<std::size_t>(b)]);
        }
        u(a, a) += o.s.ridge / 65536.0;
        v.row(a) = o.v.row(set[static_cast<std::size_t>(a)]);
    }
    return (v.transpose() * u.llt().solve(v)).trace();
}

// Taken one by one, each for what the set explains with it.
std::vector<Index> greedy(const Oracle &o, std::uint32_t keep) {
    std::vector<Index> set;
    while (set.size() < keep) {
        Index best = -1;
        double most = -1;
        for (Index j = 0; j < o.k(); ++j) {
            if (std::find(set.begin(), set.end(), j) == set.end()) {
                std::vector<Index> with = set;
                with.push_back(j);
                const double e = explained(o, with);
                if (e > most) {
                    most = e;
                    best = j;
                }
            }
        }
        set.push_back(best);
    }
    std::sort(set.begin(), set.end());
    return set;
}

template <class P> std::vector<Index> left(Model<P> &m) {
    std::vector<Index> rows;
    for (std::uint32_t r = 0; r < m.k; ++r) {
        if (((m.pruned()[r / 32] >> (r % 32)) & 1u) == 0) {
            rows.push_back(r);
        }
    }
    return rows;
}

// The recipe with the units that are left.
template <class P> Settings pruned_settings(Model<P> &m) {
    Settings s = m.settings;
    const Words words = elm_words(s);
    const ElmWords w(words.data());
    s.masks.assign(w.masks, 0);
    std::uint32_t row = 0;
    for (std::uint32_t unit = 0; unit < w.units; ++unit) {
        if (w.uses(unit)) {
            const bool stays = ((m.pruned()[row / 32] >> (row % 32)) & 1u) == 0;
            auto &word = s.masks[unit / 32];
            word = static_cast<std::int32_t>(static_cast<std::uint32_t>(word) | (stays ? 1u << (unit % 32) : 0u));
            ++row;
        }
    }
    return s;
}

// As elm_state.hpp says: rows that stay are copied.
template <class P> Model<P> compacted(Model<P> &m) {
    Model<P> small(pruned_settings(m));
    const std::vector<Index> rows = left(m);
    for (std::uint32_t a = 0; a < small.k; ++a) {
        const auto from = static_cast<std::uint32_t>(rows[a]);
        for (std::uint32_t b = 0; b <= a; ++b) {
            small.u()[triangle_at(a, b)] = m.u()[triangle_at(from, static_cast<std::uint32_t>(rows[b]))];
        }
        std::copy_n(m.v() + from * m.settings.d, m.settings.d, small.v() + a * m.settings.d);
    }
    small.count() = m.count();
    return small;
}

template <class P> void check_equal_scores(Model<P> &a, Model<P> &b, std::uint64_t seed) {
    for (const Frame &x : swings(seed, a.settings.d, 20)) {
        REQUIRE(a.score(x) == b.score(x));
        REQUIRE(a.reconstruction(x) == b.reconstruction(x));
    }
}

// Whatever lies in a pruned row or column is 0.
template <class P> void check_cleared(Model<P> &m) {
    const auto out = [&](std::uint32_t r) { return ((m.pruned()[r / 32] >> (r % 32)) & 1u) != 0; };
    for (std::uint32_t a = 0; a < m.k; ++a) {
        for (std::uint32_t b = 0; b <= a; ++b) {
            CHECK((m.u()[triangle_at(a, b)] == 0) == (out(a) || out(b)));
        }
        for (std::uint32_t i = 0; i < m.settings.d; ++i) {
            CHECK((m.v()[a * m.settings.d + i] == 0) == out(a));
        }
    }
}

template <class P> void check_same_as_fresh(const Settings &s, std::uint32_t keep) {
    Model<P> m(s);
    for (const Frame &x : swings(1, s.d, 200)) {
        m.learn(x);
    }
    m.score(swings(1, s.d, 1)[0]); // the plan of all units must not outlive them
    REQUIRE(m.elm().prune(keep) == TB_OK);
    CHECK(m.prepared() == 0);
    REQUIRE(left(m).size() == keep);
    check_cleared(m);
    Model<P> fresh(pruned_settings(m));
    REQUIRE(fresh.k == keep);
    for (const Frame &x : swings(1, s.d, 200)) {
        fresh.learn(x);
    }
    check_equal_scores(m, fresh, 2);
    Model<P> small = compacted(m);
    check_equal_scores(m, small, 3);
    for (const Frame &x : swings(4, s.d, 50)) {
        m.learn(x);
        fresh.learn(x);
    }
    check_equal_scores(m, fresh, 5);
    Model<P> again = compacted(m);
    CHECK(std::equal(again.u(), again.u() + triangle(keep), fresh.u()));
    CHECK(std::equal(again.v(), again.v() + keep * s.d, fresh.v()));
    m.elm().new_epoch();
    CHECK(left(m).size() == keep);
    CHECK(m.count() == 0);
}

} // namespace

TEST_CASE("ELM: pruning keeps the units that a search over all of them takes, one by one") {
    for (const std::int32_t ridge : {65536, 655360}) {
        for (std::int32_t seed = 1; seed < 6; ++seed) {
            Settings s;
            s.d = 12;
            s.units = 14;
            s.seed = seed;
            s.ridge = ridge;
            Model<F32> f32(s);
            Model<Q31> q31(s);
            Model<Q15> q15(s);
            Oracle oracle(s);
            for (const Frame &x : swings(static_cast<std::uint64_t>(seed), s.d, 300)) {
                f32.learn(x);
                q31.learn(x);
                q15.learn(x);
                oracle.learn(x);
            }
            for (const std::uint32_t keep : {13u, 6u, 1u}) { // further and further
                CAPTURE(seed, ridge, keep);
                REQUIRE(f32.elm().prune(keep) == TB_OK);
                REQUIRE(q31.elm().prune(keep) == TB_OK);
                REQUIRE(q15.elm().prune(keep) == TB_OK);
                CHECK(left(f32) == greedy(oracle, keep));
                CHECK(left(q31) == greedy(oracle, keep));
                CHECK(left(q15) == greedy(oracle, keep));
            }
        }
    }
}

TEST_CASE("ELM: a pruned model is that of its remaining units, to the bit, and so is its compacted image") {
    Settings s;
    s.units = 40;
    check_same_as_fresh<F32>(s, 9);
    check_same_as_fresh<Q15>(s, 9);
    check_same_as_fresh<Q31>(s, 33);
    s.masks = {0x55555555, 0x55}; // of a recipe that was pruned before
    check_same_as_fresh<Q15>(s, 5);
}

TEST_CASE("ELM: pruning to none or to more units than there are is refused; to all of them changes nothing") {
    Settings s;
    Model<Q15> m(s);
    for (const Frame &x : swings(1, s.d, 30)) {
        m.learn(x);
    }
    const auto before = m.image;
    CHECK(m.elm().prune(0) == TB_ERR_ARGUMENT);
    CHECK(m.elm().prune(9) == TB_ERR_ARGUMENT);
    CHECK(m.image == before);
    CHECK(m.elm().prune(8) == TB_OK);
    CHECK(m.image == before);
    CHECK(m.elm().prune(5) == TB_OK);
    CHECK(m.elm().prune(6) == TB_ERR_ARGUMENT);
}
