// The generator: known answers (from an independent implementation in Python), ranges and balance.
#include "numbers/random.hpp"

#include "catch.hpp"

#include <vector>

using namespace twinbit;

TEST_CASE("known answers of the generator") {
    REQUIRE(mix32(1) == 0x688990C0u);
    REQUIRE(mix32(0xFFFFFFFFu) == 0x6768824Au);
    Random random(1);
    for (const std::uint32_t expected : {0xB21C8E52u, 0x7D86FBC5u, 0x59DD6DD3u, 0x330D0FC7u}) {
        REQUIRE(random.bits() == expected);
    }
    Random digits(42);
    for (const std::uint32_t expected : {9u, 9u, 2u, 8u, 0u, 6u, 6u, 2u, 2u, 4u, 7u, 4u}) {
        REQUIRE(digits.below(10) == expected);
    }
}

TEST_CASE("below is uniform, also where n is no power of two") {
    for (const std::uint32_t n : {2u, 3u, 10u, 17u}) {
        Random random(n);
        std::vector<int> counts(n, 0);
        for (std::uint32_t i = 0; i < 10000 * n; ++i) {
            const std::uint32_t v = random.below(n);
            REQUIRE(v < n);
            ++counts[v];
        }
        for (const int count : counts) {
            REQUIRE(std::abs(count - 10000) < 500); // five standard deviations
        }
    }
}

TEST_CASE("below at its ends draws nothing or the whole range") {
    Random random(5);
    const std::uint32_t before = random.state();
    REQUIRE(random.below(0) == 0);
    REQUIRE(random.below(1) == 0);
    REQUIRE(random.state() == before);
    std::uint32_t largest = 0;
    for (int i = 0; i < 1000; ++i) {
        const std::uint32_t v = random.below(UINT32_MAX);
        largest = v > largest ? v : largest;
    }
    REQUIRE(largest > 0xF0000000u);
}

TEST_CASE("signs are +1 and -1 in equal parts") {
    Random random(3);
    std::int32_t sum = 0;
    for (int i = 0; i < 40000; ++i) {
        const std::int32_t s = random.sign();
        REQUIRE((s == 1 || s == -1));
        sum += s;
    }
    REQUIRE(std::abs(sum) < 1000);
}

TEST_CASE("a generator goes on from its state") {
    Random random(77);
    random.bits();
    Random again = Random::from_state(random.state());
    for (int i = 0; i < 10; ++i) {
        REQUIRE(again.bits() == random.bits());
    }
}
