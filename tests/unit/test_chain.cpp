// Samples to scores: whole monitors with framer, extractors and transforms.
#include "signal/column.hpp"
#include "signal/time.hpp"
#include "stream.hpp"

#include <cmath>

using namespace fixtures;

namespace {

constexpr std::uint8_t arithmetics[] = {TB_F32, TB_Q15, TB_Q31};
constexpr std::int32_t rms_and_pace = 0x1C85; // mean, rms, crossings, impulse, difference, mobility

// 3 axes, windows of 32 every 8, two extractors, lags behind them.
std::vector<Part> recipe(std::int32_t detrend = 1, std::int32_t missing = 0) {
    return {{1, input_words(3, missing)},
            {40, {3, 32, 8, detrend, 20, 50}},
            {41, {rms_and_pace, 0}},
            {41, {0x14, 1}},
            {48, {2, 1, 5}},
            scaler(),
            clusters(),
            decision(10, 30, 30)};
}

Frame sample(Random &random, int t) {
    Frame x;
    for (int axis = 0; axis < 3; ++axis) {
        x.push_back(static_cast<std::int32_t>(3000 * std::sin(0.3 * t + axis) + (200 + 100 * axis) * random.normal()));
    }
    return x;
}

template <class Raw> std::vector<Raw> features_of(const Frame &window, std::uint32_t mask, std::uint32_t axis) {
    std::vector<Raw> column;
    for (std::size_t i = axis; i < window.size(); i += 3) {
        column.push_back(static_cast<Raw>(window[i]));
    }
    twinbit::detrend(column.data(), static_cast<std::uint32_t>(column.size()), twinbit::Detrend::mean);
    const twinbit::TimeFeatures<Raw> f(column.data(), static_cast<std::uint32_t>(column.size()), mask);
    std::vector<Raw> out;
    for (std::uint32_t kind = 0; kind < 13; ++kind) {
        if (((mask >> kind) & 1u) != 0) {
            out.push_back(f(static_cast<twinbit::TimeFeature>(kind)));
        }
    }
    return out;
}

// What leaves the extractors of recipe(): 6 features of each axis, then rms and crest over the axes.
template <class Raw> std::vector<double> extracted(const Frame &window) {
    std::vector<double> out;
    double joined[2] = {};
    for (std::uint32_t axis = 0; axis < 3; ++axis) {
        for (const Raw v : features_of<Raw>(window, rms_and_pace, axis)) {
            out.push_back(static_cast<double>(v));
        }
        const auto level = features_of<Raw>(window, 0x14, axis);
        joined[0] += static_cast<double>(level[0]) / 3;
        joined[1] += static_cast<double>(level[1]) / 3;
    }
    out.insert(out.end(), joined, joined + 2);
    return out;
}

template <class Raw> void check_features(std::uint8_t arithmetic, double tolerance) {
    Random random(1);
    Stream stream(arithmetic, recipe());
    REQUIRE(stream.m.features == 20 * 3);
    Window window(32);
    std::vector<double> before;
    for (int t = 0; t < 100; ++t) {
        const Frame x = sample(random, t);
        window.add(x);
        if ((stream.step(x).flags & TB_FLAG_GATHERING) == 0) {
            const auto now = extracted<Raw>(window.all());
            const auto got = stream.features<Raw>(); // now, difference to the last frame, to the one before
            for (std::size_t i = 0; i < now.size(); ++i) {
                REQUIRE(std::fabs(static_cast<double>(got[i]) - now[i]) <= tolerance);
                const double step = before.empty() ? 0 : now[i] - before[i];
                REQUIRE(std::fabs(static_cast<double>(got[20 + i]) - step) <= 2 * tolerance);
            }
            before = now;
        }
    }
}

} // namespace

TEST_CASE("chain: features are those of the window, axis by axis, extractor by extractor, then lags") {
    check_features<float>(TB_F32, 1e-5);
    check_features<std::int32_t>(TB_Q15, 0.51); // the mean over axes is rounded once
    check_features<std::int32_t>(TB_Q31, 0.51);
}

TEST_CASE("chain: a window scores alike in the stream and given whole, and that moves nothing") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(2);
        Stream stream(arithmetic, recipe());
        Window window(32);
        int scored = 0;
        for (int t = 0; t < 900; ++t) {
            const Frame x = sample(random, t);
            window.add(x);
            std::int32_t whole = 0;
            const bool ready = tb_state(&stream.m) >= TB_CALIBRATING;
            if (ready) {
                const Bytes before = stream.bytes();
                REQUIRE(stream.score(window.all(), whole) == TB_OK);
                REQUIRE(stream.bytes() == before);
            }
            const tb_result r = stream.step(x);
            REQUIRE(((r.flags & TB_FLAG_GATHERING) == 0) == (t >= 31 && (t - 31) % 8 == 0));
            if (ready && (r.flags & TB_FLAG_SCORED) != 0) {
                REQUIRE(r.score == whole);
                ++scored;
            }
        }
        CHECK(scored == (900 - 32) / 8 + 1 - 40);
        CHECK(tb_state(&stream.m) == TB_MONITORING);
    }
}

TEST_CASE("chain: a restart at any sample changes no byte") {
    for (const std::uint8_t arithmetic : arithmetics) {
        Random random(3);
        Stream whole(arithmetic, recipe(2));
        auto stopped = std::make_unique<Stream>(arithmetic, recipe(2));
        for (int t = 0; t < 700; ++t) {
            const Frame x = sample(random, t);
            const auto dt = static_cast<std::uint32_t>(random.integer(0, 51)); // gaps, too
            const tb_result a = whole.step(x, dt), b = stopped->step(x, dt);
            REQUIRE(std::memcmp(&a, &b, sizeof a) == 0);
            if (random.integer(0, 19) == 0) {
                auto next = std::make_unique<Stream>(arithmetic, recipe(2));
                REQUIRE(next->load(stopped->saved()) == TB_OK);
                stopped = std::move(next);
            }
        }
        CHECK(whole.saved() == stopped->saved());
    }
}

TEST_CASE("chain: what is not in range is refused, and changes nothing") {
    Random random(4);
    for (const std::uint8_t arithmetic : arithmetics) {
        Stream stream(arithmetic, recipe());
        for (int t = 0; t < 500; ++t) {
            stream.step(sample(random, t));
        }
        const Bytes good = stream.saved();
        Bytes forged = good;
        put<std::uint32_t>(forged, stream.m.block[TB_PART_SIGNAL], 33); // `at` beyond the window
        reseal(forged);
        Stream other(arithmetic, recipe());
        CHECK(other.load(forged) == TB_ERR_CORRUPT);
        CHECK(other.load(good) == TB_OK);

        std::int32_t score = 0;
        Frame window(96, 5);
        window[70] = TB_MISSING_I32;
        const Bytes before = stream.bytes();
        CHECK(stream.score(window, score) == TB_ERR_MISSING);
        window.pop_back();
        CHECK(stream.score(window, score) == TB_ERR_SHAPE);
        CHECK(stream.score(Frame(3, 5), score) == TB_ERR_SHAPE);
        CHECK(stream.bytes() == before);
    }
}

TEST_CASE("chain: images forged within their ranges give nonsense, but images that load again") {
    Random random(6);
    for (const std::uint8_t arithmetic : arithmetics) {
        Stream source(arithmetic, recipe(2));
        for (int t = 0; t < 700; ++t) {
            source.step(sample(random, t));
        }
        const Bytes good = source.saved();
        int loaded = 0;
        for (int trial = 0; trial < 400; ++trial) {
            Bytes forged = good;
            for (int k = random.integer(1, 8); k > 0; --k) {
                const std::uint32_t first = source.m.block[TB_PART_SIGNAL], end = source.m.block[TB_PART_SCALER];
                const auto at = first + static_cast<std::uint32_t>(random.bits() % (end - first));
                forged[at] = static_cast<std::uint8_t>(random.integer(0, 255));
            }
            reseal(forged);
            Stream other(arithmetic, recipe(2));
            if (other.load(forged) == TB_OK) {
                ++loaded;
                for (int t = 0; t < 40; ++t) {
                    other.step(sample(random, t));
                }
                Stream again(arithmetic, recipe(2));
                REQUIRE(again.load(other.saved()) == TB_OK);
            }
        }
        CHECK(loaded > 5);
    }
}

TEST_CASE("chain: while samples gather a result counts the frame that comes, and a skipped sample is left out") {
    Stream stream(TB_Q15, recipe(1, 2));
    Random random(5);
    for (int t = 0; t < 31; ++t) {
        const tb_result r = stream.step(sample(random, t));
        CHECK((r.frame == 0 && r.flags == TB_FLAG_GATHERING && r.state == TB_SCALING));
    }
    CHECK(stream.step({1, TB_MISSING_I32, 1}).flags == TB_FLAG_SKIPPED);
    const tb_result due = stream.step(sample(random, 32));
    CHECK((due.flags & TB_FLAG_GATHERING) == 0);
    CHECK(stream.step(sample(random, 33)).frame == due.frame + 1);
}

TEST_CASE("chain: recipes that can't be") {
    const Part in = {1, input_words(2)}, framer = {40, {2, 16, 4, 0, 0, 0}}, time = {41, {4, 0}},
               lags = {48, {1, 1, 1}};
    const auto status = [](std::vector<Part> parts) {
        parts.insert(parts.end(), {scaler(), clusters(), decision(1, 1, 20)});
        return Stream(TB_Q31, std::move(parts)).status;
    };
    CHECK(status({in, framer, time, lags}) == TB_OK);
    CHECK(status({in, lags, lags}) == TB_OK);
    CHECK(status({in, framer}) == TB_ERR_RECIPE);
    CHECK(status({in, time}) == TB_ERR_RECIPE);
    CHECK(status({in, framer, lags}) == TB_ERR_RECIPE);
    CHECK(status({in, framer, framer, time}) == TB_ERR_RECIPE);
    CHECK(status({in, framer, time, lags, time}) == TB_ERR_RECIPE);
    CHECK(status({in, {40, {3, 16, 4, 0, 0, 0}}, time}) == TB_ERR_RECIPE);
    CHECK(status({in, framer, {41, {0, 0}}}) == TB_ERR_RECIPE);
    CHECK(status({in, framer, {41, {1 << 13, 0}}}) == TB_ERR_RECIPE);
    CHECK(status({in, framer, {41, {4, 2}}}) == TB_ERR_RECIPE);
    CHECK(status({in, framer, {41, {4}}}) == TB_ERR_RECIPE);
}
