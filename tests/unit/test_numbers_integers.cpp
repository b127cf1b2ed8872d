// Integer helpers: division by steps against the machine's, leading zeros.
#include "numbers/divide.hpp"

#include "catch.hpp"
#include "numbers/bits.hpp"
#include "numbers/random.hpp"
#include "numbers/round.hpp"

using namespace twinbit;

namespace {

std::uint64_t any64(Random &random) {
    const std::uint64_t bits = (std::uint64_t{random.bits()} << 32) | random.bits();
    return bits >> random.below(64);
}

} // namespace

TEST_CASE("division by steps is division") {
    Random random(21);
    for (int i = 0; i < 50000; ++i) {
        const std::uint64_t n = i % 16 == 0 ? UINT64_MAX - random.below(3) : any64(random);
        const std::uint32_t d =
            i % 10 == 0 ? UINT32_MAX - random.below(3) : 1 + (random.bits() >> random.below(32)) / 2;
        if (divide_by_steps(n, d) != n / d) {
            FAIL(n << " / " << d);
        }
    }
    REQUIRE(divide_by_steps(UINT64_MAX, 1) == UINT64_MAX);
    REQUIRE(divide_by_steps(0, 5) == 0);
}

TEST_CASE("quotient_half_up is div_half_up for quotients of 24 bits") {
    Random random(22);
    for (int i = 0; i < 50000; ++i) {
        const std::uint32_t d = 1 + (random.bits() >> 1 >> random.below(31)) / 2;
        const std::uint64_t limit = (std::uint64_t{d} << 23) - d;
        const auto n = static_cast<std::int64_t>(any64(random) % limit) * random.sign();
        if (quotient_half_up(n, d) != div_half_up<std::int64_t>(n, d)) {
            FAIL(n << " / " << d);
        }
    }
    REQUIRE(quotient_half_up(-5, 2) == -2); // a tie goes up
    REQUIRE(quotient_half_up(5, 2) == 3);
    REQUIRE(quotient_half_up(-(1 << 23), 1) == -(1 << 23));
}

TEST_CASE("a reciprocal divides exactly") {
    Random random(23);
    for (int i = 0; i < 400000; ++i) {
        const std::uint32_t d = 1 + (random.bits() >> 1 >> random.below(31)) * 2 - (i % 2 == 0 ? 1 : 0);
        const std::uint32_t divisor = d == 0 ? 1 : d;
        const std::uint32_t k = random.bits() / divisor * divisor; // a multiple, one more, one less
        const Reciprocal r(divisor);
        for (const std::uint32_t u : {random.bits(), k, k + 1, k - 1, 0u, UINT32_MAX}) {
            if (r.quotient(u) != u / divisor) {
                FAIL(u << " / " << divisor);
            }
        }
    }
}

TEST_CASE("a reciprocal's half_up is div_half_up for quotients of 16 bits") {
    Random random(24);
    for (int i = 0; i < 400000; ++i) {
        const auto d = static_cast<std::int32_t>(1 + random.below(65536));
        const auto n = static_cast<std::int32_t>(random.below(static_cast<std::uint32_t>(d) * 32767u)) * random.sign();
        if (Reciprocal(static_cast<std::uint32_t>(d)).half_up(n) != div_half_up<std::int32_t>(n, d)) {
            FAIL(n << " / " << d);
        }
    }
    REQUIRE(Reciprocal(65536).half_up(65536 * 32767) == 32767);
    REQUIRE(Reciprocal(65536).half_up(-65536 * 32767) == -32767);
}

TEST_CASE("leading zeros") {
    REQUIRE(leading_zeros(0u) == 32);
    REQUIRE(leading_zeros(std::uint64_t{0}) == 64);
    for (int k = 0; k < 64; ++k) {
        REQUIRE(leading_zeros(std::uint64_t{1} << k) == 63 - k);
        REQUIRE(leading_zeros((std::uint64_t{2} << k) - 1) == 63 - k);
    }
}
