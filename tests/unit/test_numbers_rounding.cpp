// half_up and div_half_up against their definition in 128-bit integers.
#include "numbers/round.hpp"

#include "catch.hpp"
#include "numbers/random.hpp"

#include <vector>

using namespace twinbit;

namespace {

__extension__ using Wide = __int128;

// floor(n / d), d > 0.
Wide floor_div(Wide n, Wide d) { return n / d - (n % d < 0 ? 1 : 0); }

// Extremes, small values, and values spread over all magnitudes.
std::vector<std::int64_t> samples() {
    std::vector<std::int64_t> v;
    for (std::int64_t i = -40; i <= 40; ++i) {
        v.push_back(i);
        v.push_back(i < 0 ? INT64_MIN - i - 1 : INT64_MAX - i);
    }
    v.push_back(INT64_MIN);
    Random random(7);
    for (int i = 0; i < 3000; ++i) {
        const std::uint64_t bits = (std::uint64_t{random.bits()} << 32) | random.bits();
        v.push_back(static_cast<std::int64_t>(bits) >> random.below(64));
    }
    return v;
}

} // namespace

TEST_CASE("half_up is floor(v / 2^s + 1/2) for every shift of 64 bits") {
    for (const std::int64_t v : samples()) {
        for (int s = 0; s < 64; ++s) {
            const Wide power = Wide{1} << s;
            const Wide exact = floor_div(Wide{v} * 2 + power, power * 2);
            if (half_up(v, s) != exact) {
                FAIL("v " << v << " s " << s);
            }
        }
    }
    SUCCEED();
}

TEST_CASE("half_up of 32 and 16 bits agrees with that of 64") {
    for (const std::int64_t v : samples()) {
        const auto narrow = static_cast<std::int32_t>(v);
        for (int s = 0; s < 32; ++s) {
            REQUIRE(half_up(narrow, s) == half_up(std::int64_t{narrow}, s));
        }
    }
    REQUIRE(half_up<std::int16_t>(INT16_MAX, 1) == 16384);
    REQUIRE(half_up<std::int16_t>(INT16_MIN, 15) == -1);
}

TEST_CASE("ties go up, for negative values too") {
    REQUIRE(half_up(3, 1) == 2);
    REQUIRE(half_up(-3, 1) == -1);
    REQUIRE(div_half_up(3, 2) == 2);
    REQUIRE(div_half_up(-3, 2) == -1);
}

TEST_CASE("div_half_up is floor(n / d + 1/2)") {
    const std::vector<std::int64_t> values = samples();
    for (std::size_t i = 0; i < values.size(); ++i) {
        for (std::size_t j = i % 7; j < values.size(); j += 41) {
            const std::int64_t n = values[i];
            const std::int64_t d = values[j];
            if (d > 0) {
                const Wide exact = floor_div(Wide{n} * 2 + d, Wide{d} * 2);
                if (div_half_up(n, d) != exact) {
                    FAIL("n " << n << " d " << d);
                }
            }
        }
    }
    REQUIRE(div_half_up<std::int32_t>(INT32_MIN, 1) == INT32_MIN);
    REQUIRE(div_half_up<std::int32_t>(INT32_MIN, INT32_MAX) == -1);
}
