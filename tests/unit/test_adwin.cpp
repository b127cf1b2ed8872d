// ADWIN against a double of River's formulas and against what River itself told.
#include "adwin_window.hpp"

using namespace fixtures;

namespace {

// Returns how many drifts both told. They may differ where the reference itself is within 1e-5 of its bound; a stream ends
// there.
int compare(const AdwinSetting &s, const std::vector<std::int32_t> &x) {
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
        AdwinSetting s;
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
        AdwinSetting s;
        s.reset = 0;
        s.clock = round % 2 == 0 ? 32 : random.integer(1, 9);
        told += compare(s, wandering(random, 6000, 3, 0.5, s.unit));
    }
    CHECK(told > 60);
}

TEST_CASE("a window that is kept loses what came before a change, a bucket a value, and the drift is told once") {
    AdwinSetting s;
    s.reset = 0;
    Watcher w(tb_adwin, s.words());
    Random random(3);
    std::vector<int> told;
    std::uint32_t width = 0;
    for (int i = 0; i < 6000; ++i) {
        if (w.update(static_cast<std::int32_t>(65536 * (i < 4000 ? 0 : 2) + 20000 * random.normal()))) {
            told.push_back(i);
        }
        const AdwinWindow now(w.bytes(), 15, 5);
        CHECK(now.width + 1024 > width); // the longest bucket of 4000
        width = now.width;
    }
    REQUIRE(told.size() == 1);
    CHECK((told[0] > 4000 && told[0] < 4064));
    const AdwinWindow end(w.bytes(), 15, 5);
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

std::vector<int> drifts(const AdwinSetting &s, const std::vector<std::int32_t> &x) {
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
    AdwinSetting quick;
    quick.delta = 107374182;
    quick.clock = 1;
    AdwinSetting other;
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

TEST_CASE("ADWIN looks every clock values, behind the grace, at parts that are long enough") {
    AdwinSetting s;
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

TEST_CASE("ADWIN gives the same bytes everywhere") {
    AdwinSetting s;
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
