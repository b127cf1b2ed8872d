// KS: the same drifts at the same values as the test by its definition, in double over all values; false alarms as
// stated; the same from a saved state, safe with forged ones.
#include "drift/ks.hpp"
#include "drift_bench.hpp"
#include "subspace_model.hpp"

#include <algorithm>
#include <cmath>

using namespace fixtures;

namespace {

constexpr std::int32_t most = 8388607; // the largest value

Words words(std::int32_t window, std::int32_t recent, double alpha) {
    return {16, window, recent, static_cast<std::int32_t>(std::lround(alpha * 0x1p31))};
}

// The windows as a list, the distribution functions by counting.
struct Reference {
    explicit Reference(const Words &w)
        : window(static_cast<std::size_t>(w[1])), recent(static_cast<std::size_t>(w[2])), alpha(w[3] * 0x1p-31) {}

    static double share(const std::vector<std::int32_t> &v, std::size_t from, std::size_t to, std::int32_t x) {
        const auto begin = v.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end = v.begin() + static_cast<std::ptrdiff_t>(to);
        const auto below = std::count_if(begin, end, [x](std::int32_t y) { return y <= x; });
        return static_cast<double>(below) / static_cast<double>(to - from);
    }
    double distance() const {
        double d = 0;
        for (const std::int32_t x : values) {
            d = std::max(d,
                         std::fabs(share(values, 0, window - recent, x) - share(values, window - recent, window, x)));
        }
        return d;
    }
    double critical() const {
        const auto n = static_cast<double>(window - recent);
        const auto m = static_cast<double>(recent);
        return std::sqrt(-std::log(alpha / 2) / 2) * std::sqrt((n + m) / (n * m));
    }
    bool update(std::int32_t x) {
        values.push_back(x);
        if (values.size() > window) {
            values.erase(values.begin());
        }
        const bool told = values.size() == window && distance() > critical();
        if (told) {
            values.erase(values.begin(), values.end() - static_cast<std::ptrdiff_t>(recent));
        }
        return told;
    }

    std::size_t window, recent;
    double alpha;
    std::vector<std::int32_t> values;
};

// Noise whose level and spread jump now and then; few different values if `coarse`.
struct Moving {
    Moving(std::uint64_t seed, bool coarse_) : random(seed), coarse(coarse_) {}

    std::int32_t next(int every) {
        if (random.integer(0, every) == 0) {
            level = 3 * random.normal();
            spread = 0.2 + 2 * random.uniform();
        }
        const double x = level + spread * random.normal();
        return static_cast<std::int32_t>(coarse ? std::lround(x) : std::lround(x * 65536));
    }
    Random random;
    bool coarse;
    double level = 0, spread = 1;
};

int same_drifts(const Words &w, std::uint64_t seed, bool coarse, int frames) {
    CAPTURE(w[1], w[2], w[3], seed, coarse);
    Moving stream(seed, coarse);
    Watcher m(tb_ks, w);
    Reference r(w);
    int drifts = 0;
    for (int t = 0; t < frames; ++t) {
        const std::int32_t x = stream.next(3 * w[1]);
        const bool told = m.update(x);
        REQUIRE(told == r.update(x));
        drifts += told ? 1 : 0;
    }
    return drifts;
}

// Every number a value of its field that passes the check.
Bytes forged(const Words &w, Random &random) {
    twinbit::Shape shape = {};
    REQUIRE(tb_ks.shape({w.data(), 4, 1}, shape));
    Bytes bytes(twinbit::block_bytes(tb_ks.fields, shape));
    forge_block(bytes.data(), tb_ks.fields, shape.fields, shape.n, random);
    return bytes;
}

} // namespace

TEST_CASE("KS: drifts come with the values that the definition in double tells, over random streams") {
    for (const bool coarse : {false, true}) {
        int drifts = 0;
        for (std::uint64_t seed = 1; seed <= 4; ++seed) {
            drifts += same_drifts(words(100, 30, 0.005), seed, coarse, 4000);
            drifts += same_drifts(words(41, 20, 0.001), seed, coarse, 4000);
            drifts += same_drifts(words(60, 50, 0.01), seed, coarse, 4000);
            drifts += same_drifts(words(9, 4, 0.5), seed, coarse, 1000);
            drifts += same_drifts(words(3, 1, 0.9), seed, coarse, 300);
            drifts += same_drifts(words(2, 1, 0.99), seed, coarse, 300);
        }
        drifts += same_drifts(words(1024, 512, 0.000001), 5, coarse, 2500);
        CHECK(drifts > 60);
    }
}

TEST_CASE("KS: the distance is that of two samples worked out by hand") {
    const auto distance = [](const std::vector<std::int32_t> &older, const std::vector<std::int32_t> &newer) {
        return twinbit::ks_distance(older.data(), static_cast<std::uint32_t>(older.size()), newer.data(),
                                    static_cast<std::uint32_t>(newer.size()));
    };
    CHECK(distance({1, 2, 3}, {1, 2, 3}) == 0);
    CHECK(distance({1, 2, 3}, {4, 5}) == 6); // apart: 1
    CHECK(distance({4, 5}, {1, 2, 3}) == 6);
    CHECK(distance({1, 2, 3, 4}, {2, 3}) == 2);       // at 3: 3/4 and 1
    CHECK(distance({2, 2, 2, 2}, {1, 2, 2, 3}) == 4); // below 2 and at 2: 1/4
    CHECK(distance({1, 1, 1, 5}, {1, 1}) == 2);       // at 1: 3/4 and 1
}

TEST_CASE("KS: the limit is the closed form, in whole numbers") {
    Random random(2);
    for (int i = 0; i < 20000; ++i) {
        const std::int32_t window = random.integer(2, 1024);
        const std::int32_t recent = random.integer(1, window - 1);
        const std::int32_t alpha = INT32_MAX >> random.integer(0, 30);
        const double n = window - recent;
        const double m = recent;
        const double exact = std::sqrt(-std::log(alpha * 0x1p-32) / 2 * (n + m) * n * m);
        const auto limit =
            twinbit::ks_limit(static_cast<std::uint32_t>(window - recent), static_cast<std::uint32_t>(recent), alpha);
        CAPTURE(window, recent, alpha);
        REQUIRE(limit <= exact + 1e-2);
        REQUIRE(limit + 1 > exact - 1e-2);
        REQUIRE(limit < 65536);
    }
}

TEST_CASE("KS: nothing before the window is full; after a drift the newest values are kept") {
    Watcher m(tb_ks, words(100, 30, 0.001));
    Random random(4);
    std::vector<int> drifts;
    for (int t = 0; t < 800; ++t) {
        const double level = t < 300 ? 0 : (t < 500 ? 5 : -5); // deviations
        if (m.update(static_cast<std::int32_t>((level + random.normal()) * 1000))) {
            drifts.push_back(t);
            CHECK(get<std::uint32_t>(m.bytes(), 0) == 30);
        }
    }
    REQUIRE(drifts.size() == 2); // beyond 0.425: when 13 of the newest 30 are new, or before by chance
    CHECK((drifts[0] > 304 && drifts[0] <= 312));
    CHECK((drifts[1] > 504 && drifts[1] <= 512));

    Watcher two(tb_ks, words(4, 2, 0.99)); // 0.84
    const std::int32_t x[] = {0, 0, 5, 5, 9, 9, 9, 1, 1};
    const bool told[] = {false, false, false, true, false, true, false, false, true};
    for (int t = 0; t < 9; ++t) {
        CAPTURE(t);
        CHECK(two.update(x[t]) == told[t]); // 5, 5 and 9, 9 stay as the older part
    }
}

TEST_CASE("KS: on independent values drifts are told in fewer than alpha of the frames") {
    for (const double alpha : {0.005, 0.001}) {
        for (const std::int32_t window : {100, 50}) {
            Watcher m(tb_ks, words(window, 3 * window / 10, alpha));
            Random random(6);
            int drifts = 0;
            int left_out = 0; // tests that the next value need not be put to
            for (int t = 0; t < 100000; ++t) {
                drifts += m.update(static_cast<std::int32_t>(random.normal() * 65536)) ? 1 : 0;
                left_out += twinbit::peek<twinbit::KsPlace>(m.d.state).slack >= static_cast<std::uint32_t>(window);
            }
            CAPTURE(alpha, window, drifts);
            CHECK(left_out > 50000);
            CHECK(drifts < alpha * 100000 / 2);
            CHECK(drifts > alpha * 100000 / 50);
        }
    }
}

TEST_CASE("KS: a state that is saved goes on to the same bytes at any step") {
    const Words w = words(40, 12, 0.01);
    Moving stream(5, false);
    Watcher m(tb_ks, w);
    for (int t = 0; t < 1500; ++t) {
        const std::int32_t x = stream.next(120);
        Watcher twin(tb_ks, w);
        REQUIRE(twin.load_odd(m.bytes()) == TB_OK);
        REQUIRE(twin.update(x) == m.update(x));
        REQUIRE(twin.bytes() == m.bytes());
    }
}

TEST_CASE("KS: values of any size are limited to 24 bits") {
    Watcher wild(tb_ks, words(20, 10, 0.01));
    Watcher tame(tb_ks, words(20, 10, 0.01));
    for (int t = 0; t < 60; ++t) {
        const bool high = t % 3 == 0 || t > 40;
        CHECK(wild.update(high ? INT32_MAX : INT32_MIN) == tame.update(high ? most : -most));
    }
    CHECK(wild.bytes() == tame.bytes());
}

TEST_CASE("KS: any state that loading lets through is safe, and one it made can be loaded") {
    Random random(12);
    for (int i = 0; i < 600; ++i) {
        const std::int32_t window = random.integer(0, 9) == 0 ? random.integer(2, 1024) : random.integer(2, 40);
        const Words w = words(window, random.integer(1, window - 1), random.uniform() * 0.9 + 1e-9);
        Watcher m(tb_ks, w);
        REQUIRE(m.load_odd(forged(w, random)) == TB_OK);
        for (int t = 0; t < 60; ++t) {
            m.update(random.integer(0, 3) == 0 ? INT32_MIN : random.integer(-most, most));
        }
        CHECK(Watcher(tb_ks, w).load_odd(m.bytes()) == TB_OK);
    }
    // and what it doesn't
    Watcher m(tb_ks, words(20, 10, 0.01));
    for (const auto &[at, v] : {std::pair<std::size_t, std::uint32_t>{0, 21},
                                {4, 21},
                                {8, 65536},
                                {12, 1},
                                {16, 1u << 23},
                                {96, 0x80000000u}}) {
        Bytes bytes(176);
        put(bytes, at, v);
        CHECK(m.load(bytes) == TB_ERR_CORRUPT);
    }
    CHECK(m.fresh());
}

TEST_CASE("KS: words out of range are refused") {
    const auto takes = [](const Words &w) {
        twinbit::Shape shape = {};
        return tb_ks.shape({w.data(), static_cast<std::uint32_t>(w.size()), 1}, shape);
    };
    CHECK(takes({16, 100, 30, 10737418}));
    CHECK(takes({-24, 2, 1, 1}));
    CHECK(takes({24, 1024, 1023, INT32_MAX}));
    const Words bad[] = {{25, 100, 30, 9},  {-25, 100, 30, 9},   {16, 1, 1, 9},     {16, 1025, 30, 9},
                         {16, 100, 100, 9}, {16, 100, 0, 9},     {16, 100, 30, 0},  {16, 100, 30, -1},
                         {16, 100, 30},     {16, 100, 30, 9, 9}, {16, -100, 30, 9}, {16, 100, -30, 9}};
    for (const Words &w : bad) {
        CHECK_FALSE(takes(w));
    }
}
