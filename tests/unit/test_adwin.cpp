// ADWIN against a double of River's formulas, against what River itself told, and its sums against the stream.
#include "adwin_reference.hpp"
#include "drift_bench.hpp"

using namespace fixtures;

namespace {

constexpr std::int32_t limit = (1 << 23) - 1;

struct Setting {
    std::int32_t unit = 16, rows = 15, buckets = 5, delta = 4294967, clock = 32, min_window = 5, grace = 10, reset = 1;

    Words words() const { return {unit, rows, buckets, delta, clock, min_window, grace, reset}; }
    AdwinReference reference() const {
        AdwinReference r;
        r.delta = delta * 0x1p-31;
        r.clock = clock;
        r.buckets = buckets;
        r.min_window = min_window;
        r.grace = grace;
        r.reset = reset != 0;
        return r;
    }
};

// The block as it lies in memory (capi/IMAGE.md).
struct View {
    View(const Bytes &b, std::uint32_t rows, std::uint32_t buckets) {
        sum = get<std::int64_t>(b, 8);
        square = get<std::uint64_t>(b, 16);
        const std::size_t sums = 24 + twinbit::align8(rows);
        for (std::uint32_t r = rows; r-- > 0;) { // the oldest first
            for (std::uint32_t i = 0; i < b[24 + r]; ++i) {
                const std::size_t at = 8 * (std::size_t{r} * buckets + i);
                of.push_back({1u << r, get<std::int64_t>(b, sums + at),
                              get<std::uint64_t>(b, sums + 8 * std::size_t{rows} * buckets + at)});
                width += 1u << r;
            }
        }
    }
    struct Bucket {
        std::uint32_t n;
        std::int64_t sum;
        std::uint64_t square;
    };
    std::vector<Bucket> of;
    std::int64_t sum;
    std::uint64_t square;
    std::uint32_t width = 0;
};

// Levels that jump and drift, about an offset; in units of 2^-unit.
std::vector<std::int32_t> wandering(Random &random, int n, double offset, double spread, int unit) {
    std::vector<std::int32_t> x;
    double level = 0;
    double slope = 0;
    for (int i = 0, until = 0; i < n; ++i) {
        if (i == until) {
            const bool jumps = random.integer(0, 1) == 0;
            level += jumps ? spread * random.normal() : 0;
            slope = jumps ? 0 : 0.003 * spread * random.normal();
            until = i + random.integer(100, 2500);
        }
        level = std::max(-4 * spread, std::min(level + slope, 4 * spread));
        const double v = std::floor(std::ldexp(offset + level + spread * random.normal(), unit) + 0.5);
        x.push_back(static_cast<std::int32_t>(std::max(-double{limit}, std::min(v, double{limit}))));
    }
    return x;
}

// Returns how many drifts both told. They may differ where the reference itself is within 1e-5 of its bound; a stream ends
// there.
int compare(const Setting &s, const std::vector<std::int32_t> &x) {
    Watcher w(tb_adwin, s.words());
    AdwinReference reference = s.reference();
    int told = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const bool ours = w.update(x[i]);
        const bool theirs = reference.update(std::ldexp(x[i], -s.unit));
        if (ours != theirs) {
            INFO("value " << i << ", closest " << reference.closest);
            CHECK(reference.closest < 1e-5);
            break;
        }
        told += ours ? 1 : 0;
    }
    return told;
}

} // namespace

TEST_CASE("ADWIN tells with the same value as a double of River's formulas") {
    Random random(1);
    int told = 0;
    for (int round = 0; round < 60; ++round) {
        Setting s;
        s.unit = random.integer(0, 1) == 0 ? 16 : random.integer(0, 18);
        s.clock = round % 3 == 0 ? random.integer(1, 50) : 32;
        s.buckets = round % 4 == 0 ? random.integer(2, 8) : 5;
        s.min_window = random.integer(0, 2) == 0 ? random.integer(1, 60) : 5;
        s.grace = random.integer(0, 1) == 0 ? random.integer(0, 400) : 10;
        s.delta = random.integer(0, 1) == 0 ? random.integer(2000, 400000000) : s.delta;
        const double offset = round % 3 == 0 ? 20 : (round % 3 == 1 ? 0 : -7);
        told += compare(s, wandering(random, 6000, offset, round % 2 == 0 ? 0.3 : 2, s.unit));
    }
    CHECK(told > 200);
}

TEST_CASE("ADWIN keeps the newer part of its window as the paper has it") {
    Random random(2);
    int told = 0;
    for (int round = 0; round < 30; ++round) {
        Setting s;
        s.reset = 0;
        s.clock = round % 2 == 0 ? 32 : random.integer(1, 9);
        told += compare(s, wandering(random, 6000, 3, 0.5, s.unit));
    }
    CHECK(told > 60);
}

TEST_CASE("a window that is kept loses what came before a change, a bucket a value, and the drift is told once") {
    Setting s;
    s.reset = 0;
    Watcher w(tb_adwin, s.words());
    Random random(3);
    std::vector<int> told;
    std::uint32_t width = 0;
    for (int i = 0; i < 6000; ++i) {
        if (w.update(static_cast<std::int32_t>(65536 * (i < 4000 ? 0 : 2) + 20000 * random.normal()))) {
            told.push_back(i);
        }
        const View now(w.bytes(), 15, 5);
        CHECK(now.width + 1024 > width); // the longest bucket of 4000
        width = now.width;
    }
    REQUIRE(told.size() == 1);
    CHECK((told[0] > 4000 && told[0] < 4064));
    const View end(w.bytes(), 15, 5);
    CHECK(end.width >= 1900);
    CHECK(end.width <= 2016); // eight old ones are too few to differ
    CHECK(std::abs(static_cast<double>(end.sum) / end.width - 2 * 65536) < 2000);
}

namespace {

// Streams of a generator that any language can write in a line, and what River 0.26.1 told about them: ADWIN(),
// ADWIN(delta=0.05, clock=1), ADWIN(max_buckets=3, min_window_length=20, grace_period=200, clock=7).
enum class Kind { abrupt, gradual, bits, whole };

std::vector<std::int32_t> stream(Kind kind) {
    std::vector<std::int32_t> x;
    std::uint32_t s = 12345;
    for (int i = 0; i < 4000; ++i) {
        s = (s * 1103515245u + 12345u) & 0x7FFFFFFFu;
        const double u = (s >> 16) % 1000 / 1000.0;
        double v = i < 1000 ? i % 2 : 4 + i % 4;
        v = kind == Kind::abrupt ? u + (i >= 1000 && i < 2500 ? 0.5 : 0) : v;
        v = kind == Kind::gradual ? u + std::max(0.0, std::min(1.0, (i - 1500) / 1500.0)) : v;
        v = kind == Kind::bits ? (u < (i < 2000 ? 0.1 : 0.25) ? 1 : 0) : v;
        x.push_back(static_cast<std::int32_t>(std::nearbyint(v * 65536)));
    }
    return x;
}

std::vector<int> drifts(const Setting &s, const std::vector<std::int32_t> &x) {
    Watcher w(tb_adwin, s.words());
    std::vector<int> told;
    for (std::size_t i = 0; i < x.size(); ++i) {
        if (w.update(x[i])) {
            CHECK(w.fresh());
            told.push_back(static_cast<int>(i));
        }
    }
    return told;
}

} // namespace

TEST_CASE("ADWIN tells what River tells") {
    using Told = std::vector<int>;
    Setting quick;
    quick.delta = 107374182;
    quick.clock = 1;
    Setting other;
    other.buckets = 3;
    other.min_window = 20;
    other.grace = 200;
    other.clock = 7;
    CHECK(drifts({}, stream(Kind::abrupt)) == Told{1055, 2527});
    CHECK(drifts(quick, stream(Kind::abrupt)) == Told{1015, 2518});
    CHECK(drifts(other, stream(Kind::abrupt)) == Told{1042, 2547});
    CHECK(drifts({}, stream(Kind::gradual)) == Told{1791, 2271, 2751});
    CHECK(drifts(quick, stream(Kind::gradual)) == Told{1717, 1997, 2410, 2816});
    CHECK(drifts(other, stream(Kind::gradual)) == Told{1784, 2218, 2659, 3149});
    CHECK(drifts({}, stream(Kind::bits)) == Told{2175});
    CHECK(drifts(quick, stream(Kind::bits)) == Told{2107});
    CHECK(drifts(other, stream(Kind::bits)) == Told{2190});
    CHECK(drifts({}, stream(Kind::whole)) == Told{1023});
    CHECK(drifts(quick, stream(Kind::whole)) == Told{1003});
    CHECK(drifts(other, stream(Kind::whole)) == Told{1007});
}

namespace {

// The buckets are the end of the stream, piece by piece, to the last digit.
void check_sums(const Watcher &w, const Setting &s, const std::vector<std::int32_t> &x, std::size_t taken) {
    const View v(w.bytes(), static_cast<std::uint32_t>(s.rows), static_cast<std::uint32_t>(s.buckets));
    REQUIRE(v.width <= taken);
    std::size_t at = taken - v.width;
    std::int64_t sum = 0;
    std::uint64_t square = 0;
    for (const View::Bucket &b : v.of) {
        std::int64_t u = 0;
        std::uint64_t q = 0;
        for (std::uint32_t i = 0; i < b.n; ++i, ++at) {
            u += x[at];
            q += static_cast<std::uint64_t>(std::int64_t{x[at]} * x[at]);
        }
        REQUIRE(b.sum == u);
        REQUIRE(b.square == q);
        sum += u;
        square += q;
    }
    REQUIRE(at == taken);
    REQUIRE(v.sum == sum);
    REQUIRE(v.square == square);
}

} // namespace

TEST_CASE("ADWIN's buckets are exact sums of the newest values, in rows that end") {
    Random random(4);
    for (const std::int32_t buckets : {2, 3, 5, 8}) {
        for (const std::int32_t rows : {1, 2, 4, 7}) {
            Setting s;
            s.buckets = buckets;
            s.rows = rows;
            s.clock = 1000000;
            Watcher w(tb_adwin, s.words());
            std::vector<std::int32_t> x;
            const std::uint32_t most = static_cast<std::uint32_t>(buckets) * ((1u << rows) - 1);
            for (std::size_t i = 0; i < 1500; ++i) {
                x.push_back(random.integer(0, 9) == 0 ? (random.integer(0, 1) == 0 ? limit : -limit)
                                                      : random.integer(-limit, limit));
                w.update(x.back());
                check_sums(w, s, x, x.size());
                const View v(w.bytes(), static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(buckets));
                CHECK(v.width <= most);
                CHECK((i + 1 > most || v.width == i + 1));
                CHECK((i + 1 <= most || v.width + (1u << (rows - 1)) > most - (1u << rows)));
            }
        }
    }
}

TEST_CASE("ADWIN's sums hold the largest values over the longest window") {
    for (const bool alternate : {false, true}) {
        Setting s;
        s.buckets = 8;
        s.clock = 4096;
        Watcher w(tb_adwin, s.words());
        std::vector<std::int32_t> x;
        for (std::uint32_t i = 0; i < 300000; ++i) {
            x.push_back(alternate && i % 2 == 0 ? -limit : limit);
            CHECK_FALSE(w.update(i % 5 == 0 && x.back() == limit ? INT32_MAX : x.back())); // limited to 24 bits
        }
        check_sums(w, s, x, x.size());
        const View v(w.bytes(), 15, 8);
        CHECK(v.width > 200000);
        CHECK(w.load_odd(w.bytes()) == TB_OK); // the ranges of the check hold them too
        int until = 0;
        while (until < 10000 && !w.update(0)) {
            ++until;
        }
        CHECK((alternate ? until == 10000 : until < 4096)); // the mean of both halves is 0
    }
}

TEST_CASE("ADWIN looks every clock values, behind the grace, at parts that are long enough") {
    Setting s;
    s.clock = 10;
    std::vector<std::int32_t> x(100, 0);
    x.resize(200, 65536 * 50);
    CHECK(drifts(s, x) == std::vector<int>{109});
    s.clock = 1;
    CHECK(drifts(s, x) == std::vector<int>{103}); // four values of the new level and one before it
    s.min_window = 40;
    CHECK(drifts(s, x) == std::vector<int>{129});
    s.grace = 150;
    CHECK(drifts(s, x) == std::vector<int>{150});
    s.grace = 200;
    CHECK(drifts(s, x).empty());
}

TEST_CASE("ADWIN goes on from a saved state as if nothing had been") {
    Random random(5);
    for (const std::int32_t reset : {0, 1}) {
        Setting s;
        s.rows = 7;
        s.reset = reset;
        s.clock = 3;
        Watcher through(tb_adwin, s.words());
        Bytes saved = through.bytes();
        int told = 0;
        for (const std::int32_t x : wandering(random, 4000, 0, 0.4, 16)) {
            Watcher again(tb_adwin, s.words());
            REQUIRE(again.load_odd(saved) == TB_OK);
            const bool a = through.update(x);
            REQUIRE(again.update(x) == a);
            saved = again.bytes();
            REQUIRE(saved == through.bytes());
            told += a ? 1 : 0;
        }
        CHECK(told >= 3);
    }
}

TEST_CASE("ADWIN refuses a saved state with more buckets than fit, or a wait that never ends") {
    Watcher w(tb_adwin, Setting().words());
    for (int i = 0; i < 200; ++i) {
        w.update(i);
    }
    const Bytes good = w.bytes();
    const auto changed = [&](std::size_t at, std::uint8_t value) {
        Bytes b = good;
        b[at] = value;
        return w.load(b);
    };
    CHECK(changed(24, 5) == TB_OK);
    CHECK(changed(24, 6) == TB_ERR_CORRUPT);
    CHECK(changed(24 + 14, 255) == TB_ERR_CORRUPT);
    CHECK(changed(24 + 15, 1) == TB_ERR_CORRUPT); // behind the counts of 15 rows
    CHECK(changed(2, 15) == TB_OK);
    CHECK(changed(2, 16) == TB_ERR_CORRUPT);
    CHECK(changed(15, 64) == TB_ERR_CORRUPT);              // the sum
    CHECK(changed(40 + 4, 32) == TB_ERR_CORRUPT);          // of a bucket
    CHECK(changed(40 + 8 * 75 + 7, 16) == TB_ERR_CORRUPT); // its squares
}

TEST_CASE("ADWIN refuses words that are out of range") {
    const Words good = Setting().words();
    const std::vector<std::pair<std::size_t, std::int32_t>> bad = {
        {0, -25}, {0, 25}, {1, 0},       {1, 16}, {2, 1},  {2, 9},       {3, 0}, {3, -1},
        {4, 0},   {5, 0},  {4, 1000001}, {6, -1}, {7, -1}, {6, 1000001}, {7, 2}, {5, 1000001}};
    std::uint32_t bytes = 0;
    for (const auto &[word, value] : bad) {
        Words w = good;
        w[word] = value;
        const tb_part part = {&tb_adwin, w.data(), 8};
        CHECK(tb_drift_size(&part, 1, &bytes) == TB_ERR_RECIPE);
    }
    const tb_part fewer = {&tb_adwin, good.data(), 7};
    CHECK(tb_drift_size(&fewer, 1, &bytes) == TB_ERR_RECIPE);
    const tb_part part = {&tb_adwin, good.data(), 8};
    CHECK(tb_drift_size(&part, 1, &bytes) == TB_OK);
    CHECK(bytes == 24 + 16 + 16 * 15 * 5);
}

TEST_CASE("ADWIN gives the same bytes everywhere") {
    Setting s;
    s.reset = 0;
    s.rows = 8;
    s.clock = 5;
    Watcher w(tb_adwin, s.words());
    std::uint32_t digest = 0;
    for (const std::int32_t x : stream(Kind::gradual)) {
        digest = digest * 31 + (w.update(x) ? 1 : 0);
        digest ^= plain_crc(w.bytes());
    }
    CHECK(digest == 475043853u);
}
