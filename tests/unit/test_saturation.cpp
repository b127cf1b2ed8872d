// Fixed-point types that count their saturations: normal data through scaler and detectors must show none.
#include "detectors/kmeans.hpp"
#include "detectors/mahalanobis.hpp"
#include "monitor/scaler_float.hpp"

#include "fixtures.hpp"

using namespace fixtures;
using namespace twinbit;

namespace {

// The policies with counting types; the same names for every role.
using Counting15 = Q15With<Count>;
using Counting31 = Q31With<Count>;

// Scaler, then detector, on normal frames: 8 channels, 3 modes.
template <class P, template <class> class Detector, template <class> class State>
std::uint64_t clips(const std::vector<std::int32_t> &words, std::uint32_t k) {
    constexpr std::uint32_t d = 8;
    Random random(1);
    Count::clips = 0;
    std::vector<std::uint64_t> moments(bytes_of_fields(Moments<P>::table, Moments<P>::fields, {0, d}) / 8);
    auto *scaler = reinterpret_cast<std::uint8_t *>(moments.data());
    const Moments<P> m(d);
    for (std::uint32_t n = 1; n <= 500; ++n) {
        const Frame x = random.mode_frame(d, 3);
        m.add(scaler, x.data(), d, n);
    }
    for (std::uint32_t i = 0; i < d; ++i) {
        m.freeze(scaler, i, 500);
    }
    const Setup setup = {words.data(), static_cast<std::uint32_t>(words.size()), d};
    std::vector<std::uint64_t> image(bytes_of_fields(State<P>::table, State<P>::fields, {k, d}) / 8);
    std::vector<std::uint64_t> plan(MahalanobisPlan<P>(d).bytes / 8 + 1);
    std::vector<std::uint64_t> scratch(64);
    Detector<P> detector({setup, reinterpret_cast<std::uint8_t *>(image.data()),
                          reinterpret_cast<std::uint8_t *>(scratch.data()),
                          reinterpret_cast<std::uint8_t *>(plan.data())});
    std::int32_t worst = 0;
    for (int t = 0; t < 3000; ++t) {
        const Frame x = random.mode_frame(d, 3);
        typename P::Sample z[d];
        for (std::uint32_t i = 0; i < d; ++i) {
            z[i] = m.apply(scaler, i, x[i]);
        }
        std::int32_t score = 0;
        REQUIRE(detector.learn(z, t % 10 == 0 ? &score : nullptr) == TB_OK);
        worst = std::max(worst, score);
    }
    CHECK(worst > -65536 * 8);
    const std::uint64_t counted = Count::clips;
    m.apply(scaler, 0, raw_limit); // far from normal: this one is limited, and counted
    CHECK(Count::clips == counted + 1);
    return counted;
}

} // namespace

TEST_CASE("saturation: a counting type counts") {
    Count::clips = 0;
    using Small = Fixed<std::int16_t, 12, Count>;
    const Small most = Small::max();
    CHECK((most + most).raw == INT16_MAX);
    CHECK(Count::clips == 1);
}

TEST_CASE("saturation: none in normal data, in either detector and format") {
    CHECK(clips<Counting15, KMeans, KMeansState>({8, 256, 0}, 8) == 0);
    CHECK(clips<Counting31, KMeans, KMeansState>({8, 256, 0}, 8) == 0);
    CHECK(clips<Counting15, Mahalanobis, MahalanobisState>({655}, 0) == 0);
    CHECK(clips<Counting31, Mahalanobis, MahalanobisState>({655}, 0) == 0);
}
