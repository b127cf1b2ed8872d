// Fixed-point values: conversions, sums, products and quotients against exact 128-bit arithmetic, and counted clips.
#include "numbers/division.hpp"

#include "catch.hpp"
#include "numbers/fixed_scale.hpp"
#include "numbers/random.hpp"

using namespace twinbit;

namespace {

__extension__ using Wide = __int128;

template <class R, int F> using Counted = Fixed<R, F, Count>;

// floor(n / d + 1/2) limited to the range of To; clipped says whether it had to be limited.
template <class To> std::int64_t limited_quotient(Wide n, Wide d, bool &clipped) {
    const Wide up = 2 * n + d;
    const Wide q = up / (2 * d) - (up % (2 * d) < 0 ? 1 : 0);
    const Wide low = To::min().raw;
    const Wide high = To::max().raw;
    clipped = q < low || q > high;
    return static_cast<std::int64_t>(q < low ? low : (q > high ? high : q));
}

// n * 2^-frac in To, by the definition; frac in -64 ... 64.
template <class To> std::int64_t limited(Wide n, int frac, bool &clipped) {
    const int shift = frac - To::frac;
    return shift >= 0 ? limited_quotient<To>(n, Wide{1} << shift, clipped)
                      : limited_quotient<To>(n * (Wide{1} << -shift), 1, clipped);
}

// A representation of any magnitude, extremes among them.
template <class R> R any(Random &random) {
    switch (random.below(12)) {
    case 0:
        return std::numeric_limits<R>::min();
    case 1:
        return std::numeric_limits<R>::max();
    case 2:
        return 0;
    case 3:
        return static_cast<R>(random.sign());
    default:
        return static_cast<R>(static_cast<std::int32_t>(random.bits()) >> random.below(32));
    }
}

template <class To, class Ra, int Fa, class Rb, int Fb> void check_products_and_quotients(std::uint32_t seed) {
    Random random(seed);
    for (int i = 0; i < 20000; ++i) {
        const auto a = Counted<Ra, Fa>::from_raw(any<Ra>(random));
        const auto b = Counted<Rb, Fb>::from_raw(any<Rb>(random));
        CAPTURE(a.raw, b.raw);
        bool clipped = false;

        Count::clips = 0;
        const std::int64_t product = limited<To>(Wide{a.raw} * b.raw, Fa + Fb, clipped);
        const bool product_ok = mul<To>(a, b).raw == product && (Count::clips == 1) == clipped;
        Count::clips = 0;
        const std::int64_t converted = limited<To>(a.raw, Fa, clipped);
        const bool conversion_ok = to<To>(a).raw == converted && (Count::clips == 1) == clipped;
        if (!product_ok || !conversion_ok) {
            FAIL("product or conversion of " << a.raw << " and " << b.raw);
        }
        if (b.raw == 0) {
            continue;
        }
        constexpr int shift = To::frac + Fb - Fa;
        const Wide sign = b.raw < 0 ? -1 : 1;
        const Wide n = sign * a.raw * (Wide{1} << (shift > 0 ? shift : 0));
        const Wide d = sign * b.raw * (Wide{1} << (shift < 0 ? -shift : 0));
        Count::clips = 0;
        const std::int64_t quotient = limited_quotient<To>(n, d, clipped);
        if (div<To>(a, b).raw != quotient || (Count::clips == 1) != clipped) {
            FAIL("quotient of " << a.raw << " and " << b.raw);
        }
    }
    SUCCEED();
}

} // namespace

TEST_CASE("to, mul and div are exact, rounded once, limited and counted") {
    using i16 = std::int16_t;
    using i32 = std::int32_t;
    SECTION("16 bits") { check_products_and_quotients<Counted<i16, 12>, i16, 12, i16, 12>(1); }
    SECTION("16 bits, quotient of 32") { check_products_and_quotients<Counted<i32, 27>, i16, 12, i16, 15>(2); }
    SECTION("16 by 32 bits") { check_products_and_quotients<Counted<i16, 15>, i16, 12, i32, 20>(3); }
    SECTION("32 bits") { check_products_and_quotients<Counted<i32, 20>, i32, 20, i32, 31>(4); }
    SECTION("32 bits, long division") { check_products_and_quotients<Counted<i32, 31>, i32, 20, i32, 31>(5); }
    SECTION("32 bits, longest division") { check_products_and_quotients<Counted<i32, 31>, i32, 0, i32, 31>(6); }
    SECTION("32 bits, to whole numbers") { check_products_and_quotients<Counted<i32, 0>, i32, 31, i32, 0>(7); }
}

TEST_CASE("a quotient by zero is limited by the sign, and 0 / 0 is 0") {
    using Q12 = Counted<std::int16_t, 12>;
    Count::clips = 0;
    REQUIRE(div<Q12>(Q12::from_raw(5), Q12{}) == Q12::max());
    REQUIRE(div<Q12>(Q12::from_raw(-5), Q12{}) == Q12::min());
    REQUIRE(Count::clips == 2);
    REQUIRE(div<Q12>(Q12{}, Q12{}) == Q12{});
    REQUIRE(Count::clips == 2);
}

TEST_CASE("sums are limited to their format and counted") {
    using Q15 = Counted<std::int16_t, 15>;
    using Q31 = Counted<std::int32_t, 31>;
    Count::clips = 0;
    REQUIRE(Q15::max() + Q15::from_raw(1) == Q15::max());
    REQUIRE(Q15::min() - Q15::from_raw(1) == Q15::min());
    REQUIRE(Q15{} - Q15::min() == Q15::max());
    REQUIRE(Q31::max() + Q31::max() == Q31::max());
    REQUIRE(Q31::min() + Q31::min() == Q31::min());
    REQUIRE(Count::clips == 5);
    REQUIRE((Q15::max() + Q15::min()).raw == -1);
    REQUIRE((Q31::max() - Q31::from_raw(1)).raw == INT32_MAX - 1);
    REQUIRE(Count::clips == 5);
}

TEST_CASE("the counting format gives the values of the saturating one") {
    Random random(9);
    for (int i = 0; i < 5000; ++i) {
        const auto a = any<std::int16_t>(random);
        const auto b = any<std::int32_t>(random);
        const auto plain = mul<Fixed<std::int16_t, 12>>(Fixed<std::int16_t, 12>{a}, Fixed<std::int32_t, 20>{b});
        const auto counted = mul<Counted<std::int16_t, 12>>(Counted<std::int16_t, 12>{a}, Counted<std::int32_t, 20>{b});
        REQUIRE(plain.raw == counted.raw);
    }
}

TEST_CASE("headroom is the number of places a value can move up") {
    REQUIRE(headroom(std::int32_t{0}) == 31);
    REQUIRE(headroom(std::int32_t{-1}) == 31);
    REQUIRE(headroom(std::int32_t{1}) == 30);
    REQUIRE(headroom(INT32_MIN) == 0);
    REQUIRE(headroom(INT32_MAX) == 0);
    REQUIRE(headroom(std::int64_t{1}) == 62);
    REQUIRE(headroom(INT64_MIN) == 0);
    REQUIRE(headroom(Fixed<std::int16_t, 12>::from_raw(1)) == 14);
    REQUIRE(headroom(Fixed<std::int16_t, 12>::min()) == 0);
    Random random(11);
    for (int i = 0; i < 2000; ++i) {
        const auto v = static_cast<std::int32_t>(random.bits()) >> random.below(32);
        const std::int64_t most = std::int64_t{v} * (std::int64_t{1} << headroom(v));
        REQUIRE((most >= INT32_MIN && most <= INT32_MAX));
        REQUIRE((v == 0 || v == -1 || most * 2 < INT32_MIN || most * 2 > INT32_MAX));
    }
}

TEST_CASE("scale_pow2 rounds half up downwards and limits upwards") {
    using Q20 = Counted<std::int32_t, 20>;
    Count::clips = 0;
    REQUIRE(scale_pow2(Q20::from_raw(3), 4).raw == 48);
    REQUIRE(scale_pow2(Q20::from_raw(3), -1).raw == 2);
    REQUIRE(scale_pow2(Q20::from_raw(-3), -1).raw == -1);
    REQUIRE(scale_pow2(Q20::min(), -32).raw == 0);
    REQUIRE(scale_pow2(Q20::min(), -31).raw == -1);
    REQUIRE(scale_pow2(Q20::min(), -1000).raw == 0);
    REQUIRE(Count::clips == 0);
    REQUIRE(scale_pow2(Q20::from_raw(1), 31) == Q20::max());
    REQUIRE(scale_pow2(Q20::from_raw(-1), 1000) == Q20::min());
    REQUIRE(Count::clips == 2);
}
