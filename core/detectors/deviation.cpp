// Deviation as a stage of a recipe. Words: smoothing, Q0.31; settle, rows; rate, Q0.31. See capi/RECIPE.md.
#include "detectors/deviation.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t max_channels = 256;

template <class P> struct DeviationSpec {
    using Detector = Deviation<P>;
    using State = DeviationState<P>;
    static constexpr std::uint16_t id = 21;
    static constexpr bool prepares = false;
    static constexpr bool follows = true;
    static constexpr bool raw = true;
    static constexpr std::uint16_t policy_words = deviation_words;

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != deviation_words || s.inputs > max_channels) {
            return false;
        }
        const auto &w = *reinterpret_cast<const DeviationWords *>(s.words);
        if (w.smoothing < 1 || w.settle < 0 || w.settle > 65535 || w.rate < 0) {
            return false;
        }
        out.set(s.inputs, {0, s.inputs}, State::fields);
        return true;
    }

    static constexpr std::int32_t test_words[] = {1 << 29, 4, 1 << 25};
    static constexpr std::uint32_t test_digests[3] = {0xB8381B8A, 0x6BE32A73, 0x6BE32A73}; // numerics version 1
};

} // namespace

const KnownAnswer deviation_answer = answer_of<DeviationSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_deviation_f32 = DetectorStage<DeviationSpec, F32>::stage;
const tb_stage tb_deviation_q15 = DetectorStage<DeviationSpec, Q15>::stage;
const tb_stage tb_deviation_q31 = DetectorStage<DeviationSpec, Q31>::stage;
const tb_tools tb_deviation_f32_tools = DetectorStage<DeviationSpec, F32>::tools(&tb_deviation_f32);
const tb_tools tb_deviation_q15_tools = DetectorStage<DeviationSpec, Q15>::tools(&tb_deviation_q15);
const tb_tools tb_deviation_q31_tools = DetectorStage<DeviationSpec, Q31>::tools(&tb_deviation_q31);
}
