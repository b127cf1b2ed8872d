// Floats into integers by their bits, against long double: floor(x 2^unit + 1/2), limited to +-(2^31 - 1).
#include "catch.hpp"
#include "numbers/quantise.hpp"

#include <cmath>
#include <random>

using namespace twinbit;

namespace {

// x has 24 bits and what is below 2^-34 of a unit can't change the floor: long double's 64 bits hold the sum exactly.
std::int32_t expected(float x, int unit) {
    const long double v = std::ldexp(static_cast<long double>(x), unit);
    if (std::fabs(v) < 0.25L) {
        return 0;
    }
    const long double r = std::floor(v + 0.5L);
    return r > 2147483647.0L ? INT32_MAX : (r < -2147483647.0L ? -INT32_MAX : static_cast<std::int32_t>(r));
}

} // namespace

TEST_CASE("quantise: every exponent, random fractions, every unit of a recipe") {
    std::mt19937 engine(1);
    for (int unit = -24; unit <= 24; ++unit) {
        for (std::uint32_t exponent = 0; exponent < 255; ++exponent) {
            for (int t = 0; t < 6; ++t) {
                const float x = bits_float((exponent << 23) | (engine() & 0x807FFFFFu));
                REQUIRE(quantise(x, unit) == expected(x, unit));
            }
        }
    }
}

TEST_CASE("quantise: ties go up, also below zero, and the ends are limited") {
    for (int n = -1000; n <= 1000; ++n) {
        const float tie = static_cast<float>(n) + 0.5f;
        REQUIRE(quantise(tie, 0) == n + 1);
        REQUIRE(quantise(std::nextafter(tie, -1e9f), 0) == n);
        REQUIRE(quantise(tie * 0x1p-12f, 12) == n + 1);
    }
    CHECK(quantise(2147483520.0f, 0) == 2147483520);
    CHECK(quantise(2147483648.0f, 0) == INT32_MAX);
    CHECK(quantise(-2147483648.0f, 0) == -INT32_MAX);
    CHECK(quantise(3.4e38f, 24) == INT32_MAX);
    CHECK(quantise(-3.4e38f, 24) == -INT32_MAX);
    CHECK(quantise(-0.0f, 24) == 0);
    CHECK(quantise(-1e-45f, 24) == 0);
}
