// Page-Hinkley: the same drifts at the same values as its formulas in double, sums within the rounding that is stated,
// the same from a saved state, safe with forged ones.
#include "drift/page_hinkley.hpp"
#include "drift_bench.hpp"
#include "subspace_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace fixtures;

namespace {

constexpr std::int32_t one = 65536;    // octave
constexpr std::int32_t most = 8388607; // the largest value
constexpr std::int64_t limit = (std::int64_t{1} << 61) - 1;

// River's defaults but for the threshold and what is forgotten: 0.0001.
Words words(double threshold, double delta = 0.005, std::int32_t fading = 214748, std::int32_t min_frames = 30,
            std::int32_t direction = 0) {
    return {16,
            static_cast<std::int32_t>(threshold * one),
            static_cast<std::int32_t>(std::lround(delta * 0x1p24)),
            fading,
            min_frames,
            direction};
}

// As River writes it, in double.
struct Reference {
    explicit Reference(const Words &w)
        : threshold(w[1] / 65536.0), delta(w[2] * 0x1p-24), alpha(1 - w[3] * 0x1p-31), least(w[4]), direction(w[5]) {}

    bool update(double x) {
        ++n;
        mean += (x - mean) / n;
        const double d = x - mean;
        rise = alpha * rise + d - delta;
        fall = alpha * fall + d + delta;
        lowest = std::min(lowest, rise);
        highest = std::max(highest, fall);
        const bool up = rise - lowest > threshold;
        const bool down = highest - fall > threshold;
        return n >= least && ((direction != 2 && up) || (direction != 1 && down));
    }
    void reset() {
        n = mean = rise = fall = 0;
        lowest = std::numeric_limits<double>::infinity();
        highest = -lowest;
    }

    double threshold, delta, alpha, least;
    std::int32_t direction;
    double n = 0, mean = 0, rise = 0, fall = 0;
    double lowest = std::numeric_limits<double>::infinity(), highest = -std::numeric_limits<double>::infinity();
};

// Noise about a level that jumps now and then, and drifts in between.
struct Moving {
    explicit Moving(std::uint64_t seed) : random(seed) {}

    std::int32_t next() {
        level = random.integer(0, 399) == 0 ? 4 * random.normal() : level + slope;
        slope = random.integer(0, 199) == 0 ? 0.01 * random.normal() : slope;
        level = std::clamp(level, -100.0, 100.0);
        return static_cast<std::int32_t>(std::lround((level + random.normal()) * one));
    }
    Random random;
    double level = 0, slope = 0;
};

twinbit::PageHinkley state_of(const Watcher &w) {
    twinbit::PageHinkley p;
    std::memcpy(&p, w.d.state, sizeof p);
    return p;
}

void set(Watcher &w, const twinbit::PageHinkley &p) {
    Bytes bytes(sizeof p);
    std::memcpy(bytes.data(), &p, sizeof p);
    REQUIRE(w.load_odd(bytes) == TB_OK);
}

// The sums are off by less than 2^-8 units for each frame that is remembered, so by one of theirs.
void check_sums(const Watcher &w, const Reference &r) {
    const twinbit::PageHinkley p = state_of(w);
    const double most_off = std::min(r.n, r.alpha == 1 ? r.n : 1 / (1 - r.alpha)) + 1;
    CHECK(p.frames == r.n);
    CHECK(std::fabs(static_cast<double>(p.rise) - r.rise * 0x1p24) <= most_off);
    CHECK(std::fabs(static_cast<double>(p.fall) - r.fall * 0x1p24) <= most_off);
    CHECK(std::fabs(static_cast<double>(p.lowest) - r.lowest * 0x1p24) <= most_off);
    CHECK(std::fabs(static_cast<double>(p.highest) - r.highest * 0x1p24) <= most_off);
}

} // namespace

TEST_CASE("Page-Hinkley: drifts come with the values that River's formulas in double tell, over random streams") {
    const Words kinds[] = {words(50),
                           words(8),
                           words(20, 0.3, 214748, 30, 1),
                           words(20, 0.3, 214748, 100, 2),
                           words(30, 0.01, 0),
                           words(3, 0.5, 1 << 28, 1)};
    for (const Words &w : kinds) {
        int drifts = 0;
        for (std::uint64_t seed = 1; seed <= 10; ++seed) {
            CAPTURE(w[1], seed);
            Moving stream(seed);
            Watcher m(tb_page_hinkley, w);
            Reference r(w);
            for (int t = 0; t < 4000; ++t) {
                const std::int32_t x = stream.next();
                const bool told = m.update(x);
                REQUIRE(told == r.update(x / 65536.0));
                if (told) {
                    ++drifts;
                    r.reset();
                    CHECK(m.fresh());
                } else if (t % 37 == 0) {
                    check_sums(m, r);
                }
            }
        }
        CHECK(drifts > 20);
    }
}

TEST_CASE(
    "Page-Hinkley: a jump is told in its direction only, from min_frames on, beyond the threshold and not at it") {
    for (const std::int32_t direction : {0, 1, 2}) {
        for (const int sign : {1, -1}) {
            Watcher m(tb_page_hinkley, words(10, 0.005, 214748, 30, direction));
            bool told = false;
            for (int t = 0; t < 400; ++t) {
                told = m.update(t < 200 ? 0 : sign * 2 * one) || told;
                CHECK((t >= 200 || !told));
            }
            CHECK(told == (direction == 0 || (direction == 1) == (sign > 0)));
        }
    }
    Watcher early(tb_page_hinkley, words(10, 0, 0, 30));
    for (int t = 0; t < 40; ++t) { // far beyond the threshold with the second value already
        CHECK(early.update(t == 0 ? 0 : 100 * one) == (t == 29));
    }
    // 0 and 4: the mean is 2, the sum of deviations 2
    for (const int off : {0, -1}) {
        Watcher m(tb_page_hinkley, {16, 2 * one + off, 0, 0, 1, 0});
        CHECK_FALSE(m.update(0));
        CHECK(m.update(4 * one) == (off < 0));
    }
}

TEST_CASE("Page-Hinkley: sums worked out by hand, in 2^-8 of a unit") {
    Watcher m(tb_page_hinkley, {16, INT32_MAX, 3, 0, 1, 0});
    const std::int32_t x[] = {0, 1, 1};
    const std::int64_t deviation[] = {0, 128, 85}; // 256 less 171, the mean of 2/3 rounded
    std::int64_t sum = 0;
    for (int t = 0; t < 3; ++t) {
        m.update(x[t]);
        sum += deviation[t];
        CHECK(state_of(m).rise == sum - 3 * (t + 1));
        CHECK(state_of(m).fall == sum + 3 * (t + 1));
    }
}

TEST_CASE("Page-Hinkley: a state that is saved goes on to the same bytes at any step") {
    const Words w = words(8);
    Moving stream(5);
    Watcher m(tb_page_hinkley, w);
    for (int t = 0; t < 2000; ++t) {
        const std::int32_t x = stream.next();
        Watcher twin(tb_page_hinkley, w);
        REQUIRE(twin.load_odd(m.bytes()) == TB_OK);
        REQUIRE(twin.update(x) == m.update(x));
        REQUIRE(twin.bytes() == m.bytes());
    }
}

TEST_CASE("Page-Hinkley: values of any size are limited to 24 bits") {
    const Words w = words(32767, 0, 0, 100);
    Watcher wild(tb_page_hinkley, w);
    Watcher tame(tb_page_hinkley, w);
    for (int t = 0; t < 50; ++t) {
        CHECK(wild.update(t % 3 == 0 ? INT32_MIN : INT32_MAX) == tame.update(t % 3 == 0 ? -most : most));
    }
    CHECK(wild.bytes() == tame.bytes());
    Reference r(w);
    for (int t = 0; t < 50; ++t) {
        r.update((t % 3 == 0 ? -most : most) / 65536.0);
    }
    check_sums(wild, r);
}

TEST_CASE("Page-Hinkley: after 2^30 values their number and sum are halved, and drifts are told as before") {
    const std::int64_t n = std::int64_t{1} << 30;
    for (const std::int32_t value : {most, -most, 12345}) {
        Watcher m(tb_page_hinkley, words(10, 0.005, 214748, 1 << 29));
        set(m, {static_cast<std::uint32_t>(n - 1), 0, (n - 1) * value, 0, 0, 0, 0});
        CHECK_FALSE(m.update(value));
        CHECK(state_of(m).frames == n);
        CHECK_FALSE(m.update(value));
        twinbit::PageHinkley p = state_of(m);
        CHECK(p.frames == n / 2 + 1);
        CHECK(p.sum == (n / 2 + 1) * value);
        CHECK(p.fall - p.rise > 0); // deviations were 0: only delta is in the sums
        CHECK(p.fall == -p.rise);
        int t = 0;
        while (t < 100 && !m.update(value > 0 ? value - 2 * one : value + 2 * one)) {
            ++t;
        }
        CHECK(t == 5); // more than 10 in steps of 2 less delta
    }
}

TEST_CASE("Page-Hinkley: sums stop at their limit, and what comes behind the lowest point is told all the same") {
    Watcher m(tb_page_hinkley, words(10, 0, 0, 1));
    const std::int64_t n = 1 << 20;
    set(m, {static_cast<std::uint32_t>(n), 0, 0, -limit, limit, -limit, limit});
    CHECK_FALSE(m.update(-one));
    CHECK(state_of(m).rise == -limit);
    CHECK(state_of(m).lowest == -limit);
    int t = 0;
    while (t < 100 && !m.update(one)) {
        ++t;
    }
    CHECK(t == 10);
}

TEST_CASE("Page-Hinkley: any state that loading lets through is safe") {
    Random random(11);
    const Words kinds[] = {words(50), words(32767, 127, INT32_MAX, 1), words(0, 0, 1, 1 << 29)};
    for (int i = 0; i < 3000; ++i) {
        Watcher m(tb_page_hinkley, kinds[i % 3]);
        Bytes bytes(48);
        forge_block(bytes.data(), tb_page_hinkley.fields, 4, {}, random);
        REQUIRE(m.load_odd(bytes) == TB_OK);
        for (int t = 0; t < 20; ++t) {
            m.update(random.integer(0, 1) == 0 ? (random.integer(0, 1) == 0 ? INT32_MAX : INT32_MIN)
                                               : random.integer(-most, most));
            const twinbit::PageHinkley p = state_of(m);
            for (const std::int64_t v : {p.rise, p.fall, p.lowest, p.highest}) {
                CHECK((v >= -limit && v <= limit));
            }
        }
    }
    // and what it doesn't
    Watcher m(tb_page_hinkley, words(50));
    constexpr std::size_t tops[] = {7, 15, 23, 31, 39, 47};
    for (const std::size_t at : tops) {
        Bytes wrong(48);
        wrong[at] = 0x7F;
        CHECK(m.load(wrong) == TB_ERR_CORRUPT);
    }
    CHECK(m.fresh());
}

TEST_CASE("Page-Hinkley: words out of range are refused") {
    const auto takes = [](const Words &w) {
        twinbit::Shape shape = {};
        return tb_page_hinkley.shape({w.data(), static_cast<std::uint32_t>(w.size()), 1}, shape);
    };
    CHECK(takes(words(50)));
    CHECK(takes({-24, 0, 0, 0, 1, 2}));
    CHECK(takes({24, INT32_MAX, INT32_MAX, INT32_MAX, 1 << 29, 0}));
    const std::pair<std::size_t, std::int32_t> bad[] = {{0, 25}, {0, -25},           {1, -1}, {2, -1}, {3, -1},
                                                        {4, 0},  {4, (1 << 29) + 1}, {5, 3},  {5, -1}};
    for (const auto &[i, v] : bad) {
        CAPTURE(i, v);
        Words w = words(50);
        w[i] = v;
        CHECK_FALSE(takes(w));
    }
    CHECK_FALSE(takes({16, 1, 1, 1, 1}));
    CHECK_FALSE(takes({16, 1, 1, 1, 1, 0, 0}));
}

TEST_CASE("approach_wide: floor(v rate 2^-31 + 1/2) for |v| < 2^62") {
    Random random(3);
    __extension__ using Wide = __int128;
    for (int i = 0; i < 200000; ++i) {
        const auto v = static_cast<std::int64_t>(random.bits()) >> random.integer(1, 63);
        const std::int32_t rate = random.integer(0, INT32_MAX);
        const Wide exact = (Wide{v} * rate + (Wide{1} << 30)) >> 31;
        REQUIRE(twinbit::approach_wide(v, rate) == static_cast<std::int64_t>(exact));
        if (v > -(std::int64_t{1} << 40) && v < (std::int64_t{1} << 40)) {
            REQUIRE(twinbit::approach_wide(v, rate) == twinbit::approach(v, rate));
        }
    }
}
