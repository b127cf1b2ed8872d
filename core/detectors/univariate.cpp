// The univariate detector as a stage of a recipe. Words: see UnivariateWords and capi/RECIPE.md.
#include "detectors/univariate.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t max_deviation = 16384;

template <class P> struct UnivariateSpec {
    using Detector = Univariate<P>;
    using State = UnivariateState<P>;
    static constexpr std::uint16_t id = 28;
    static constexpr bool prepares = false;
    static constexpr bool follows = true;
    static constexpr bool raw = true;
    static constexpr std::uint16_t policy_words = univariate_words - 2;

    static_assert(sizeof(UnivariateLook<P>) == look_bytes<P>);

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != univariate_words) {
            return false;
        }
        const auto &w = *reinterpret_cast<const UnivariateWords *>(s.words);
        if (w.bins < 1 || w.bins > max_bins || w.boxes < 1 || w.boxes > max_boxes ||
            s.inputs != (w.bins > 1 ? 2u : 1u) || !baseline_ok(&w.baseline.level) || !frames_ok(w.time, 3) ||
            !frames_ok(w.time_z, 2) || !frames_ok(&w.novelty, 1) || w.side < 1 || w.side > max_side ||
            w.deviation < 0 || w.deviation > max_deviation || w.forget < 0 || w.forget > max_frames) {
            return false;
        }
        out.set(s.inputs, {static_cast<std::uint32_t>(w.boxes), average_states}, State::fields, align8(look_bytes<P>));
        out.inner = BinState<P>::inner(1, static_cast<std::uint32_t>(w.bins));
        return true;
    }

    static constexpr std::int32_t test_words[] = {2, 2, 20, 5, 30, 49152, 4, 2, 4, 9, 2, 5, 3, 13107, 2949, 0};
    static constexpr std::uint32_t test_digests[3] = {0x86644378, 0x084378E6, 0x084378E6}; // numerics version 1
};

} // namespace

const KnownAnswer univariate_answer = answer_of<UnivariateSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_univariate_f32 = DetectorStage<UnivariateSpec, F32>::stage;
const tb_stage tb_univariate_q15 = DetectorStage<UnivariateSpec, Q15>::stage;
const tb_stage tb_univariate_q31 = DetectorStage<UnivariateSpec, Q31>::stage;
const tb_tools tb_univariate_f32_tools = DetectorStage<UnivariateSpec, F32>::tools(&tb_univariate_f32);
const tb_tools tb_univariate_q15_tools = DetectorStage<UnivariateSpec, Q15>::tools(&tb_univariate_q15);
const tb_tools tb_univariate_q31_tools = DetectorStage<UnivariateSpec, Q31>::tools(&tb_univariate_q31);
}
