// The scaler in each arithmetic against mean and deviation in long double: large offsets, constant channels, its limits.
#include "fixtures.hpp"
#include "linear/sums.hpp"
#include "monitor/scaler_float.hpp"

#include <cmath>

using namespace fixtures;
using namespace twinbit;

namespace {

// A scaler stage by itself, with its memory.
template <class P> struct Scaler {
    const tb_stage &stage;
    std::vector<std::uint64_t> memory;
    Block block;
    Dimensions dimensions = {};
    std::uint32_t fields = 0;

    Scaler(const tb_stage &s, std::uint32_t d) : stage(s), block{{nullptr, 0, d}, nullptr, nullptr, nullptr} {
        Shape shape = {};
        REQUIRE(stage.shape(block.setup, shape));
        dimensions = shape.n;
        fields = shape.fields;
        memory.resize(bytes_of_fields(stage.fields, fields, dimensions) / 8);
        block.image = reinterpret_cast<std::uint8_t *>(memory.data());
    }
    void learn(const std::vector<typename P::Raw> &x) { REQUIRE(stage.ops.scaler->learn(block, x.data())); }
    std::vector<double> apply(const std::vector<typename P::Raw> &x) const {
        std::vector<typename P::Sample> z(x.size());
        stage.ops.scaler->apply(block, x.data(), z.data());
        std::vector<double> out;
        for (const auto v : z) {
            out.push_back(static_cast<double>(to_real(v)));
        }
        return out;
    }
    bool valid() const { return all_in_range(stage.fields, fields, dimensions, block.image); }
};

struct Moment {
    long double mean, deviation;
};

Moment moment_of(const std::vector<long double> &v) {
    long double mean = 0;
    for (const long double x : v) {
        mean += x / static_cast<long double>(v.size());
    }
    long double square = 0;
    for (const long double x : v) {
        square += (x - mean) * (x - mean) / static_cast<long double>(v.size());
    }
    return {mean, std::sqrt(square)};
}

double limited(long double z) {
    const long double end = 8 - 0x1p-12L;
    return static_cast<double>(z > end ? end : (z < -end ? -end : z));
}

// Largest error of a standardised value, for integers around an offset with a deviation.
template <class P> double worst(const tb_stage &stage, double offset, double deviation, int frames) {
    Scaler<P> scaler(stage, 1);
    Random random(static_cast<std::uint64_t>(frames));
    std::vector<long double> seen;
    for (int t = 0; t < frames; ++t) {
        const auto raw = static_cast<std::int32_t>(offset + deviation * random.normal());
        scaler.learn({static_cast<typename P::Raw>(raw)});
        seen.push_back(raw);
    }
    scaler.stage.ops.scaler->freeze(scaler.block);
    REQUIRE(scaler.valid());
    const Moment m = moment_of(seen);
    double error = 0;
    for (int t = -1000; t <= 1000; ++t) {
        const auto raw = static_cast<std::int32_t>(offset + t * deviation / 100);
        const double expected = limited((raw - m.mean) / m.deviation);
        error = std::max(error, std::fabs(scaler.apply({static_cast<typename P::Raw>(raw)})[0] - expected));
    }
    return error;
}

} // namespace

TEST_CASE("scaler: standardises within the stated bounds, also with a large offset and over its longest run") {
    // Fixed point rounds the mean to one raw unit: half a unit is 1/2000 of a deviation of 1000. Q15 adds its step of 2^-12
    // and 15 bits of gain, over 8 deviations.
    CHECK(worst<Q15>(tb_scaler_q15, 0, 1000, 500) < 0.0012);
    CHECK(worst<Q15>(tb_scaler_q15, 8000000, 10000, 500) < 0.0006);
    CHECK(worst<Q15>(tb_scaler_q15, -8000000, 50000, 32768) < 0.0006);
    CHECK(worst<Q31>(tb_scaler_q31, 0, 1000, 500) < 0.00055);
    CHECK(worst<Q31>(tb_scaler_q31, 8000000, 10000, 500) < 0.0001);
    CHECK(worst<Q31>(tb_scaler_q31, -8000000, 50000, 32768) < 0.00002);
    CHECK(worst<F32>(tb_scaler_f32, 0, 1000, 500) < 0.0005);
    CHECK(worst<F32>(tb_scaler_f32, 8000000, 10000, 500) < 0.001);
    CHECK(worst<F32>(tb_scaler_f32, -8000000, 50000, 32768) < 0.001);
}

TEST_CASE("scaler in fixed point: sums are exact, the mean is rounded half up, and it stops when they are full") {
    Scaler<Q15> scaler(tb_scaler_q15, 2);
    __int128 sum[2] = {};
    __int128 square[2] = {};
    Random random(7);
    for (int t = 0; t < 32768; ++t) {
        const std::vector<std::int32_t> x = {t % 3 == 0 ? raw_limit : -raw_limit,
                                             random.integer(-raw_limit, raw_limit)};
        scaler.learn(x);
        for (int i = 0; i < 2; ++i) {
            sum[i] += x[static_cast<std::size_t>(i)];
            square[i] += __int128{x[static_cast<std::size_t>(i)]} * x[static_cast<std::size_t>(i)];
        }
    }
    const Bytes before(scaler.block.image, scaler.block.image + scaler.memory.size() * 8);
    const std::int32_t more[2] = {1, 1};
    CHECK_FALSE(scaler.stage.ops.scaler->learn(scaler.block, more));
    CHECK(Bytes(scaler.block.image, scaler.block.image + scaler.memory.size() * 8) == before);
    CHECK(scaler.valid());
    scaler.stage.ops.scaler->freeze(scaler.block);
    for (std::uint32_t i = 0; i < 2; ++i) { // IMAGE.md: mean, gain, shift, then sum, square
        CHECK(__int128{peek<std::int64_t>(scaler.block.image + 24 + 8 * i)} == sum[i]);
        CHECK(__int128{peek<std::uint64_t>(scaler.block.image + 40 + 8 * i)} == square[i]);
        const __int128 twice = 2 * sum[i] + 32768;
        const __int128 mean = twice >= 0 ? twice / 65536 : -((-twice + 65535) / 65536);
        CHECK(__int128{peek<std::int32_t>(scaler.block.image + 4 * i)} == mean);
    }
    CHECK(scaler.valid());
}

TEST_CASE("scaler: a constant channel, and one that hardly moved, count as moving by one raw unit") {
    for (const int moved : {0, 1, 3}) { // times in 500 frames
        Scaler<Q15> q15(tb_scaler_q15, 1);
        Scaler<Q31> q31(tb_scaler_q31, 1);
        for (int t = 0; t < 500; ++t) {
            const std::int32_t x = 5000 + (t < moved ? 1 : 0);
            q15.learn({x});
            q31.learn({x});
        }
        q15.stage.ops.scaler->freeze(q15.block);
        q31.stage.ops.scaler->freeze(q31.block);
        CHECK(q15.valid());
        CHECK(q31.valid());
        for (const int d : {-9, -8, -3, -1, 0, 1, 2, 7, 9, 100}) {
            const double expected = limited(d);
            CHECK(std::fabs(q15.apply({5000 + d})[0] - expected) < 0.001);
            CHECK(std::fabs(q31.apply({5000 + d})[0] - expected) < 0.0003);
        }
    }
}

TEST_CASE("scaler in F32: a constant channel moves by 2^-20 of its mean, zero by 2^-60, and nothing becomes infinite") {
    Scaler<F32> scaler(tb_scaler_f32, 3);
    for (int t = 0; t < 100; ++t) {
        scaler.learn({4096.0f, 0.0f, t % 2 == 0 ? 0x1p48f : -0x1p48f});
    }
    scaler.stage.ops.scaler->freeze(scaler.block);
    CHECK(scaler.valid());
    const auto z = scaler.apply({4096.0f + 0x1p-8f, 0x1p-60f, 0x1p48f});
    CHECK(z[0] == Approx(1.0));
    CHECK(z[1] == Approx(1.0));
    CHECK(z[2] == Approx(1.0).epsilon(0.01));
    const auto far = scaler.apply({1e9f, 1.0f, -0x1p48f});
    CHECK(far[0] == 8.0 - 0x1p-12);
    CHECK(far[1] == 8.0 - 0x1p-12);
}

TEST_CASE("scaler: samples are limited to +-(8 - 2^-12) in every arithmetic") {
    Scaler<Q15> q15(tb_scaler_q15, 1);
    Scaler<Q31> q31(tb_scaler_q31, 1);
    Scaler<F32> f32(tb_scaler_f32, 1);
    for (int t = 0; t < 100; ++t) {
        const int x = t % 2 == 0 ? 100 : -100;
        q15.learn({x});
        q31.learn({x});
        f32.learn({static_cast<float>(x)});
    }
    q15.stage.ops.scaler->freeze(q15.block);
    q31.stage.ops.scaler->freeze(q31.block);
    f32.stage.ops.scaler->freeze(f32.block);
    const double end = 8.0 - 0x1p-12;
    CHECK(q15.apply({raw_limit})[0] == end);
    CHECK(q15.apply({-raw_limit})[0] == -end);
    CHECK(q31.apply({raw_limit})[0] == end);
    CHECK(q31.apply({-raw_limit})[0] == -end);
    CHECK(f32.apply({1e30f})[0] == end);
    CHECK(f32.apply({-1e30f})[0] == -end);
}

TEST_CASE("scaler in fixed point: the gain is right for every size of deviation") {
    for (int bits = 0; bits <= 22; ++bits) {
        const std::int32_t d = 1 << bits;
        Scaler<Q15> q15(tb_scaler_q15, 1);
        Scaler<Q31> q31(tb_scaler_q31, 1);
        for (int t = 0; t < 64; ++t) {
            q15.learn({t % 2 == 0 ? d : -d});
            q31.learn({t % 2 == 0 ? d : -d});
        }
        q15.stage.ops.scaler->freeze(q15.block);
        q31.stage.ops.scaler->freeze(q31.block);
        CAPTURE(bits);
        CHECK(q15.valid());
        CHECK(q31.valid());
        CHECK(std::fabs(q15.apply({d})[0] - 1.0) <= 0x1p-12);
        CHECK(std::fabs(q31.apply({d})[0] - 1.0) <= 0x1p-20);
    }
}
