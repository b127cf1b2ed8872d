// Functions at the places where they are most likely to break: limits, zeros, subnormals, values that are not numbers.
// Their accuracy everywhere else is the business of tests/exhaustive.
#include "numbers/fixed_exp.hpp"

#include "catch.hpp"
#include "numbers/fixed_sin.hpp"
#include "numbers/fixed_sqrt.hpp"
#include "numbers/fixed_tanh.hpp"
#include "numbers/float_exp.hpp"
#include "numbers/float_log.hpp"
#include "numbers/float_scale.hpp"
#include "numbers/float_sin.hpp"
#include "numbers/float_sqrt.hpp"
#include "numbers/float_tanh.hpp"

#include <cmath>

namespace tb = twinbit;
using tb::bits_float;
using tb::float_bits;

namespace {

using Q12 = tb::Fixed<std::int16_t, 12>;
using Q15 = tb::Fixed<std::int16_t, 15>;
using Q20 = tb::Fixed<std::int32_t, 20>;
using Q31 = tb::Fixed<std::int32_t, 31>;
using Function = float (*)(float);
constexpr Function functions[] = {tb::exp, tb::exp2, tb::log, tb::log2, tb::tanh, tb::sigmoid, tb::sin, tb::cos};
const float infinity = tb::infinity();
constexpr std::uint32_t canonical = 0x7FC00000u;

} // namespace

TEST_CASE("every function answers every NaN with the canonical one") {
    for (const std::uint32_t nan : {0x7FC00000u, 0xFFC00000u, 0x7F800001u, 0xFFFFFFFFu, 0x7FA12345u}) {
        for (const Function f : functions) {
            REQUIRE(float_bits(f(bits_float(nan))) == canonical);
        }
        REQUIRE(float_bits(tb::sqrt(bits_float(nan))) == canonical);
        REQUIRE(float_bits(tb::sqrt_by_integers(bits_float(nan))) == canonical);
        REQUIRE(float_bits(tb::scale_pow2(bits_float(nan), 3)) == canonical);
    }
}

TEST_CASE("infinities") {
    REQUIRE(tb::exp(infinity) == infinity);
    REQUIRE(float_bits(tb::exp(-infinity)) == 0);
    REQUIRE(tb::exp2(infinity) == infinity);
    REQUIRE(float_bits(tb::exp2(-infinity)) == 0);
    REQUIRE(tb::log(infinity) == infinity);
    REQUIRE(tb::log2(infinity) == infinity);
    REQUIRE(tb::sqrt(infinity) == infinity);
    REQUIRE(tb::tanh(infinity) == 1.0f);
    REQUIRE(tb::tanh(-infinity) == -1.0f);
    REQUIRE(tb::sigmoid(infinity) == 1.0f);
    REQUIRE(float_bits(tb::sigmoid(-infinity)) == 0);
    constexpr Function logarithms[] = {tb::log, tb::log2};
    for (const Function f : logarithms) {
        REQUIRE(float_bits(f(-infinity)) == canonical);
        REQUIRE(float_bits(f(-1e-45f)) == canonical);
        REQUIRE(f(0.0f) == -infinity);
        REQUIRE(f(-0.0f) == -infinity);
    }
    REQUIRE(float_bits(tb::sqrt(-1e-45f)) == canonical);
    REQUIRE(float_bits(tb::sin(infinity)) == canonical);
    REQUIRE(float_bits(tb::cos(-infinity)) == canonical);
}

TEST_CASE("signed zeros and subnormals pass where the function is its argument") {
    constexpr Function linear_at_zero[] = {tb::tanh, tb::sin};
    for (const Function f : linear_at_zero) {
        for (const std::uint32_t bits : {0u, 0x80000000u, 1u, 0x80000001u, 0x007FFFFFu}) {
            REQUIRE(float_bits(f(bits_float(bits))) == bits);
        }
    }
    REQUIRE(float_bits(tb::sqrt(-0.0f)) == 0x80000000u);
    REQUIRE(float_bits(tb::sqrt_by_integers(-0.0f)) == 0x80000000u);
}

TEST_CASE("exp and exp2 at the ends of their range") {
    REQUIRE(tb::exp(88.72284f) == infinity);
    REQUIRE(tb::exp(88.72283f) < infinity);
    REQUIRE(float_bits(tb::exp(-103.9720f)) == 1);
    REQUIRE(float_bits(tb::exp(-103.9722f)) == 0);
    REQUIRE(tb::exp2(128.0f) == infinity);
    REQUIRE(tb::exp2(127.0f) == 0x1p127f);
    REQUIRE(float_bits(tb::exp2(-149.0f)) == 1);
    REQUIRE(float_bits(tb::exp2(-149.5f)) == 1);
    REQUIRE(float_bits(tb::exp2(-150.0f)) == 0);
    REQUIRE(tb::exp(0.0f) == 1.0f);
}

TEST_CASE("scale_pow2 of floats agrees with ldexp") {
    for (const float x :
         {1.0f, -1.5f, 0x1.fffffep127f, 1e-45f, -1.1e-38f, 0x1.fffffep-1f, 0x1.000002p0f, 0.0f, -0.0f}) {
        for (int s = -320; s <= 320; ++s) {
            CAPTURE(x, s);
            REQUIRE(float_bits(tb::scale_pow2(x, s)) == float_bits(std::ldexp(x, s)));
        }
        REQUIRE(float_bits(tb::scale_pow2(x, INT32_MIN)) == float_bits(x * 0.0f));
    }
    REQUIRE(tb::scale_pow2(-infinity, -5) == -infinity);
    REQUIRE(tb::scale_pow2(1e-45f, INT32_MAX) == infinity);
}

TEST_CASE("log2_q24: powers of two, limits, floats as integers") {
    for (int k = 0; k < 64; ++k) {
        REQUIRE(tb::log2_q24(std::uint64_t{1} << k) == k * (1 << 24));
    }
    for (int k = -128; k < 128; ++k) {
        REQUIRE(tb::log2_q24(std::ldexp(1.0f, k)) == k * (1 << 24));
    }
    REQUIRE(tb::log2_q24(std::uint64_t{0}) == INT32_MIN);
    REQUIRE(tb::log2_q24(UINT64_MAX) == 1 << 30);
    REQUIRE(tb::log2_q24(10.0f) == tb::log2_q24(std::uint64_t{10}));
    for (const float x : {0.0f, -0.0f, -1.0f, 1e-45f, 0x1p-129f, -infinity}) {
        REQUIRE(tb::log2_q24(x) == INT32_MIN);
    }
    for (const float x : {infinity, bits_float(canonical), bits_float(0xFFC00000u)}) {
        REQUIRE(tb::log2_q24(x) == INT32_MAX);
    }
    REQUIRE(tb::log2_q24(0x1.fffffep127f) > 127 * (1 << 24));
}

TEST_CASE("exp2_q16: powers of two and limits") {
    for (int k = -16; k < 16; ++k) {
        REQUIRE(tb::exp2_q16(k * 65536) == std::uint32_t{1} << (k + 16));
    }
    REQUIRE(tb::exp2_q16(16 * 65536) == UINT32_MAX);
    REQUIRE(tb::exp2_q16(INT32_MAX) == UINT32_MAX);
    REQUIRE(tb::exp2_q16(-17 * 65536) == 1); // a half, rounded up
    REQUIRE(tb::exp2_q16(-17 * 65536 - 1) == 0);
    REQUIRE(tb::exp2_q16(INT32_MIN) == 0);
}

TEST_CASE("roots of fixed-point values") {
    REQUIRE(tb::sqrt<Q12>(Q12::from_raw(4 << 12)).raw == 2 << 12);
    REQUIRE(tb::sqrt<Q12>(Q12{}).raw == 0);
    REQUIRE(tb::sqrt<Q15>(Q12::from_raw(1 << 12)) == Q15::max());
    using Counted = tb::Fixed<std::int16_t, 12, tb::Count>;
    tb::Count::clips = 0;
    REQUIRE(tb::sqrt<Counted>(Counted::from_raw(-1)).raw == 0);
    REQUIRE(tb::Count::clips == 1);
    REQUIRE(tb::isqrt64(UINT64_MAX).root == UINT32_MAX);
    REQUIRE(tb::isqrt64_rounded(UINT64_MAX) == std::uint64_t{1} << 32);
    REQUIRE(tb::isqrt64_rounded(0) == 0);
}

TEST_CASE("curves in fixed point: odd, limited to +-max, no clip counted") {
    using Counted = tb::Fixed<std::int16_t, 15, tb::Count>;
    tb::Count::clips = 0;
    for (int raw = -32767; raw <= 32767; ++raw) {
        const auto x = Q12::from_raw(static_cast<std::int16_t>(raw));
        const auto minus = Q12::from_raw(static_cast<std::int16_t>(-raw));
        REQUIRE(std::abs(tb::tanh<Counted>(x).raw + tb::tanh<Counted>(minus).raw) <= 1); // ties go up
        REQUIRE(tb::tanh<Counted>(x).raw >= -32767);
    }
    REQUIRE(tb::tanh<Counted>(Q12::max()).raw == 32767);
    REQUIRE(tb::tanh<Counted>(Q12::min()).raw == -32767);
    REQUIRE(tb::tanh<Q31>(Q20::max()) == Q31::max());
    REQUIRE(tb::tanh<Q31>(Q20::min()).raw == -INT32_MAX);
    REQUIRE(tb::sigmoid<Q15>(Q12{}).raw == 16384);
    REQUIRE(tb::sigmoid<Q31>(Q20{}).raw == 1 << 30);
    REQUIRE(tb::exp<Counted>(Q12{}).raw == 32767);
    REQUIRE(tb::exp<Q31>(Q20::min()).raw == 0);
    REQUIRE(tb::sin<Counted>(0x40000000u).raw == 32767);
    REQUIRE(tb::sin<Counted>(0xC0000000u).raw == -32767);
    REQUIRE(tb::Count::clips == 0);
    REQUIRE(tb::exp<Counted>(Q12::max()) == Counted::max()); // e^8 does not fit
    REQUIRE(tb::log2<Counted>(Q12{}) == Counted::min());
    REQUIRE(tb::Count::clips == 2);
}

TEST_CASE("quarter turns are exact") {
    for (std::uint32_t quarter = 0; quarter < 4; ++quarter) {
        constexpr std::int32_t sine[] = {0, INT32_MAX, 0, -INT32_MAX};
        REQUIRE(tb::sin<Q31>(quarter << 30).raw == sine[quarter]);
        REQUIRE(tb::cos<Q31>(quarter << 30).raw == sine[(quarter + 1) & 3]);
    }
}
