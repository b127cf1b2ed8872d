// What learns by gradient, one operation at a time against double: activations, slopes, steps, gradients, first
// weights.
#include "catch.hpp"
#include "numbers/neural.hpp"

#include <cmath>
#include <random>

using namespace twinbit;

namespace {

constexpr Activation all[] = {Activation::linear, Activation::tanh, Activation::sigmoid, Activation::relu};

double curve(Activation a, double z) {
    switch (a) {
    case Activation::tanh:
        return std::tanh(z);
    case Activation::sigmoid:
        return 1 / (1 + std::exp(-z));
    case Activation::relu:
        return std::min(std::max(z, 0.0), 8 - 0x1p-12);
    default:
        return std::max(std::min(z, 8 - 0x1p-12), -8 + 0x1p-12);
    }
}

double derivative(Activation a, double v) {
    switch (a) {
    case Activation::tanh:
        return 1 - v * v;
    case Activation::sigmoid:
        return v * (1 - v);
    case Activation::relu:
        return v > 0 ? 1 : 0;
    default:
        return 1;
    }
}

// Error of activations in units of the output, over arguments from -20 to 20 in steps of `step` raw units.
template <class P> double activation_error(Activation a, int places, std::int32_t step) {
    using N = Neural<P>;
    const int out = N::places_of(is_unit(a));
    const double top = std::ldexp(1, out) - 1; // 1 is not in Q0.15
    double worst = 0;
    for (std::int64_t z = -(std::int64_t{20} << places); z <= std::int64_t{20} << places; z += step) {
        const double exact = std::ldexp(curve(a, std::ldexp(static_cast<double>(z), -places)), out);
        const double expected = is_unit(a) ? std::max(-top, std::min(top, exact)) : exact;
        const auto v = N::activate(a, static_cast<std::int32_t>(z), places);
        worst = std::max(worst, std::fabs(static_cast<double>(v) - expected));
    }
    return worst;
}

template <class P> double step_error(std::mt19937 &random) {
    using N = Neural<P>;
    const bool unit = random() % 2 == 0;
    const int places = N::places_of(unit);
    const int wide = static_cast<int>(random() % 16);
    const double energy = std::ldexp(static_cast<double>(random()), wide - 32);
    const auto raw = static_cast<std::uint64_t>(std::ldexp(energy, 2 * places));
    const std::int32_t rate = static_cast<std::int32_t>(random() >> 2 >> (random() % 31)) | 1;
    const auto s = N::step(rate, raw, places);
    const double exact = rate * 0x1p-31 / (1 + std::ldexp(static_cast<double>(raw), -2 * places));
    const double got = std::ldexp(s.mantissa, -s.exponent);
    if (exact < 0x1p-30) {
        return 0; // steps too small to move anything are cut
    }
    return std::fabs(1 - got / exact);
}

} // namespace

TEST_CASE("neural: activations of Q15 and Q31 against double, in every format that enters") {
    for (const Activation a : all) {
        for (const int places : {14, 16}) {
            CAPTURE(a, places);
            CHECK(activation_error<Q15>(a, places, 1) < (is_unit(a) ? 1.6 : 0.51));
        }
        for (const int places : {20, 24}) {
            CAPTURE(a, places);
            CHECK(activation_error<Q31>(a, places, 997) < (is_unit(a) ? 0.8 : 0.51));
        }
    }
}

TEST_CASE("neural: any argument, however large, gives a value within the format") {
    const std::int32_t ends[] = {INT32_MIN, INT32_MIN + 1, -1, 0, 1, INT32_MAX - 1, INT32_MAX};
    for (const Activation a : all) {
        for (const std::int32_t z : ends) {
            const int q15 = Neural<Q15>::activate(a, z, 16);
            CHECK(std::abs(q15) <= 32767);
            const std::int32_t q31 = Neural<Q31>::activate(a, z, 24);
            CHECK(std::abs(q31) < 1 << 23);
            const float f32 = Neural<F32>::activate(a, static_cast<float>(z), 0);
            CHECK(std::fabs(f32) <= (is_unit(a) ? 1.0f : F32::sample_limit));
            CHECK(std::fabs(Neural<F32>::activate(a, z < 0 ? -3e38f : 3e38f, 0)) <= F32::sample_limit);
        }
    }
}

TEST_CASE("neural: slopes from the output value, in each arithmetic") {
    for (const Activation a : all) {
        for (std::int32_t v = a == Activation::sigmoid ? 0 : -32767; v <= 32767; v += 7) {
            const double real = v / (is_unit(a) ? 32768.0 : 4096.0);
            const double expected = derivative(a, real);
            CHECK(std::fabs(Neural<Q15>::slope(a, v) - expected * 32768) <= 0.5);
            const std::int32_t wide = v * 256;
            CHECK(std::fabs(Neural<Q31>::slope(a, wide) - expected * 0x1p30) <= 0.5);
            CHECK(std::fabs(Neural<F32>::slope(a, static_cast<float>(real)) - expected) < 1e-6);
        }
    }
}

TEST_CASE("neural: steps are rate over energy, as near as their mantissas of 15 and 31 bits") {
    std::mt19937 random(1);
    double q15 = 0, q31 = 0;
    for (int t = 0; t < 20000; ++t) {
        q15 = std::max(q15, step_error<Q15>(random));
        q31 = std::max(q31, step_error<Q31>(random));
    }
    CHECK(q15 < 0x1p-12);
    CHECK(q31 < 0x1p-28);
    CHECK(Neural<Q15>::step(0, 5, 12).mantissa == 0);
    CHECK(Neural<Q31>::step(0, 5, 20).mantissa == 0);
    CHECK(Neural<F32>::step(1 << 30, 1.0f, 0) == 0.25f);
}

TEST_CASE("neural: gradients are step times error, rounded once and limited") {
    std::mt19937 random(2);
    for (int t = 0; t < 20000; ++t) {
        const bool unit = t % 2 == 0;
        const auto rate = static_cast<std::int32_t>((1u << 30) >> (random() % 12));
        const std::uint64_t energy = std::uint64_t{random()} >> (random() % 32);
        const int in15 = Neural<Q15>::places_of(unit), in31 = Neural<Q31>::places_of(unit);
        const FixedStep s15 = Neural<Q15>::step(rate, energy, in15);
        const auto e = static_cast<std::int16_t>(random());
        std::int32_t g = 0;
        Neural<Q15>::gradients(s15, 11, unit, &e, &g, 1);
        double exact = std::ldexp(-1.0 * s15.mantissa * e, 43 - in15 - 11 - s15.exponent);
        CHECK(std::fabs(g - std::max(-0x1p31, std::min(0x1p31, exact))) <=
              (std::fabs(exact) < 0x1.fffffp30 ? 0.51 : 64.0));
        auto d = static_cast<std::int32_t>(random()) >> (random() % 32);
        Neural<Q15>::gradients(s15, 13, unit, &d, &g, 1);
        exact = std::ldexp(-1.0 * s15.mantissa * d, 43 - in15 - 13 - s15.exponent);
        const double rough = std::fabs(1.0 * d) > 65535 ? std::fabs(exact) * 0x1p-15 : 0; // upper 16 bits count
        CHECK(std::fabs(g - std::max(-0x1p31, std::min(0x1p31, exact))) <=
              (std::fabs(exact) < 0x1.fffffp30 ? 0.51 : 65536.0) + rough);
        const FixedStep s31 = Neural<Q31>::step(rate, energy << 16, in31);
        Neural<Q31>::gradients(s31, 20, unit, &d, &g, 1);
        exact = std::ldexp(-1.0 * s31.mantissa * d, 51 - in31 - 20 - s31.exponent);
        CHECK(std::fabs(g - std::max(-0x1p31, std::min(0x1p31 - 1, exact))) <= 0.51 + std::fabs(exact) * 0x1p-50);
    }
    for (const bool unit : {false, true}) {
        const float e[] = {3e38f, -3e38f, 1.0f};
        float g[3];
        Neural<F32>::gradients(0.25f, 0, unit, e, g, 3);
        CHECK(g[0] == (unit ? -8.0f : -1.0f));
        CHECK(g[1] == (unit ? 8.0f : 1.0f));
        CHECK(g[2] == -0.25f);
    }
}

TEST_CASE("neural: a share of a momentum is rounded toward 0, so that nothing stays for ever") {
    using N = Neural<Q31>;
    for (const std::int32_t v : {INT32_MIN, -1000, -50, -1, 0, 1, 50, 1000, INT32_MAX}) {
        for (const std::int32_t share : {0, 1, 1 << 30, 2126008812, INT32_MAX}) {
            CHECK(N::kept(v, share) == static_cast<std::int32_t>(std::trunc(static_cast<double>(v) * share * 0x1p-31)));
        }
    }
    CHECK(Neural<F32>::kept(0x1p-59f, 1 << 30) == 0x1p-60f * 0.0f);
    CHECK(Neural<F32>::kept(1.0f, 1 << 30) == 0.5f);
}

TEST_CASE("neural: first weights, limits by integers and the reciprocal by steps are exact") {
    for (std::uint32_t n = 1; n < 4200; n = n * 5 / 4 + 1) {
        for (std::uint32_t m = 1; m < 600; m = m * 3 / 2 + 1) {
            const double square = 2 * std::floor(6 * 0x1p29 / (n + m));
            CHECK(start_limit(n, m) == static_cast<std::uint32_t>(std::floor(std::sqrt(square))));
        }
    }
    twinbit::Random random(3);
    for (int t = 0; t < 1000; ++t) {
        CHECK(std::abs(start_weight(random, 1000)) <= 1000 << 12);
    }
    for (std::uint32_t d = 1u << 15; d < 1u << 16; ++d) {
        if (reciprocal_by_steps(d) != (1u << 31) / d) {
            FAIL(d);
        }
    }
}
