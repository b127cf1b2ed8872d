// tanh_q15 over all arguments that matter: its error, its symmetry, its ends.
#include "catch.hpp"

#include "numbers/tanh_q15.hpp"

#include <cmath>
#include <vector>

using namespace twinbit;

TEST_CASE("tanh_q15 lies within 1.7 units of tanh, for every argument to 6") {
    for (const int places : {14, 15, 16, 17}) {
        const std::int32_t end = 6 << places;
        std::vector<std::int32_t> z;
        for (std::int32_t i = 0; i <= end; ++i) {
            z.push_back(i);
        }
        std::vector<std::int16_t> v(z.size());
        tanh_q15(z.data(), v.data(), static_cast<std::uint32_t>(z.size()), places);
        double worst = 0;
        for (std::size_t i = 0; i < z.size(); ++i) {
            worst = std::max(worst, std::abs(v[i] - 32768 * std::tanh(std::ldexp(z[i], -places))));
        }
        CHECK(worst < 1.7);
        CHECK(v.front() == 0);
        CHECK(v.back() == 32767);
    }
}

TEST_CASE("tanh_q15 is odd and takes any argument") {
    std::vector<std::int32_t> z = {INT32_MIN, INT32_MIN + 1, -(45 << 11), 1 - (45 << 11), -1, 0, INT32_MAX};
    for (std::int32_t i = 1; i < 1 << 17; i += 37) {
        z.push_back(i);
        z.push_back(-i);
    }
    std::vector<std::int16_t> v(z.size());
    tanh_q15(z.data(), v.data(), static_cast<std::uint32_t>(z.size()), 14);
    CHECK(std::vector<std::int16_t>(v.begin(), v.begin() + 7) ==
          std::vector<std::int16_t>{-32767, -32767, -32767, -32767, -2, 0, 32767});
    for (std::size_t i = 7; i < z.size(); i += 2) {
        REQUIRE(v[i] == -v[i + 1]);
    }
}
