// dot, total and matvec against their definitions: exact integers in fixed point, the written order in float.
#include "catch.hpp"

#include "linear/matvec.hpp"
#include "numbers/bits.hpp"

#include <random>
#include <vector>

using namespace twinbit;

namespace {

std::vector<float> random_floats(std::size_t n, unsigned seed) {
    std::mt19937 g(seed);
    std::uniform_real_distribution<float> d(-8.0f, 8.0f);
    std::vector<float> v(n);
    for (float &x : v) {
        x = d(g);
    }
    return v;
}

template <class S> std::vector<S> random_samples(std::size_t n, std::int32_t limit, unsigned seed) {
    std::mt19937 g(seed);
    std::uniform_int_distribution<std::int32_t> d(-limit, limit);
    std::vector<S> v(n);
    for (S &x : v) {
        x = {static_cast<typename S::Rep>(d(g))};
    }
    return v;
}

// The eight lanes and their tree, spelled out.
float lanes_by_hand(const std::vector<float> &terms) {
    float lane[8] = {};
    for (std::size_t i = 0; i < terms.size(); ++i) {
        lane[i % 8] += terms[i];
    }
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

} // namespace

TEST_CASE("float dot and total add in eight lanes for every length") {
    for (std::uint32_t n = 0; n <= 67; ++n) {
        const auto a = random_floats(n, n + 1);
        const auto b = random_floats(n, n + 100);
        std::vector<float> products(n);
        for (std::uint32_t i = 0; i < n; ++i) {
            products[i] = a[i] * b[i];
        }
        REQUIRE(float_bits(dot(a.data(), b.data(), n)) == float_bits(lanes_by_hand(products)));
        REQUIRE(float_bits(total(a.data(), n)) == float_bits(lanes_by_hand(a)));
    }
}

TEST_CASE("float matvec adds inputs from left to right for every output") {
    for (std::uint32_t outputs : {1u, 7u, 8u, 9u, 31u}) {
        const std::uint32_t inputs = 13;
        const auto m = random_floats(inputs * outputs, outputs);
        const auto x = random_floats(inputs, 5);
        std::vector<float> y(outputs, -1.0f);
        matvec(m.data(), x.data(), y.data(), inputs, outputs);
        for (std::uint32_t j = 0; j < outputs; ++j) {
            volatile float sum = 0.0f;
            for (std::uint32_t i = 0; i < inputs; ++i) {
                volatile float product = m[i * outputs + j] * x[i];
                sum = sum + product;
            }
            REQUIRE(float_bits(y[j]) == float_bits(sum));
        }
    }
}

TEMPLATE_TEST_CASE("fixed dot is exact at the ends of the range", "", Q15, Q31) {
    using S = typename TestType::Sample;
    const std::uint32_t n = 4096;
    const S low = {static_cast<typename S::Rep>(-TestType::sample_limit)};
    const std::vector<S> a(n, low);
    const auto limit = std::int64_t{TestType::sample_limit};
    REQUIRE(dot(a.data(), a.data(), n) == limit * limit * n);
    REQUIRE(total(a.data(), n) == -limit * n);
}

TEMPLATE_TEST_CASE("fixed matvec equals sums of 128 bits", "", Q15, Q31) {
    using S = typename TestType::Sample;
    const std::uint32_t inputs = 37;
    const std::uint32_t outputs = 5;
    const auto m = random_samples<S>(inputs * outputs, TestType::sample_limit, 1);
    const auto x = random_samples<S>(inputs, TestType::sample_limit, 2);
    std::int64_t y[outputs] = {};
    matvec(m.data(), x.data(), y, inputs, outputs);
    for (std::uint32_t j = 0; j < outputs; ++j) {
        __extension__ __int128 sum = 0;
        for (std::uint32_t i = 0; i < inputs; ++i) {
            sum += static_cast<std::int64_t>(m[j * inputs + i].raw) * x[i].raw;
        }
        REQUIRE(sum == y[j]);
    }
}
