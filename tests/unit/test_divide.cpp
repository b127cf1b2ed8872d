// Division in digits of 16 bits, against the machine's own.
#include "catch.hpp"

#include "numbers/divide.hpp"

#include <random>

using namespace twinbit;

TEST_CASE("division in digits gives every quotient: random ones, and those whose digits are guessed too large") {
    std::mt19937_64 engine(1);
    const std::uint64_t ends[] = {0,       1,          2,          0x7FFF,     0x8000,    0xFFFF,
                                  0x10000, 0x7FFFFFFF, 0x80000000, 0xFFFF0000, 0xFFFFFFFF};
    for (int t = 0; t < 300000; ++t) {
        std::uint64_t n = engine() >> (engine() % 64);
        auto d = static_cast<std::uint32_t>(engine() >> (32 + engine() % 32));
        if (t % 3 == 0) { // digits near the ends of their range
            n = (ends[engine() % 11] << 32) + ends[engine() % 11] - engine() % 2;
            d = static_cast<std::uint32_t>(ends[engine() % 11] + engine() % 3);
        }
        d = d == 0 ? 1 : d;
        if (divide_by_digits(n, d) != n / d) {
            FAIL("n " << n << ", d " << d);
        }
    }
    CHECK(divide_by_digits(UINT64_MAX, 1) == UINT64_MAX);
    CHECK(divide_by_digits(UINT64_MAX, UINT32_MAX) == UINT64_MAX / UINT32_MAX);
}
