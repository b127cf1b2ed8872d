// The framer by itself: which samples a window has, when it is due, its time; restarts, gaps, forged positions. And
// detrending against double.
#include "catch.hpp"
#include "fixtures.hpp"
#include "signal/framer.hpp"

#include <cmath>
#include <deque>

using namespace twinbit;
using fixtures::Random;
using fixtures::Words;

namespace {

// A framer with its block.
template <class P> struct Rig {
    using Raw = typename P::Raw;

    explicit Rig(const Words &w) : words(w) {
        block.setup.words = words.data();
        block.setup.count = framer_words;
        block.setup.inputs = static_cast<std::uint32_t>(words[0]);
        Shape shape = {};
        REQUIRE(framer_shape(block.setup, shape));
        bytes = block_bytes(Framer<P>::table, shape);
        memory.resize(bytes / 8);
        block.image = reinterpret_cast<std::uint8_t *>(memory.data());
        n = shape.n;
    }
    bool push(const std::vector<Raw> &sample, std::uint32_t dt = 0) {
        const bool due = Framer<P>::push(block, sample.data(), dt);
        dt_of_frame = dt;
        CHECK(all_in_range(Framer<P>::table, Framer<P>::fields, n, block.image));
        return due;
    }
    std::vector<Raw> column(std::uint32_t axis) const {
        std::vector<Raw> x(static_cast<std::size_t>(words[1]));
        Framer<P>::column(block, axis, x.data());
        Framer<P>::take_trend(block, x.data());
        return x;
    }
    FramerState &state() { return *at<FramerState>(block.image, 0); }

    Words words;
    Block block = {};
    std::vector<std::uint64_t> memory;
    std::uint32_t bytes = 0;
    Dimensions n = {};
    std::uint32_t dt_of_frame = 0;
};

template <class Raw> std::vector<Raw> sample(Random &random, std::int32_t axes) {
    std::vector<Raw> x;
    for (std::int32_t a = 0; a < axes; ++a) {
        x.push_back(static_cast<Raw>(random.integer(-20000, 20000)));
    }
    return x;
}

// Against a queue that keeps everything, with a restart from the saved bytes at random samples.
template <class P> void against_queue(const Words &words) {
    using Raw = typename P::Raw;
    Random random(5);
    auto rig = std::make_unique<Rig<P>>(words);
    std::deque<std::vector<Raw>> seen;
    const auto window = static_cast<std::size_t>(words[1]);
    int since = 0, frames = 0;
    for (int i = 0; i < 400; ++i) {
        const auto x = sample<Raw>(random, words[0]);
        seen.push_back(x);
        ++since;
        const bool expected = seen.size() >= window && since >= words[2];
        REQUIRE(rig->push(x) == expected);
        if (expected) {
            since = 0;
            ++frames;
            for (std::uint32_t a = 0; a < static_cast<std::uint32_t>(words[0]); ++a) {
                const auto column = rig->column(a);
                for (std::size_t k = 0; k < window; ++k) {
                    REQUIRE(column[k] == seen[seen.size() - window + k][a]);
                }
            }
        }
        if (random.integer(0, 9) == 0) {
            auto other = std::make_unique<Rig<P>>(words);
            other->memory = rig->memory;
            other->block.image = reinterpret_cast<std::uint8_t *>(other->memory.data());
            rig = std::move(other);
        }
    }
    CHECK(frames == (400 - words[1]) / words[2] + 1);
}

std::vector<double> least_squares(const std::vector<std::int32_t> &x, bool line) {
    const auto n = static_cast<double>(x.size());
    double sum = 0, moment = 0, squares = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double t = 2.0 * static_cast<double>(i) - (n - 1);
        sum += x[i];
        moment += t * x[i];
        squares += t * t;
    }
    std::vector<double> out;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const double t = 2.0 * static_cast<double>(i) - (n - 1);
        out.push_back(x[i] - sum / n - (line ? t * moment / squares : 0));
    }
    return out;
}

} // namespace

TEST_CASE("framer: windows are the last samples, every hop, whatever restarts between") {
    for (const Words &w : {Words{1, 2, 1, 0, 0, 0}, Words{3, 16, 5, 0, 0, 0}, Words{2, 33, 33, 0, 0, 0},
                           Words{64, 8, 3, 0, 0, 0}, Words{1, 200, 1, 0, 0, 0}}) {
        against_queue<F32>(w);
        against_queue<Q15>(w);
        against_queue<Q31>(w);
    }
}

TEST_CASE("framer: time of a window, gaps") {
    Rig<Q15> rig({1, 4, 2, 0, 50, 30});
    for (int i = 0; i < 3; ++i) {
        CHECK_FALSE(rig.push({i}, 10));
    }
    CHECK(rig.push({3}, 10));
    CHECK(rig.dt_of_frame == 40);
    CHECK_FALSE(rig.push({4}));
    CHECK(rig.push({5}));
    CHECK(rig.dt_of_frame == 50); // hop_ms: the samples carried no time
    CHECK_FALSE(rig.push({6}, 10));
    for (int i = 0; i < 3; ++i) { // a gap: the next window has nothing from before it
        CHECK_FALSE(rig.push({10 + i}, i == 0 ? 31 : 30));
    }
    CHECK(rig.push({13}, 30));
    CHECK(rig.column(0) == std::vector<std::int32_t>{10, 11, 12, 13});
    CHECK(rig.dt_of_frame == 10 + 31 + 90);
    for (int i = 0; i < 4; ++i) {
        rig.push({0}, UINT32_MAX - 5); // a gap each time, and time stops at its end
    }
    CHECK(rig.state().elapsed == UINT32_MAX);
}

TEST_CASE("framer: numbers are limited to what the ring holds") {
    Rig<Q15> q15({2, 2, 1, 0, 0, 0});
    q15.push({32767, -32767});
    q15.push({-32768, 8388607});
    CHECK(q15.column(0) == std::vector<std::int32_t>{32767, -32767});
    CHECK(q15.column(1) == std::vector<std::int32_t>{-32767, 32767});
    Rig<Q31> q31({1, 2, 1, 0, 0, 0});
    q31.push({8388607});
    q31.push({-8388607});
    CHECK(q31.column(0) == std::vector<std::int32_t>{8388607, -8388607});
    std::int32_t column[2];
    for (std::uint32_t i = 0; i < 2; ++i) { // a window of the caller's goes the same way
        const std::int32_t x = 40000;
        Framer<Q15>::put(q15.block, &x, i, column);
    }
    CHECK(column[1] == 32767);
}

TEST_CASE("framer: forged positions stay inside and come to rest in range") {
    Random random(9);
    for (int trial = 0; trial < 2000; ++trial) {
        const std::int32_t window = random.integer(2, 9);
        Rig<Q31> rig({2, window, random.integer(1, window), 2, 0, 0});
        for (std::uint32_t i = 0; i < rig.bytes; ++i) {
            rig.block.image[i] = static_cast<std::uint8_t>(random.integer(0, 3) == 0 ? random.integer(0, 255) : 0);
        }
        if (all_in_range(Framer<Q31>::table, Framer<Q31>::fields, rig.n, rig.block.image)) {
            int due = 0;
            for (int i = 0; i < 3 * window; ++i) {
                due += rig.push({i, -i}) ? 1 : 0;
                rig.column(1);
            }
            CHECK(due >= 1);
        }
    }
    Rig<Q15> rig({1, 4, 2, 0, 0, 0});
    rig.state().at = 5;
    CHECK_FALSE(all_in_range(Framer<Q15>::table, Framer<Q15>::fields, rig.n, rig.block.image));
}

TEST_CASE("framer: words out of range") {
    const auto refused = [](const Words &w, std::uint32_t inputs) {
        Setup s = {};
        s.words = w.data();
        s.count = static_cast<std::uint32_t>(w.size());
        s.inputs = inputs;
        Shape shape = {};
        return !framer_shape(s, shape);
    };
    CHECK_FALSE(refused({3, 256, 256, 2, 0, 0}, 3));
    CHECK(refused({3, 256, 256, 2, 0, 0}, 5)); // axes are the inputs
    CHECK(refused({3, 256, 257, 0, 0, 0}, 3));
    CHECK(refused({3, 256, 0, 0, 0, 0}, 3));
    CHECK(refused({3, 1, 1, 0, 0, 0}, 3));
    CHECK(refused({1, 65537, 1, 0, 0, 0}, 1));
    CHECK_FALSE(refused({1, 65536, 1, 0, 0, 0}, 1));
    CHECK(refused({64, 2048, 1, 0, 0, 0}, 64)); // the ring
    CHECK(refused({0, 256, 1, 0, 0, 0}, 0));
    CHECK(refused({3, 256, 1, 3, 0, 0}, 3));
    CHECK(refused({3, 256, 1, 0, -1, 0}, 3));
    CHECK(refused({3, 256, 1, 0, 0, -1}, 3));
    CHECK(refused({3, 256, 1, 0, 0}, 3));
}

TEST_CASE("column: mean and line against least squares in double") {
    Random random(77);
    for (const std::size_t n : {2u, 3u, 64u, 255u, 1000u, 4096u, 65536u}) {
        for (const double level : {5.0, 20000.0, 3000000.0}) {
            std::vector<std::int32_t> x(n);
            for (std::size_t i = 0; i < n; ++i) {
                const double ramp = level * static_cast<double>(i) / static_cast<double>(n);
                x[i] = static_cast<std::int32_t>(std::floor(ramp + level * 0.05 * random.normal() + level / 3));
            }
            for (const Detrend how : {Detrend::mean, Detrend::line}) {
                const auto expected = least_squares(x, how == Detrend::line);
                auto fixed = x;
                std::vector<float> real(x.begin(), x.end());
                detrend(fixed.data(), static_cast<std::uint32_t>(n), how);
                detrend(real.data(), static_cast<std::uint32_t>(n), how);
                double worst_fixed = 0, worst_real = 0;
                for (std::size_t i = 0; i < n; ++i) {
                    worst_fixed = std::fmax(worst_fixed, std::fabs(fixed[i] - expected[i]));
                    worst_real = std::fmax(worst_real, std::fabs(static_cast<double>(real[i]) - expected[i]));
                }
                CAPTURE(n, level);
                CHECK(worst_fixed <= 0.51);
                CHECK(worst_real <= (level + 50) * 5e-6);
            }
        }
    }
}

TEST_CASE("column: the ends of the range") {
    for (const std::uint32_t n : {2u, 4096u, 65536u}) {
        for (const Detrend how : {Detrend::none, Detrend::mean, Detrend::line}) {
            std::vector<std::int32_t> up(n, raw_limit), step(n, -raw_limit);
            for (std::uint32_t i = n / 2; i < n; ++i) {
                step[i] = raw_limit;
            }
            detrend(up.data(), n, how);
            detrend(step.data(), n, how);
            for (std::uint32_t i = 0; i < n; ++i) {
                REQUIRE(up[i] == (how == Detrend::none ? raw_limit : 0));
                REQUIRE(std::abs(step[i]) <= raw_limit);
            }
        }
    }
}
