// The ELM autoencoder's statistics: exact sums, merging and taking out, forgetting, their limits.
#include "elm_model.hpp"

#include <algorithm>
#include <array>

using namespace elm_model;
namespace fx = fixtures;

namespace {

// Frames up to the ends of the samples' range.
Frame wide_frame(fx::Random &random, std::uint32_t d, int t) {
    return t % 5 == 0 ? Frame(d, t % 2 == 0 ? 32767 : -32767) : random.frame(d, 0, 12000);
}

template <class P> Model<P> learned(const Settings &s, std::uint64_t seed, int n) {
    Model<P> m(s);
    fx::Random random(seed);
    for (int t = 0; t < n; ++t) {
        REQUIRE(m.learn(wide_frame(random, s.d, t)) == TB_OK);
    }
    return m;
}

// The sums of a model against 128-bit integers; shift is that of the products.
template <class P> void check_sums(const Settings &s, int shift) {
    Model<P> m(s);
    fx::Random random(3);
    const auto k = static_cast<std::uint32_t>(s.units);
    std::vector<__int128> u(triangle(k)), v(k * s.d);
    const auto rounded = [shift](__int128 p) { return shift == 0 ? p : (p + (__int128{1} << (shift - 1))) >> shift; };
    for (int t = 0; t < 300; ++t) {
        const Frame frame = wide_frame(random, s.d, t);
        const auto x = m.samples(frame);
        const Hidden<P> hidden(static_cast<std::uint32_t>(s.seed), s.activation, s.gain, x.data(), s.d);
        REQUIRE(m.learn(frame) == TB_OK);
        for (std::uint32_t i = 0; i < k; ++i) {
            for (std::uint32_t j = 0; j <= i; ++j) {
                u[triangle_at(i, j)] += rounded(__int128{hidden.unit(i)} * hidden.unit(j));
            }
            for (std::uint32_t j = 0; j < s.d; ++j) {
                v[i * s.d + j] += rounded(__int128{hidden.unit(i)} * x[j].raw);
            }
        }
    }
    CHECK(m.count() == 300);
    CHECK(std::equal(u.begin(), u.end(), m.u()));
    CHECK(std::equal(v.begin(), v.end(), m.v()));
}

template <class P> void check_merge_orders(const Settings &s) {
    Model<P> parts[3] = {learned<P>(s, 1, 50), learned<P>(s, 2, 77), learned<P>(s, 3, 1)};
    Model<P> whole(s);
    for (int p = 0; p < 3; ++p) {
        fx::Random random(static_cast<std::uint64_t>(p) + 1);
        for (int t = 0; t < std::array{50, 77, 1}[static_cast<std::size_t>(p)]; ++t) {
            whole.learn(wide_frame(random, s.d, t));
        }
    }
    std::array<int, 3> order = {0, 1, 2};
    do {
        Model<P> sum = parts[order[0]];
        REQUIRE(sum.merge(parts[order[1]]) == TB_OK);
        const auto two = sum.image;
        REQUIRE(sum.merge(parts[order[2]]) == TB_OK);
        CHECK(sum.image == whole.image);
        REQUIRE(sum.merge(parts[order[2]], -1) == TB_OK);
        CHECK(sum.image == two);
        REQUIRE(sum.merge(parts[order[1]], -1) == TB_OK);
        CHECK(sum.image == parts[order[0]].image);
    } while (std::next_permutation(order.begin(), order.end()));
}

// With forget = n, n frames leave half of their sums, rounded half up.
template <class P> void check_halving(Settings s, int n) {
    Model<P> whole = learned<P>(s, 5, n);
    s.forget = n;
    Model<P> half = learned<P>(s, 5, n);
    CHECK(half.count() == static_cast<std::uint32_t>((n + 1) / 2));
    const auto expected = [](auto sum) {
        return P::exact_sums ? std::floor(static_cast<double>(sum) / 2 + 0.5) : static_cast<double>(sum) / 2;
    };
    const auto k = static_cast<std::uint32_t>(s.units);
    for (std::uint32_t i = 0; i < triangle(k); ++i) {
        CHECK(static_cast<double>(half.u()[i]) == expected(whole.u()[i]));
    }
    for (std::uint32_t i = 0; i < k * s.d; ++i) {
        CHECK(static_cast<double>(half.v()[i]) == expected(whole.v()[i]));
    }
}

// Learns one kind of frame over and over; every sum stays within what `forget` frames can add up to.
template <class P> void check_forgetting(const Settings &s, int halvings) {
    Model<P> m(s);
    fx::Random random(7);
    const auto k = static_cast<std::uint32_t>(s.units);
    const auto most = static_cast<double>(outer_limit<P>(static_cast<std::uint32_t>(s.forget)));
    std::vector<double> errors;
    int halved = 0;
    for (int t = 0; halved < halvings; ++t) {
        const std::uint32_t before = m.count();
        const bool constant = halved % 100 < 40;
        REQUIRE(m.learn(constant ? Frame(s.d, 12000) : swinging(random, s.d)) == TB_OK);
        halved += m.count() <= before ? 1 : 0;
        REQUIRE(m.count() < static_cast<std::uint32_t>(s.forget));
        if (t % 1000 == 0) {
            for (std::uint32_t i = 0; i < triangle(k); ++i) {
                REQUIRE(std::fabs(static_cast<double>(m.u()[i])) <= most);
            }
            for (std::uint32_t i = 0; i < k * s.d; ++i) {
                REQUIRE(std::fabs(static_cast<double>(m.v()[i])) <= most);
            }
            errors.push_back(octaves(m.score(swinging(random, s.d))));
            REQUIRE(std::fabs(errors.back()) < 12);
        }
    }
    if (s.forget < 50) {
        return;
    }
    for (int t = 0; t < 3 * s.forget; ++t) { // what it learned last it knows as well as a new one
        m.learn(swinging(random, s.d));
    }
    Model<P> fresh(s);
    double last = 0;
    double first = 0;
    for (const Frame &x : swings(5, s.d, s.forget)) {
        fresh.learn(x);
    }
    for (const Frame &x : swings(6, s.d, 100)) {
        last += octaves(m.score(x)) / 100;
        first += octaves(fresh.score(x)) / 100;
    }
    CHECK(last < first + 0.2);
}

template <class P> void check_refusals(const Settings &s) {
    Model<P> a = learned<P>(s, 1, 20);
    Model<P> b = learned<P>(s, 2, 30);
    const auto before = a.image;
    CHECK(a.merge(b, -1) == (P::exact_sums ? TB_ERR_RANGE : TB_ERR_UNSUPPORTED)); // fewer frames than are to go
    b.pruned()[0] = 4;
    CHECK(a.merge(b) == TB_ERR_BASIS);
    b.pruned()[0] = 0;
    b.count() = 65536 - 19;
    CHECK(a.merge(b) == TB_ERR_RANGE);
    b = learned<P>(s, 2, 1);
    CHECK(a.merge(b) == TB_OK);
    a.image = before;
    for (auto *sum : {b.u(), b.v() + s.d}) { // more than 21 frames add up to
        const auto honest = *sum;
        *sum = static_cast<typename P::Sum>(outer_limit<P>(42));
        CHECK(a.merge(b) == TB_ERR_RANGE);
        *sum = honest;
    }
    CHECK(a.image == before);
    Settings forgets = s;
    forgets.forget = 1000;
    Model<P> c = learned<P>(forgets, 1, 20);
    CHECK(c.merge(b) == TB_ERR_UNSUPPORTED);
    forgets.forget = 15; // c was halved once: also under a recipe that does not forget
    c.image = learned<P>(forgets, 1, 20).image;
    a.image = before;
    CHECK(a.merge(c) == TB_ERR_UNSUPPORTED);
    CHECK(a.image == before);
    a.image = c.image;
    CHECK(a.merge(b) == TB_ERR_UNSUPPORTED);
    a.elm().new_epoch();
    b = learned<P>(s, 2, 30);
    CHECK(a.merge(b) == TB_OK);
}

} // namespace

TEST_CASE("ELM: its sums are the exact sums, each product rounded once in Q15") {
    for (const Activation g : {Activation::tanh, Activation::linear}) {
        Settings s;
        s.d = 5;
        s.units = 6;
        s.activation = g;
        check_sums<Q15>(s, 15);
        check_sums<Q31>(s, 0);
    }
}

TEST_CASE("ELM: merging in any order equals learning on the union, and taking out gives the earlier bytes") {
    Settings s;
    s.units = 40;
    check_merge_orders<Q15>(s);
    check_merge_orders<Q31>(s);
}

TEST_CASE("ELM: merging in F32 is close to learning on the union, in any order") {
    const Settings s;
    Model<F32> a = learned<F32>(s, 1, 500);
    Model<F32> b = learned<F32>(s, 2, 700);
    Model<F32> other_way = b;
    REQUIRE(other_way.merge(a) == TB_OK);
    REQUIRE(a.merge(b) == TB_OK);
    CHECK(a.count() == 1200);
    for (const Frame &x : swings(9, s.d, 50)) {
        CHECK(std::fabs(octaves(a.score(x)) - octaves(other_way.score(x))) < 1e-4);
    }
}

TEST_CASE("ELM: compensated sums of F32 don't lose what plain ones do") {
    Settings s;
    s.d = 2;
    s.units = 2;
    Model<F32> m(s);
    fx::Random random(8);
    double sum = 0;
    for (int t = 0; t < 65536; ++t) {
        const Frame x = random.frame(2, 2000, 1000);
        m.learn(x);
        const float h = at<float>(Model<F32>::bytes_of(m.scratch), m.offsets.h)[0];
        sum += static_cast<double>(h * m.samples(x)[1]);
    }
    CHECK(std::fabs(static_cast<double>(m.v()[1]) - sum) < 0x1p-23 * std::fabs(sum));
}

TEST_CASE("ELM: forgetting halves sums and count, rounded half up") {
    for (const int n : {2, 3, 20, 21}) {
        check_halving<Q15>(Settings(), n);
        check_halving<Q31>(Settings(), n);
        check_halving<F32>(Settings(), n);
    }
}

TEST_CASE("ELM: statistics that are halved a thousand times stay bounded, and the model as good as a new one") {
    Settings s;
    s.forget = 101;
    s.d = 4;
    s.units = 5;
    check_forgetting<Q15>(s, 1000);
    check_forgetting<Q31>(s, 1000);
    check_forgetting<F32>(s, 1000);
    s.forget = 2;
    check_forgetting<Q15>(s, 1000);
}

TEST_CASE("ELM: what can't be merged is refused and changes nothing") {
    Settings s;
    s.units = 3;
    check_refusals<Q15>(s);
    check_refusals<Q31>(s);
    check_refusals<F32>(s);
}

TEMPLATE_TEST_CASE("ELM: learns no more when its sums are full; then they are at their limit and still right", "", Q15,
                   Q31) {
    Settings s;
    s.d = 2;
    s.units = 2;
    s.gain = 8; // units at their limits
    Model<TestType> m(s);
    const Frame x = {32767, -32767};
    for (int t = 0; t < 65536; ++t) {
        REQUIRE(m.learn(x) == TB_OK);
    }
    const auto full = m.image;
    CHECK(m.learn(x) == TB_ERR_RANGE);
    CHECK(m.image == full);
    const auto most = static_cast<double>(outer_limit<TestType>(65536));
    CHECK(std::fabs(static_cast<double>(m.u()[0])) > 0.9999 * most);
    CHECK(std::fabs(static_cast<double>(m.v()[0])) > 0.9999 * most);
    CHECK(std::fabs(static_cast<double>(m.v()[0])) <= most);
    CHECK(octaves(m.score(x)) < -9);
}

TEMPLATE_TEST_CASE("ELM: full sums go on by a policy that forgets", "", F32, Q15, Q31) {
    Settings s;
    s.d = 2;
    s.units = 2;
    s.gain = 8; // units at their limits
    Model<TestType> m(s);
    const Frame x = {32767, -32767};
    while (m.learn(x) == TB_OK) {
    }
    REQUIRE(m.count() == 65536);
    m.words.back() = 1000; // as tb_set_policy() gives it
    const auto full = static_cast<double>(m.v()[0]);
    CHECK(m.learn(x) == TB_OK);
    CHECK(m.count() == 32769);
    CHECK(static_cast<double>(m.v()[0]) / full == Approx(0.5).epsilon(1e-4)); // nothing wrapped
    CHECK(m.learn(x) == TB_OK);
    CHECK(m.count() == 16385);
}
