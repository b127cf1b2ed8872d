// Sums with random signs: what this machine's kernels give is what the plain ones give, and that is the definition.
#include "fixtures.hpp"
#include "linear/signs.hpp"

using namespace twinbit;
namespace fx = fixtures;

namespace {

template <class Rep, int F> void check_negatives(std::int32_t limit) {
    using Sample = Fixed<Rep, F>;
    fx::Random random(1);
    for (int t = 0; t < 2000; ++t) {
        Sample x[32];
        for (Sample &v : x) {
            v.raw = static_cast<Rep>(t == 0 ? -limit - 1 : random.integer(-limit - 1, limit));
        }
        const std::uint32_t signs = t < 34 ? (t < 32 ? 1u << t : 33u - static_cast<std::uint32_t>(t))
                                           : static_cast<std::uint32_t>(random.bits());
        std::int64_t sum = 0;
        for (std::uint32_t i = 0; i < 32; ++i) {
            const std::uint32_t bit = (i % 2) * 16 + 15 - i / 2;
            sum += ((signs >> bit) & 1u) != 0 ? x[i].raw : 0;
            CHECK(plain::negatives(x, i + 1, signs) == sum);
        }
        CHECK(negatives32(x, signs) == sum);
    }
}

} // namespace

TEST_CASE("signs: the elements whose bit is set are added, by every kernel") {
    check_negatives<std::int16_t, 12>(32767);
    check_negatives<std::int32_t, 20>((1 << 23) - 1);
}

TEST_CASE("signs: float sums are those of the eight lanes, for every length, by every kernel") {
    fx::Random random(2);
    for (std::uint32_t n = 0; n < 140; ++n) {
        std::vector<float> x(n);
        for (float &v : x) {
            v = static_cast<float>(random.normal());
        }
        twinbit::Random row(n), same(n);
        plain::SignedLanes lanes;
        std::uint32_t signs = 0;
        for (std::uint32_t i = 0; i < n; i += 8, signs <<= 4) {
            signs = i % 32 == 0 ? same.bits() : signs;
            float eight[8] = {};
            std::copy(x.begin() + i, x.begin() + std::min(n, i + 8), eight);
            lanes.add(eight, signs);
        }
        REQUIRE(float_bits(signed_sum(x.data(), n, 0.0f, row)) == float_bits(lanes.total()));
        REQUIRE(row.bits() == same.bits()); // as many numbers drawn
    }
}

TEST_CASE("signs: fixed-point sums are all less twice the negative ones, for every length") {
    fx::Random random(3);
    using Sample = Fixed<std::int16_t, 12>;
    for (std::uint32_t n = 0; n < 140; ++n) {
        std::vector<Sample> x(n);
        for (Sample &v : x) {
            v.raw = static_cast<std::int16_t>(random.integer(-32767, 32767));
        }
        twinbit::Random row(n), same(n);
        std::int64_t sum = 0;
        std::uint32_t signs = 0;
        for (std::uint32_t i = 0; i < n; ++i) {
            signs = i % 32 == 0 ? same.bits() : signs;
            sum += sign_of(signs, i % 32) != 0 ? -x[i].raw : x[i].raw;
        }
        REQUIRE(signed_sum(x.data(), n, total(x.data(), n), row) == sum);
        REQUIRE(row.bits() == same.bits());
    }
}
