// The seasonal detector as a stage of a recipe: words bins, level, bin, spread, share, average. See capi/RECIPE.md.
#include "detectors/seasonal.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t max_channels = 32;

template <class P> struct SeasonalSpec {
    using Detector = Seasonal<P>;
    using State = SeasonalState<P>;
    static constexpr std::uint16_t id = 27;
    static constexpr bool prepares = false;
    static constexpr bool follows = true;
    static constexpr bool raw = true;
    static constexpr std::uint16_t policy_words = baseline_words;

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != seasonal_words || s.words[0] < 1 || s.words[0] > max_bins || !baseline_ok(s.words + 1)) {
            return false;
        }
        const std::uint32_t clock = s.words[0] > 1 ? 1 : 0; // the last feature
        if (s.inputs < 1 + clock || s.inputs > max_channels + clock) {
            return false;
        }
        const std::uint32_t d = s.inputs - clock;
        out.set(s.inputs, {channel_states, d}, State::fields);
        out.inner = BinState<P>::inner(d, static_cast<std::uint32_t>(s.words[0]));
        return true;
    }

    static constexpr std::int32_t test_words[] = {2, 20, 5, 30, 49152, 4};
    static constexpr std::uint32_t test_digests[3] = {0xD1A427F5, 0x4696656E, 0x4696656E}; // numerics version 1
};

} // namespace

const KnownAnswer seasonal_answer = answer_of<SeasonalSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_seasonal_f32 = DetectorStage<SeasonalSpec, F32>::stage;
const tb_stage tb_seasonal_q15 = DetectorStage<SeasonalSpec, Q15>::stage;
const tb_stage tb_seasonal_q31 = DetectorStage<SeasonalSpec, Q31>::stage;
const tb_tools tb_seasonal_f32_tools = DetectorStage<SeasonalSpec, F32>::tools(&tb_seasonal_f32);
const tb_tools tb_seasonal_q15_tools = DetectorStage<SeasonalSpec, Q15>::tools(&tb_seasonal_q15);
const tb_tools tb_seasonal_q31_tools = DetectorStage<SeasonalSpec, Q31>::tools(&tb_seasonal_q31);
}
