// Time features and detrending against the same formulas in double, on columns of many kinds.
#include "catch.hpp"
#include "fixtures.hpp"
#include "signal/column.hpp"
#include "signal/time.hpp"

#include <cmath>

using namespace twinbit;
using fixtures::Random;

namespace {

using Column = std::vector<double>;

constexpr std::size_t kinds = static_cast<std::size_t>(TimeFeature::count);
constexpr std::uint32_t all_kinds = (1u << kinds) - 1;
constexpr bool is_raw[kinds] = {true, true}; // mean and slope are in raw units
// Raw units are rounded once; |u| is rounded to 15 bits of the peak, which counts where impulses stand out of little.
constexpr double tolerance_fixed[kinds] = {0.501, 0.501, 1e-4,  1e-4,  1e-4, 5e-4, 0.002,
                                           0.02,  0.003, 0.006, 0.003, 2e-4, 2e-4};

double mean_power(const Column &u, double power) {
    double sum = 0;
    for (const double v : u) {
        sum += std::pow(std::fabs(v), power);
    }
    return sum / static_cast<double>(u.size());
}

Column centred(const Column &x) {
    double sum = 0;
    for (const double v : x) {
        sum += v;
    }
    Column u = x;
    for (double &v : u) {
        v -= sum / static_cast<double>(x.size());
    }
    return u;
}

double half_difference(const Column &x) {
    const std::size_t half = x.size() / 2;
    double sum = 0;
    for (std::size_t i = 0; i < half; ++i) {
        sum += x[x.size() - half + i] - x[i];
    }
    return sum / static_cast<double>(half);
}

// Every feature by its definition, in the order of the mask.
std::vector<double> reference(const Column &x) {
    const Column u = centred(x);
    Column d(x.size() - 1);
    double peak = 0, third = 0, crossings = 0;
    for (std::size_t i = 0; i < u.size(); ++i) {
        peak = std::fmax(peak, std::fabs(u[i]));
        third += u[i] * u[i] * u[i] / static_cast<double>(u.size());
        if (i > 0) {
            d[i - 1] = u[i] - u[i - 1];
            crossings += (u[i] < 0) != (u[i - 1] < 0) ? 1 : 0;
        }
    }
    const double s = mean_power(u, 2), a = mean_power(u, 1), r = mean_power(u, 0.5), ds = mean_power(d, 2);
    return {x[0] - u[0],
            half_difference(x),
            0.5 * std::log2(s),
            std::log2(peak),
            std::log2(peak) - 0.5 * std::log2(s),
            std::log2(mean_power(u, 4) / (s * s)),
            third / std::pow(s, 1.5),
            crossings / static_cast<double>(d.size()),
            0.5 * std::log2(s) - std::log2(a),
            std::log2(peak / (r * r)),
            std::log2(peak / a),
            0.5 * std::log2(ds),
            0.5 * std::log2(ds / s)};
}

template <class Raw> std::vector<Raw> raws(const Column &x) {
    std::vector<Raw> out;
    for (const double v : x) {
        out.push_back(static_cast<Raw>(v));
    }
    return out;
}

double value(std::int32_t v, std::size_t kind) { return is_raw[kind] ? v : v * 0x1p-16; }
double value(float v, std::size_t) { return static_cast<double>(v); }

template <class Raw> std::vector<double> measured(const Column &x) {
    const std::vector<Raw> column = raws<Raw>(x);
    const TimeFeatures<Raw> f(column.data(), static_cast<std::uint32_t>(x.size()), all_kinds);
    std::vector<double> out;
    for (std::size_t kind = 0; kind < kinds; ++kind) {
        out.push_back(value(f(static_cast<TimeFeature>(kind)), kind));
    }
    return out;
}

// Integers of many shapes: noise, a sine with noise, rare impulses, a ramp, heavy tails; at any level and offset.
Column signal(Random &random, std::size_t n, int kind, double level, double offset) {
    Column x(n);
    for (std::size_t i = 0; i < n; ++i) {
        const double noise = random.normal();
        const double t = static_cast<double>(i);
        double v = noise;
        v = kind == 1 ? std::sin(0.37 * t) + 0.1 * noise : v;
        v = kind == 2 ? 0.02 * noise + (i % 97 == 5 ? 3.0 : 0.0) : v;
        v = kind == 3 ? t / static_cast<double>(n) + 0.01 * noise : v;
        v = kind == 4 ? noise * noise * noise / 20 : v;
        x[i] = std::floor(offset + level * v + 0.5);
    }
    return x;
}

} // namespace

TEST_CASE("time features: fixed point and float against double") {
    Random random(41);
    for (const std::size_t n : {64u, 255u, 1024u, 65536u}) {
        for (int kind = 0; kind < 5; ++kind) {
            for (const double level : {40.0, 3000.0, 700000.0}) {
                const Column x = signal(random, n, kind, level, 12345 - 20000 * (kind % 2));
                const auto expected = reference(x);
                const auto fixed = measured<std::int32_t>(x), real = measured<float>(x);
                for (std::size_t f = 0; f < kinds; ++f) {
                    CAPTURE(n, kind, level, f, fixed[f], real[f], expected[f]);
                    CHECK(std::fabs(fixed[f] - expected[f]) <= tolerance_fixed[f]);
                    CHECK(std::fabs(real[f] - expected[f]) <= (is_raw[f] ? 2e-6 * (level + 20000) : 0.001));
                }
            }
        }
    }
}

// Rounded to 15 bits, the largest of these would be 2^15, whose fourth power has 33 bits.
TEST_CASE("time features: signals at the limit of raw numbers") {
    for (const double most : {131070.0, 262140.0, 8388607.0}) {
        for (const std::size_t half : {1u, 16u, 128u}) {
            Column x(256);
            for (std::size_t i = 0; i < x.size(); ++i) {
                x[i] = i / half % 2 == 0 ? most : -most;
            }
            const auto expected = reference(x), fixed = measured<std::int32_t>(x);
            for (std::size_t f = 2; f < kinds; ++f) {
                CAPTURE(most, half, f, fixed[f], expected[f]);
                CHECK(std::fabs(fixed[f] - expected[f]) <= tolerance_fixed[f]);
            }
        }
    }
}
