// Dense layers: the plain form against its definition, every other form against the plain one.
#include "catch.hpp"

#include "dense_forms.hpp"
#include "linear/dense_eight.hpp"

#include <cmath>
#include <random>
#include <vector>

using namespace twinbit;

namespace {

__extension__ using Wide = __int128;

std::int64_t floor_shifted(Wide v, int s) { return static_cast<std::int64_t>(v >> s); }

// floor(v 2^-s + 1/2) within 32 bits
std::int64_t rounded(Wide v, int s) {
    const std::int64_t r = floor_shifted(v + (Wide{1} << (s - 1)), s);
    return std::min<std::int64_t>(std::max<std::int64_t>(r, INT32_MIN), INT32_MAX);
}

struct Layer {
    std::uint32_t n, m;
    std::vector<std::int32_t> numbers;
    std::int32_t weight(std::uint32_t j, std::uint32_t i) const { return numbers[j * n + i]; }
    std::int32_t bias(std::uint32_t j) const { return numbers[n * m + j]; }
};

class Draw {
  public:
    explicit Draw(unsigned seed) : engine_(seed) {}
    template <class T> std::vector<T> numbers(std::size_t n, std::int64_t limit) {
        std::vector<T> v(n);
        std::uniform_int_distribution<std::int64_t> d(-limit, limit);
        for (T &x : v) {
            x = static_cast<T>(engine_() % 8 == 0 ? (engine_() % 2 == 0 ? limit : -limit) : d(engine_));
        }
        return v;
    }
    Layer layer(std::uint32_t n, std::uint32_t m) { return {n, m, numbers<std::int32_t>((n + 1) * m, INT32_MAX)}; }

  private:
    std::mt19937 engine_;
};

template <class V> struct Width;
template <> struct Width<std::int16_t> {
    static constexpr int drop = 16, in = 12, out = 14, sum = 11, step = 16, pull_drop = 16, pull_sum = 11;
    static constexpr std::int64_t limit = 32767;
};
template <> struct Width<std::int32_t> {
    static constexpr int drop = 0, in = 20, out = 24, sum = 27, step = 24, pull_drop = 9, pull_sum = 18;
    static constexpr std::int64_t limit = (1 << 23) - 1;
};

} // namespace

TEMPLATE_TEST_CASE("a fixed layer's outputs are exact sums, rounded once", "", std::int16_t, std::int32_t) {
    using W = Width<TestType>;
    Draw draw(1);
    for (const std::uint32_t n : {1u, 6u, 510u}) {
        const Layer l = draw.layer(n, 5);
        const auto v = draw.numbers<TestType>(n, W::limit);
        std::vector<std::int32_t> y(l.m);
        dense::forward(l.numbers.data(), v.data(), y.data(), n, l.m, {W::in, W::out});
        for (std::uint32_t j = 0; j < l.m; ++j) {
            Wide sum = W::drop == 0 ? Wide{l.bias(j)} * (1 << W::in) : Wide{l.bias(j) >> (W::drop - W::in)};
            for (std::uint32_t i = 0; i < n; ++i) {
                sum += Wide{l.weight(j, i) >> W::drop} * v[i];
            }
            CHECK(y[j] == rounded(sum, W::sum + W::in - W::out));
        }
    }
}

TEMPLATE_TEST_CASE("fixed errors are taken from the exact sum", "", std::int16_t, std::int32_t) {
    using W = Width<TestType>;
    constexpr bool half = sizeof(TestType) == 2;
    Draw draw(2);
    const Layer l = draw.layer(9, 40);
    const auto v = draw.numbers<TestType>(l.n, half ? 300 : 300000);
    const auto x = draw.numbers<TestType>(l.m, W::limit);
    std::vector<TestType> e(l.m);
    const std::uint64_t squares = dense::miss(l.numbers.data(), v.data(), x.data(), e.data(), l.n, l.m, {W::in, 0});
    std::uint64_t expected = 0;
    for (std::uint32_t j = 0; j < l.m; ++j) {
        Wide sum = W::drop == 0 ? Wide{l.bias(j)} * (1 << W::in) : Wide{l.bias(j) >> (W::drop - W::in)};
        for (std::uint32_t i = 0; i < l.n; ++i) {
            sum += Wide{l.weight(j, i) >> W::drop} * v[i];
        }
        sum -= Wide{x[j]} * (Wide{1} << W::sum); // a sample has as many places as these inputs
        const std::int64_t limit = half ? 32767 : (1 << 24) - 1;
        const std::int64_t want = rounded(sum, half ? W::in : W::sum);
        CHECK(e[j] == std::min(std::max(want, half ? -limit - 1 : -limit), limit));
        expected += static_cast<std::uint64_t>(std::int64_t{e[j]} * e[j]);
    }
    CHECK(squares == expected);
}

TEMPLATE_TEST_CASE("deltas of a fixed layer are exact sums, rounded once", "", std::int16_t, std::int32_t) {
    using W = Width<TestType>;
    Draw draw(3);
    const Layer l = draw.layer(7, 300);
    const auto e = draw.numbers<TestType>(l.m, sizeof(TestType) == 2 ? 32767 : INT32_MAX);
    std::vector<std::int32_t> delta(l.n);
    dense::pull(l.numbers.data(), e.data(), delta.data(), l.n, l.m, {11, 13});
    for (std::uint32_t i = 0; i < l.n; ++i) {
        Wide sum = 0;
        for (std::uint32_t j = 0; j < l.m; ++j) {
            sum += Wide{l.weight(j, i) >> W::pull_drop} * e[j];
        }
        CHECK(delta[i] == rounded(sum, W::pull_sum + 11 - 13));
    }
}

TEMPLATE_TEST_CASE("a fixed step is a product rounded once, and stops at 16", "", std::int16_t, std::int32_t) {
    using W = Width<TestType>;
    Draw draw(4);
    Layer l = draw.layer(11, 13);
    const Layer before = l;
    const auto v = draw.numbers<TestType>(l.n, W::limit);
    const auto g = draw.numbers<std::int32_t>(l.m, INT32_MAX);
    dense::push(l.numbers.data(), v.data(), g.data(), l.n, l.m, {W::in, 0});
    const auto moved = [](std::int32_t w, std::int64_t step) { return rounded((Wide{w} + step) * 2, 1); };
    for (std::uint32_t j = 0; j < l.m; ++j) {
        for (std::uint32_t i = 0; i < l.n; ++i) {
            const std::int64_t step = floor_shifted(Wide{g[j]} * v[i] + (Wide{1} << (W::step - 1)), W::step);
            CHECK(l.weight(j, i) == moved(before.weight(j, i), step));
        }
        CHECK(l.bias(j) == moved(before.bias(j), rounded(g[j], W::step - W::in)));
    }
}

TEST_CASE("a float layer's outputs start from the bias and add inputs from left to right") {
    std::mt19937 engine(5);
    std::uniform_real_distribution<float> uniform(-3, 3);
    for (const std::uint32_t m : {1u, 8u, 13u, 35u}) {
        const std::uint32_t n = 11;
        std::vector<float> layer((n + 1) * m), v(n), y(m);
        for (auto *numbers : {&layer, &v}) {
            for (float &f : *numbers) {
                f = uniform(engine);
            }
        }
        dense::forward(layer.data(), v.data(), y.data(), n, m);
        for (std::uint32_t j = 0; j < m; ++j) {
            volatile float sum = layer[n * m + j];
            for (std::uint32_t i = 0; i < n; ++i) {
                const volatile float product = layer[i * m + j] * v[i];
                sum = sum + product;
            }
            CHECK(float_bits(y[j]) == float_bits(sum));
        }
    }
}

TEST_CASE("a float layer's deltas are sums of lanes, its steps rounded products") {
    std::mt19937 engine(6);
    std::uniform_real_distribution<float> uniform(-3, 3);
    const std::uint32_t n = 5, m = 21;
    std::vector<float> layer((n + 1) * m), v(n), e(m), delta(n);
    for (auto *numbers : {&layer, &v, &e}) {
        for (float &f : *numbers) {
            f = uniform(engine);
        }
    }
    const auto before = layer;
    dense::pull(layer.data(), e.data(), delta.data(), n, m);
    dense::push(layer.data(), v.data(), e.data(), n, m);
    for (std::uint32_t i = 0; i < n; ++i) {
        Lanes lanes;
        for (std::uint32_t j = 0; j < m; ++j) {
            const volatile float product = before[i * m + j] * e[j];
            lanes.lane[j % 8] += product;
            const volatile float step = v[i] * e[j];
            CHECK(float_bits(layer[i * m + j]) == float_bits(before[i * m + j] + step));
        }
        CHECK(float_bits(delta[i]) == float_bits(lanes.total()));
    }
    for (std::uint32_t j = 0; j < m; ++j) {
        CHECK(float_bits(layer[n * m + j]) == float_bits(before[n * m + j] + e[j]));
    }
}

TEST_CASE("every form of a layer gives the bits of the plain one") {
    static dense_forms::Case memory;
    dense_forms::Bits bits;
    const auto found = dense_forms::compare(memory, bits);
    INFO("n " << found.n << ", m " << found.m << ", kind " << found.kind);
    CHECK(found.wrong == 0);
}

// Where forward() chose AVX2, this one is what machines without it run.
TEST_CASE("the portable float layer gives the bits of the plain one") {
    std::mt19937 engine(7);
    std::uniform_real_distribution<float> uniform(-3, 3);
    for (std::uint32_t n = 1; n < 12; ++n) {
        for (std::uint32_t m = 1; m < 36; ++m) {
            std::vector<float> layer((n + 1) * m), v(n), x(m), e(m), e_plain(m), delta(n), delta_plain(n);
            for (auto *numbers : {&layer, &v, &x}) {
                for (float &f : *numbers) {
                    f = uniform(engine);
                }
            }
            auto other = layer;
            const float a = dense::eight::miss(layer.data(), v.data(), x.data(), e.data(), n, m, {});
            const float b = dense::plain::miss(layer.data(), v.data(), x.data(), e_plain.data(), n, m, {});
            REQUIRE(float_bits(a) == float_bits(b));
            REQUIRE(e == e_plain);
            dense::eight::pull(layer.data(), e.data(), delta.data(), n, m, {});
            dense::plain::pull(layer.data(), e.data(), delta_plain.data(), n, m, {});
            REQUIRE(delta == delta_plain);
            dense::eight::push(layer.data(), v.data(), e.data(), n, m, {});
            dense::plain::push(other.data(), v.data(), e.data(), n, m, {});
            REQUIRE(layer == other);
        }
    }
}
