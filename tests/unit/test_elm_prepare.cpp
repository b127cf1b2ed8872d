// The ELM autoencoder's factor, a row a frame; images that lie.
#include "elm_model.hpp"

using namespace elm_model;
namespace fx = fixtures;

namespace {

template <class P> std::vector<float> factor_of(Model<P> &m) {
    const auto *f = at<float>(Model<P>::bytes_of(m.plan), ElmPlan(m.k).factor);
    return std::vector<float>(f, f + triangle(m.k));
}

template <class P> Model<P> learned(const Settings &s, int n) {
    Model<P> m(s);
    for (const Frame &x : swings(1, s.d, n)) {
        REQUIRE(m.learn(x) == TB_OK);
    }
    return m;
}

// The image goes on in another machine's memory, whose plan holds anything before it is settled.
template <class P> void move_to_new_memory(Model<P> &m) {
    Model<P> other(m.settings);
    other.image = m.image;
    other.elm().settle();
    REQUIRE(other.image == m.image);
    m.plan = other.plan;
}

template <class P> void check_prepare(const Settings &s) {
    Model<P> settled = learned<P>(s, 60);
    settled.elm().settle();
    const Frame x = swings(2, s.d, 1)[0];
    for (std::uint32_t stop = 0; stop <= settled.k; ++stop) { // restored before row `stop`
        Model<P> m = learned<P>(s, 60);
        for (std::uint32_t r = 0; r < m.k; ++r) {
            REQUIRE(m.prepared() == r);
            if (r == stop) {
                move_to_new_memory(m);
            }
            REQUIRE(m.elm().prepare() == (r + 1 == m.k));
        }
        CHECK(m.elm().prepare());
        CHECK(m.prepared() == m.k);
        CHECK(factor_of(m) == factor_of(settled));
        CHECK(m.score(x) == settled.score(x));
        m.learn(x);
        CHECK(m.prepared() == 0);
    }
}

// One call of prepare() makes one row, not more.
template <class P> void check_one_row(const Settings &s) {
    Model<P> m = learned<P>(s, 60);
    for (std::uint32_t r = 0; r < m.k; ++r) {
        m.elm().prepare();
        CHECK(*at<std::uint32_t>(Model<P>::bytes_of(m.plan), ElmPlan(m.k).rows) == r + 1);
    }
}

// Any bits that the ranges of an image let through.
template <class P> void fill(Model<P> &m, fx::Random &random, int kind) {
    using Sum = typename P::Sum;
    const auto number = [&](Sum) {
        const double size = kind == 0 ? 1 : std::exp2(-random.uniform() * outer_bits<P>);
        return static_cast<Sum>((random.uniform() * 2 - 1) * std::ldexp(0.999, outer_bits<P>) * size);
    };
    for (std::uint32_t i = 0; i < triangle(m.k); ++i) {
        m.u()[i] = number({});
    }
    for (std::uint32_t i = 0; i < m.k * m.settings.d; ++i) {
        m.v()[i] = number({});
    }
    m.count() = static_cast<std::uint32_t>(random.integer(1, 65535));
    m.prepared() = static_cast<std::uint32_t>(random.integer(0, static_cast<std::int32_t>(m.k)));
    m.pruned()[0] = kind == 2 ? static_cast<std::uint32_t>(random.bits()) : 0;
}

template <class P> void check_hostile(const Settings &s) {
    fx::Random random(11);
    for (int t = 0; t < 300; ++t) {
        Model<P> m(s);
        fill(m, random, t % 3);
        m.elm().settle();
        const Frame x = random.frame(s.d, 0, 20000);
        CHECK(std::abs(m.score(x)) < 64 * 65536);
        CHECK(m.reconstruction(x).cwiseAbs().maxCoeff() <= Oracle::limit);
        std::vector<std::int32_t> shares(s.d);
        m.elm().explain(m.samples(x).data(), shares.data());
        while (!m.elm().prepare()) {
        }
        m.learn(x);
        CHECK(std::abs(m.score(x)) < 64 * 65536);
        Model<P> other(s);
        fill(other, random, t % 3);
        m.merge(other);
        m.elm().prune(1);
        CHECK(std::abs(m.score(x)) < 64 * 65536);
    }
}

} // namespace

TEST_CASE("ELM: rows of the factor made one a frame are those made at once, wherever a restart comes between") {
    Settings s;
    s.units = 7;
    check_prepare<F32>(s);
    check_prepare<Q15>(s);
    check_prepare<Q31>(s);
    check_one_row<Q15>(s);
}

TEST_CASE("ELM: a score after learning needs no settling, also where forgetting brings the count back") {
    Settings s;
    s.forget = 20;
    Model<Q15> m(s);
    for (const Frame &x : swings(3, s.d, 100)) {
        m.learn(x);
        Model<Q15> copy(s);
        copy.image = m.image;
        copy.elm().settle();
        REQUIRE(m.score(x) == copy.score(x));
    }
}

TEST_CASE("ELM: forged images give finite scores") {
    for (const Activation g : {Activation::tanh, Activation::linear}) {
        Settings s;
        s.units = 12;
        s.activation = g;
        s.ridge = 1;
        check_hostile<F32>(s);
        check_hostile<Q15>(s);
        check_hostile<Q31>(s);
    }
}

TEST_CASE("ELM: units that say the same are left out, not divided by nothing") {
    Settings s;
    s.d = 3;
    s.units = 20; // of three features in a tiny range: few directions
    s.ridge = 1;
    s.activation = Activation::linear;
    Model<F32> m(s);
    Oracle oracle(s);
    fx::Random random(4);
    for (int t = 0; t < 3000; ++t) {
        const Frame x = random.frame(3, 0, 3000);
        m.learn(x);
        oracle.learn(x);
    }
    oracle.solve();
    int out = 0;
    m.elm().settle();
    for (std::uint32_t r = 0; r < m.k; ++r) {
        out += factor_of(m)[triangle_at(r, r)] == 0 ? 1 : 0;
    }
    CHECK(out >= 10);
    for (int t = 0; t < 50; ++t) {
        const Frame x = random.frame(3, 0, 3000);
        CHECK((m.reconstruction(x) - oracle.reconstruction(x)).norm() < 0.01);
    }
}
