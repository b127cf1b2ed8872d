// ADWIN's window: exact sums, bounds, saved states, words.
#include "adwin_window.hpp"

using namespace fixtures;

namespace {

// The buckets are the end of the stream, piece by piece, to the last digit.
void check_sums(const Watcher &w, const AdwinSetting &s, const std::vector<std::int32_t> &x, std::size_t taken) {
    const AdwinWindow v(w.bytes(), static_cast<std::uint32_t>(s.rows), static_cast<std::uint32_t>(s.buckets));
    REQUIRE(v.width <= taken);
    std::size_t at = taken - v.width;
    std::int64_t sum = 0;
    std::uint64_t square = 0;
    for (const AdwinWindow::Bucket &b : v.of) {
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
            AdwinSetting s;
            s.buckets = buckets;
            s.rows = rows;
            s.clock = 1000000;
            Watcher w(tb_adwin, s.words());
            std::vector<std::int32_t> x;
            const std::uint32_t most = static_cast<std::uint32_t>(buckets) * ((1u << rows) - 1);
            for (std::size_t i = 0; i < 1500; ++i) {
                x.push_back(random.integer(0, 9) == 0 ? (random.integer(0, 1) == 0 ? value_limit : -value_limit)
                                                      : random.integer(-value_limit, value_limit));
                w.update(x.back());
                check_sums(w, s, x, x.size());
                const AdwinWindow v(w.bytes(), static_cast<std::uint32_t>(rows), static_cast<std::uint32_t>(buckets));
                CHECK(v.width <= most);
                CHECK((i + 1 > most || v.width == i + 1));
                CHECK((i + 1 <= most || v.width + (1u << (rows - 1)) > most - (1u << rows)));
            }
        }
    }
}

TEST_CASE("ADWIN's sums hold the largest values over the longest window") {
    for (const bool alternate : {false, true}) {
        AdwinSetting s;
        s.buckets = 8;
        s.clock = 4096;
        Watcher w(tb_adwin, s.words());
        std::vector<std::int32_t> x;
        for (std::uint32_t i = 0; i < 300000; ++i) {
            x.push_back(alternate && i % 2 == 0 ? -value_limit : value_limit);
            CHECK_FALSE(w.update(i % 5 == 0 && x.back() == value_limit ? INT32_MAX : x.back())); // limited to 24 bits
        }
        check_sums(w, s, x, x.size());
        const AdwinWindow v(w.bytes(), 15, 8);
        CHECK(v.width > 200000);
        CHECK(w.load_odd(w.bytes()) == TB_OK); // the ranges of the check hold them too
        int until = 0;
        while (until < 10000 && !w.update(0)) {
            ++until;
        }
        CHECK((alternate ? until == 10000 : until < 4096)); // the mean of both halves is 0
    }
}

TEST_CASE("ADWIN goes on from a saved state as if nothing had been") {
    Random random(5);
    for (const std::int32_t reset : {0, 1}) {
        AdwinSetting s;
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
    Watcher w(tb_adwin, AdwinSetting().words());
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
    const Words good = AdwinSetting().words();
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
