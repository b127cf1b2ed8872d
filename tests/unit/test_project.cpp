// Projections on a direction: exact sums in 128 bits, one rounding, both forms of the sum.
#include "fixtures.hpp"
#include "linear/project.hpp"

#include <cmath>

using namespace twinbit;

namespace {

using Wide = __int128;
using Vector = std::vector<std::int32_t>;

Wide round_half_up(Wide v, int s) { return (v + (Wide{1} << (s - 1))) >> s; }

// A direction in Q.30: one feature, all features alike, or any.
Vector direction(fixtures::Random &random, std::uint32_t n, int kind) {
    std::vector<double> v(n);
    double sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        v[i] = kind == 0 ? (i == n / 2 ? -1 : 0) : kind == 1 ? 1 : random.normal();
        sum += v[i] * v[i];
    }
    Vector e;
    for (const double x : v) {
        e.push_back(static_cast<std::int32_t>(std::lround(x / std::sqrt(sum) * 0x1p30)));
    }
    return e;
}

// A vector of the largest length there is, along e or across.
Vector longest(fixtures::Random &random, const Vector &e, int kind) {
    Vector u;
    for (const std::int32_t x : e) {
        u.push_back(kind == 0 ? x : kind == 1 ? -x : random.integer(-1000000, 1000000));
    }
    return u;
}

template <int Places> void check(const Vector &u, const Vector &e) {
    const auto n = static_cast<std::uint32_t>(u.size());
    const auto factor = [](std::int32_t v) { return Places == 30 ? Wide{v} : round_half_up(v, 15); };
    Wide sum = 0;
    for (std::uint32_t i = 0; i < n; ++i) {
        sum += u[i] * factor(e[i]);
    }
    const std::int32_t p = Projection<Places>::project(u.data(), e.data(), n);
    REQUIRE(Wide{p} == round_half_up(sum, Places));
    Vector left = u;
    Projection<Places>::take_out(left.data(), e.data(), p, n);
    for (std::uint32_t i = 0; i < n; ++i) {
        REQUIRE(Wide{left[i]} == u[i] - round_half_up(p * factor(e[i]), Places));
    }
}

} // namespace

TEST_CASE("project: exact, rounded once, at the longest vectors too") {
    fixtures::Random random(1);
    for (const std::uint32_t n : {1u, 2u, 7u, 64u, 4098u}) {
        for (int e_kind = 0; e_kind < 3; ++e_kind) {
            for (int u_kind = 0; u_kind < 4; ++u_kind) {
                const Vector e = direction(random, n, e_kind);
                const Vector u = longest(random, e, u_kind);
                check<15>(u, e);
                check<30>(u, e);
                REQUIRE(Projection<15>::long_products(u.data(), e.data(), n) ==
                        Projection<15>::short_products(u.data(), e.data(), n));
            }
        }
    }
}

TEST_CASE("project: rounding by a shift that is known only now") {
    fixtures::Random random(2);
    for (int t = 0; t < 100000; ++t) {
        const int s = random.integer(1, 64);
        const int bits = random.integer(1, s < 33 ? s + 30 : 63); // with the sign
        const std::int64_t v = static_cast<std::int64_t>(random.bits()) >> (64 - bits);
        REQUIRE(Wide{rounded(v, s)} == round_half_up(v, s));
    }
    CHECK(rounded((std::int64_t{1} << 62), 32) == 1 << 30);
    CHECK(rounded<30>(-(std::int64_t{1} << 60)) == -(1 << 30));
}
