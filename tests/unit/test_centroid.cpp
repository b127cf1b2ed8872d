// Centroid drift: what it tells and what it doesn't, at which rate, and that its state is all there is.
#include "centroid_bench.hpp"

using namespace fixtures;

namespace {

const std::uint8_t all_arithmetics[] = {TB_F32, TB_Q15, TB_Q31};

enum Field : std::uint32_t { phase = 0, open = 2, frames = 8 };

// Runs until it watches; the number of frames.
int settle(CentroidWatcher &w, Modes &m) {
    int n = 0;
    while (w.field(phase) < 2) {
        REQUIRE_FALSE(w.update(m.next()));
        ++n;
    }
    return n;
}

// Frames until a drift is told, `most` if none is.
int delay(CentroidWatcher &w, Modes &m, int most) {
    for (int n = 1; n <= most; ++n) {
        if (w.update(m.next())) {
            return n;
        }
    }
    return most + 1;
}

} // namespace

TEST_CASE("Centroid drift: a shift of all modes or of one is told, within the windows that it takes") {
    for (const std::uint8_t arithmetic : all_arithmetics) {
        for (const int shifted : {-1, 0, 2}) {
            CentroidWatcher w(arithmetic, {}, 6);
            Modes m(6, 3, 7 + static_cast<std::uint64_t>(shifted + 1), 0.5);
            CHECK(settle(w, m) == 1000);
            CHECK(w.field(open) >= 3);
            CHECK(delay(w, m, 2000) == 2001);
            m.shift = 0.5; // two deviations
            m.shifted = shifted;
            int in_mode = 0;
            while (!w.update(m.next())) {
                in_mode += shifted < 0 || m.mode() == shifted ? 1 : 0;
                REQUIRE(in_mode < 3 * 16 * (shifted < 0 ? 3 : 1)); // a window of each mode may be half old
            }
            CHECK(w.fresh()); // and learns anew
            CHECK(settle(w, m) == 1000);
            CHECK(delay(w, m, 2000) == 2001);
        }
    }
}

TEST_CASE("Centroid drift: a mode that was never seen is a drift; one seen too seldom is not used") {
    CentroidSetting s;
    s.modes = 8;
    CentroidWatcher w(TB_Q15, s, 4);
    Modes m(4, 2, 3);
    for (int i = 0; i < s.learning - 3; ++i) {
        w.update(m.next());
    }
    const Sampled odd = {-6, 6, -6, 6};
    for (int i = 0; i < 3; ++i) {
        w.update(odd);
    }
    CHECK(w.field(phase) == 1);
    for (int j = 0; j < static_cast<int>(w.field(open)); ++j) {
        CHECK(w.field(frames, static_cast<std::uint32_t>(j)) >= s.window);
    }
    settle(w, m);
    int n = 0;
    while (!w.update(odd)) {
        REQUIRE(++n < 2 * s.window);
    }
}

TEST_CASE("Centroid drift: speeds learned one by one, then stepped through, tell nothing of the steps between") {
    CentroidSetting s;
    s.modes = 8;
    s.margin = 0.5;
    for (const std::uint8_t arithmetic : all_arithmetics) {
        CentroidWatcher w(arithmetic, s, 4);
        Modes m(4, 1, 21, 0.5);
        const auto speed = [&m](double place) {
            Sampled x = m.next();
            for (std::size_t i = 0; i < x.size(); ++i) {
                x[i] += place * (i % 2 == 0 ? 1 : -0.5);
            }
            return x;
        };
        for (int i = 0; i < s.learning; ++i) { // 100 frames of each
            REQUIRE_FALSE(w.update(speed(2.0 * (i / 100 % 4) - 3)));
        }
        double was = -3;
        for (int i = 0; i < 8000; ++i) {
            const double is = 2.0 * (i / 50 % 4) - 3;
            REQUIRE_FALSE(w.update(speed((was + is) / 2))); // one frame halfway
            was = is;
        }
        m.shift = 1;
        CHECK(delay(w, m, 200) <= 48);
    }
}

TEST_CASE("Centroid drift: where no mode has a window's frames, the largest is used") {
    CentroidSetting s;
    s.window = 100;
    s.learning = 20;
    s.calibrating = 50;
    CentroidWatcher w(TB_Q31, s, 2);
    Modes m(2, 1, 5);
    for (int i = 0; i < s.learning; ++i) {
        w.update(m.next());
    }
    CHECK(w.field(open) == 1);
    CHECK(settle(w, m) > 4 * s.window); // calibrates until there are windows enough
}

TEST_CASE("Centroid drift: no oftener than its rate on what stays as it is, frames that depend on each other") {
    CentroidSetting s;
    s.calibrating = 1000;
    s.margin = 0.5;
    for (const double memory : {0.0, 0.8, 0.95}) {
        int told = 0;
        for (std::uint64_t seed = 0; seed < 4; ++seed) {
            CentroidWatcher w(all_arithmetics[seed % 3], s, 5);
            Modes m(5, 3, 100 + seed, memory);
            for (int i = 0; i < 100000; ++i) {
                told += w.update(m.next()) ? 1 : 0;
            }
        }
        CAPTURE(memory);
        CHECK(told <= 4 * 100000 * s.rate);
    }
}

TEST_CASE("Centroid drift: without a margin the rate is the one asked for, within a factor") {
    CentroidSetting s;
    s.calibrating = 4000;
    s.learning = 4000;
    s.margin = 0;
    s.rate = 1e-3;
    s.windows = 1;
    for (const std::uint32_t d : {1u, 8u}) {
        double windows = 0;
        double over = 0;
        for (std::uint64_t seed = 0; seed < 6; ++seed) {
            CentroidWatcher w(TB_F32, s, d);
            Modes m(d, 1, 200 + seed, 0, 0.5);
            settle(w, m);
            const Bytes calm = w.bytes();
            for (int i = 0; i < 40000; ++i) {
                if (w.update(m.next())) {
                    ++over;
                    REQUIRE(w.load(calm) == TB_OK);
                }
            }
            windows += 40000;
        }
        CAPTURE(d, over / windows / s.rate);
        CHECK(over > 0.3 * s.rate * windows);
        CHECK(over < 3 * s.rate * windows);
    }
}

TEST_CASE("Centroid drift: a state saved at any frame goes on with the same bytes") {
    CentroidSetting s;
    s.learning = 60;
    s.calibrating = 60;
    s.window = 8;
    s.windows = 3;
    s.modes = 3;
    for (const std::uint8_t arithmetic : all_arithmetics) {
        CentroidWatcher w(arithmetic, s, 3);
        CentroidWatcher other(arithmetic, s, 3);
        Modes m(3, 2, 11);
        int told = 0;
        for (int i = 0; i < 700; ++i) {
            m.shift = i >= 300 ? 1 : 0;
            const Sampled x = m.next();
            REQUIRE(other.load(w.bytes()) == TB_OK);
            const bool a = w.update(x);
            REQUIRE(other.update(x) == a);
            REQUIRE(other.bytes() == w.bytes());
            told += a ? 1 : 0;
        }
        CHECK(told == 1);
    }
}

TEST_CASE("Centroid drift: seeds draw other windows, and the same seed the same") {
    const auto end = [](std::int32_t seed) {
        CentroidSetting s;
        s.seed = seed;
        CentroidWatcher w(TB_Q15, s, 4);
        Modes m(4, 3, 9);
        settle(w, m);
        return w.bytes();
    };
    CHECK(end(1) == end(1));
    CHECK(end(1) != end(2));
}

TEST_CASE("Centroid drift: words out of range are refused") {
    const Words good = CentroidSetting().words();
    const std::int32_t low[] = {1, 1, 2, 2, 2, 1, 0, INT32_MIN};
    const std::int32_t high[] = {32, 8, 4096, 65536, 65536, INT32_MAX, 1 << 20, INT32_MAX};
    twinbit::Shape shape = {};
    for (std::size_t i = 0; i < good.size(); ++i) {
        for (const std::int64_t v :
             {std::int64_t{low[i]} - 1, std::int64_t{low[i]}, std::int64_t{high[i]}, high[i] + std::int64_t{1}}) {
            if (v >= INT32_MIN && v <= INT32_MAX) {
                Words words = good;
                words[i] = static_cast<std::int32_t>(v);
                CHECK(tb_centroid_q15.shape({words.data(), u32(words.size()), 4}, shape) ==
                      (v >= low[i] && v <= high[i]));
            }
        }
    }
    CHECK_FALSE(tb_centroid_q15.shape({good.data(), u32(good.size()) - 1, 4}, shape));
    CHECK_FALSE(tb_centroid_q15.shape({good.data(), u32(good.size()), 0}, shape));
    CHECK_FALSE(tb_centroid_q15.shape({good.data(), u32(good.size()), 16385}, shape));
}
