// The input stage: numbers to raw features against an oracle in long double, clipping, missing values, phase.
#include "fixtures.hpp"
#include "monitor/input.hpp"

#include <cmath>
#include <limits>

using namespace fixtures;
using namespace twinbit;

namespace {

constexpr float none = std::numeric_limits<float>::quiet_NaN();
constexpr float endless = std::numeric_limits<float>::infinity();

__int128 floor_shift(__int128 v, int s) {
    return s >= 0 ? v * (__int128{1} << s) : (v + (__int128{1} << (-s - 1))) >> -s;
}

// What lies beyond 32 bits after the offset, or 24 after the shift, is limited; with shift > 0 to a multiple of 2^shift.
std::int32_t raw_of_count(std::int32_t v, const Channel &c, bool &clipped) {
    const __int128 d = __int128{v} - c.offset;
    const __int128 raw = floor_shift(d > INT32_MAX ? INT32_MAX : (d < INT32_MIN ? -INT32_MAX : d), c.shift);
    const __int128 limit = ((1 << 23) - 1) >> std::max(c.shift, 0) << std::max(c.shift, 0);
    clipped = raw > limit || raw < -limit || d > INT32_MAX || d < INT32_MIN || v == INT32_MAX || v == -INT32_MAX;
    return static_cast<std::int32_t>(raw > limit ? limit : (raw < -limit ? -limit : raw));
}

Spec plain(int arithmetic, int missing) {
    Spec s = without_scaler({});
    s.arithmetic = static_cast<std::uint8_t>(arithmetic);
    s.missing = missing;
    s.learning = 1000000;
    return s;
}

tb_status step(Machine &m, std::vector<float> x, tb_result &r) {
    return tb_step_f32(&m.m, x.data(), static_cast<std::uint32_t>(x.size()), nullptr, &r);
}

} // namespace

TEST_CASE("input in fixed point: floor((count - offset) 2^shift + 1/2), limited to 24 bits, for every shift") {
    Random random(1);
    for (std::int32_t shift = -24; shift <= 8; ++shift) {
        for (int t = 0; t < 500; ++t) {
            const std::int32_t edges[] = {INT32_MIN + 1, INT32_MAX, 0, -1, 1 << 23, -(1 << 23), (1 << 23) - 1};
            const Channel c = {t % 5 == 0 ? edges[t % 7] : random.integer(-70000, 70000), shift, 0};
            const std::int32_t v =
                t % 3 == 0 ? edges[(t / 3) % 7] : random.integer(INT32_MIN + 1, INT32_MAX) >> (t % 24);
            bool expected_clip = false;
            bool clipped = false;
            REQUIRE(RawInput<Q15>::raw(v, c, clipped) == raw_of_count(v, c, expected_clip));
            REQUIRE(clipped == expected_clip);
        }
    }
}

TEST_CASE("input: floats become counts by their unit; F32 keeps them, less the offset") {
    Random random(2);
    for (std::int32_t unit = -24; unit <= 24; ++unit) {
        for (int t = 0; t < 200; ++t) {
            const Channel c = {random.integer(-1000, 1000), 0, unit};
            const auto count = random.integer(-100000, 100000);
            const auto x = static_cast<float>(std::ldexp(count, -unit));
            bool clipped = false;
            REQUIRE(RawInput<Q31>::raw(quantise(x, unit), c, clipped) == count - c.offset);
            const auto value = static_cast<float>(std::ldexp(count - c.offset, -unit));
            REQUIRE(RawInput<F32>::raw(count, c, clipped) == value);
            REQUIRE(RawInput<F32>::raw(x, c, clipped) == Approx(static_cast<double>(value)).margin(1e-30));
            REQUIRE_FALSE(clipped);
        }
    }
    bool clipped = false;
    CHECK(RawInput<F32>::raw(1e30f, {0, 0, 0}, clipped) == 0x1p48f);
    CHECK(clipped);
    clipped = false;
    CHECK(RawInput<F32>::raw(INT32_MIN + 1, {0, 0, -24}, clipped) == -0x1p48f);
    CHECK(clipped);
}

TEST_CASE("input: a value beyond the format is limited and flagged, in all arithmetics") {
    for (const Spec &base : all_of()) {
        Spec spec = base;
        spec.unit = -24;
        Machine m(spec);
        tb_result r = {};
        CHECK(step(m, {0.0f, 1.0f, 2.0f}, r) == TB_OK);
        CHECK((r.flags & TB_FLAG_CLIPPED) == 0);
        CHECK(step(m, {0.0f, 3e38f, 0.0f}, r) == TB_OK);
        CHECK((r.flags & TB_FLAG_CLIPPED) != 0);
        Machine other(spec);
        CHECK(other.load(m.saved()) == TB_OK);
    }
}

TEST_CASE("input: missing values are refused, and nothing changes") {
    for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
        Machine m(plain(arithmetic, 0));
        m.step({1, 2, 3});
        const Bytes before = m.bytes();
        tb_result r = {};
        std::memset(&r, 0x77, sizeof r);
        const tb_result untouched = r;
        const std::int32_t gone32[3] = {1, TB_MISSING_I32, 3};
        const std::int16_t gone16[3] = {1, 2, TB_MISSING_I16};
        CHECK(tb_step_i32(&m.m, gone32, 3, nullptr, &r) == TB_ERR_MISSING);
        CHECK(tb_step_i16(&m.m, gone16, 3, nullptr, &r) == TB_ERR_MISSING);
        CHECK(step(m, {0, none, 0}, r) == TB_ERR_NOT_FINITE);
        CHECK(step(m, {0, -endless, 0}, r) == TB_ERR_NOT_FINITE);
        CHECK(m.bytes() == before);
        CHECK(std::memcmp(&r, &untouched, sizeof r) == 0);
    }
}

TEST_CASE("input: an infinite value is refused whatever the recipe says of missing ones") {
    for (const int missing : {0, 1, 2}) {
        Machine m(plain(TB_F32, missing));
        m.step({1, 2, 3});
        const Bytes before = m.bytes();
        tb_result r = {};
        CHECK(step(m, {none, endless, 0}, r) == TB_ERR_NOT_FINITE);
        CHECK(m.bytes() == before);
    }
}

TEST_CASE("input: skip counts the frame and changes nothing else") {
    for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
        Machine m(plain(arithmetic, 2));
        Machine twin(plain(arithmetic, 2));
        m.step({1, 2, 3});
        twin.step({1, 2, 3});
        const std::int16_t gone[3] = {TB_MISSING_I16, 2, 3};
        tb_result r = {};
        REQUIRE(tb_step_i16(&m.m, gone, 3, nullptr, &r) == TB_OK);
        CHECK(r.flags == TB_FLAG_SKIPPED);
        CHECK(r.frame == 1);
        CHECK(r.score == 0);
        const tb_result after = m.step({4, 5, 6});
        const tb_result same = twin.step({4, 5, 6});
        CHECK(after.frame == 2);
        CHECK(same.frame == 1);
        const Bytes a = m.bytes();
        const Bytes b = twin.bytes();
        CHECK(Bytes(a.begin() + 40, a.end()) == Bytes(b.begin() + 40, b.end())); // all but digests and the two counters
    }
}

TEST_CASE("input: hold puts the channel's last value in, and skips before the first complete frame") {
    for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
        Machine m(plain(arithmetic, 1));
        Machine twin(plain(arithmetic, 1));
        const std::int32_t gone[3] = {7, TB_MISSING_I32, 9};
        tb_result r = {};
        REQUIRE(tb_step_i32(&m.m, gone, 3, nullptr, &r) == TB_OK);
        CHECK(r.flags == TB_FLAG_SKIPPED);
        m.step({1, 2, 3});
        REQUIRE(tb_step_i32(&m.m, gone, 3, nullptr, &r) == TB_OK);
        CHECK(r.flags == TB_FLAG_HELD);
        REQUIRE(step(m, {none, 5.0f / 4096, none}, r) == TB_OK); // 7 and 9 are held in turn, 5 is new
        CHECK(r.flags == TB_FLAG_HELD);
        twin.step({1, 2, 3});
        twin.step({7, 2, 9});
        twin.step({7, 5, 9});
        CHECK(m.detector() == twin.detector());
        Machine restored(plain(arithmetic, 1));
        REQUIRE(restored.load(m.saved()) == TB_OK);
        const std::int32_t all_gone[3] = {TB_MISSING_I32, TB_MISSING_I32, TB_MISSING_I32};
        REQUIRE(tb_step_i32(&restored.m, all_gone, 3, nullptr, &r) == TB_OK);
        twin.step({7, 5, 9});
        CHECK(restored.detector() == twin.detector());
    }
}

TEST_CASE("input: scoring, learning and explaining refuse a missing value in every mode") {
    for (const int missing : {0, 1, 2}) {
        Machine m(plain(TB_Q15, missing));
        m.step({1, 2, 3});
        m.step({4, 5, 6});
        const Bytes before = m.bytes();
        const std::int32_t gone[3] = {7, TB_MISSING_I32, 9};
        std::int32_t out[3] = {1, 2, 3};
        CHECK(tb_score_i32(&m.m, gone, 3, nullptr, out) == TB_ERR_MISSING);
        CHECK(tb_learn_i32(&m.m, gone, 3, nullptr) == TB_ERR_MISSING);
        CHECK(tb_explain_i32(&m.m, gone, 3, nullptr, out, 3) == TB_ERR_MISSING);
        CHECK(m.bytes() == before);
        CHECK((out[0] == 1 && out[1] == 2 && out[2] == 3));
    }
}

TEST_CASE("input: the same numbers as int16, int32 and float give the same bytes") {
    for (const Spec &spec : all_of()) {
        Machine a(spec), b(spec), c(spec);
        Random random(3);
        for (int t = 0; t < 150; ++t) {
            const Frame x = random.mode_frame(3, 2);
            const std::int16_t narrow[3] = {static_cast<std::int16_t>(x[0]), static_cast<std::int16_t>(x[1]),
                                            static_cast<std::int16_t>(x[2])};
            const auto real = [&](std::size_t i) { return static_cast<float>(x[i]) / 4096.0f; };
            tb_result ra = a.step(x);
            tb_result rb = {};
            tb_result rc = {};
            REQUIRE(tb_step_i16(&b.m, narrow, 3, nullptr, &rb) == TB_OK);
            REQUIRE(step(c, {real(0), real(1), real(2)}, rc) == TB_OK);
            REQUIRE(std::memcmp(&ra, &rb, sizeof ra) == 0);
            REQUIRE(std::memcmp(&ra, &rc, sizeof ra) == 0);
        }
        CHECK(a.bytes() == b.bytes());
        CHECK(a.bytes() == c.bytes());
    }
}

TEST_CASE("input: a phase adds its cosine and sine as two features") {
    for (const int arithmetic : {TB_F32, TB_Q15, TB_Q31}) {
        Spec spec = plain(arithmetic, 0);
        spec.phase = true;
        spec.channels = 1;
        spec.detector = Detector::mahalanobis;
        Machine m(spec);
        CHECK(m.m.features == 3);
        double sums[2] = {0, 0};
        for (std::uint32_t t = 0; t < 300; ++t) {
            const std::uint32_t phase = t * 14316557u + (t % 4) * 0x40000000u;
            m.step({100}, {0, phase});
            sums[0] += std::cos(phase * 3.14159265358979323846 / 2147483648.0);
            sums[1] += std::sin(phase * 3.14159265358979323846 / 2147483648.0);
        }
        for (std::uint32_t i = 0; i < 2; ++i) {
            const double sum = arithmetic == TB_F32 ? static_cast<double>(m.field<float>(2, 12 + 4 * i))
                               : arithmetic == TB_Q15
                                   ? m.field<std::int32_t>(2, 12 + 4 * i) / 4096.0
                                   : static_cast<double>(m.field<std::int64_t>(2, 16 + 8 * i)) / 1048576.0;
            CHECK(std::fabs(sum - sums[i]) < (arithmetic == TB_Q15 ? 0.04 : 0.001)); // 300 roundings of 2^-13
        }
    }
}
