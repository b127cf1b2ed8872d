// Spectra in octaves: the transform against double, and through whole monitors.
#include "signal/octaves.hpp"
#include "stream.hpp"

#include <cmath>

using namespace fixtures;

namespace {

constexpr std::uint32_t bins = 23;

std::vector<double> reference(const Frame &x, std::size_t width, double least) {
    std::vector<double> out;
    for (std::size_t i = 0; i < x.size(); i += width) {
        const std::size_t n = std::min(width, x.size() - i);
        double sum = 0;
        for (std::size_t k = 0; k < n; ++k) {
            sum += x[i + k];
        }
        out.push_back(std::log2(sum > 0 ? sum : least) - std::log2(static_cast<double>(n)));
    }
    return out;
}

template <class Raw> void check(std::uint8_t arithmetic, std::int32_t width, double one, double least, double error) {
    Random random(8);
    Stream stream(arithmetic, {{1, input_words(bins)}, {49, {width}}, scaler(), clusters(), decision(5, 5, 20)});
    REQUIRE(stream.m.features == (bins + static_cast<std::uint32_t>(width) - 1) / static_cast<std::uint32_t>(width));
    for (int t = 0; t < 40; ++t) {
        Frame x(bins);
        for (auto &v : x) {
            v = random.integer(0, 1 << random.integer(0, 22));
            v = t % 4 == 0 && random.integer(0, 3) == 0 ? -v : v; // no spectrum has them, but a sensor may
        }
        std::fill(x.begin(), x.begin() + (t % 3 == 0 ? width : 0), t % 2 == 0 ? 0 : -5);
        stream.step(x);
        const auto expected = reference(x, static_cast<std::size_t>(width), least);
        const auto got = stream.features<Raw>();
        for (std::size_t i = 0; i < got.size(); ++i) {
            CAPTURE(width, t, i);
            REQUIRE(std::fabs(static_cast<double>(got[i]) / one - expected[i]) <= error);
        }
    }
}

} // namespace

TEST_CASE("octaves: log2 of the means of neighbours") {
    for (const std::int32_t width : {1, 2, 5, 23}) {
        check<float>(TB_F32, width, 1.0, 0x1p-60, 1e-5);
        check<std::int32_t>(TB_Q15, width, 65536.0, 1.0, 0.51 / 65536);
        check<std::int32_t>(TB_Q31, width, 65536.0, 1.0, 0.51 / 65536);
    }
    const auto status = [](const Words &w) {
        return Stream(TB_Q15, {{1, input_words(4)}, {49, w}, clusters(), decision(0, 5, 20)}).status;
    };
    CHECK(status({4}) == TB_OK);
    CHECK(status({5}) == TB_ERR_RECIPE);
    CHECK(status({0}) == TB_ERR_RECIPE);
    CHECK(status({1, 1}) == TB_ERR_RECIPE);
}
