// The boxes detector as a stage of a recipe: words boxes, side, average, adapt. See capi/RECIPE.md.
#include "detectors/boxes.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

template <class P> struct BoxesSpec {
    using Detector = Boxes<P>;
    using State = BoxesState<P>;
    static constexpr std::uint16_t id = 23;
    static constexpr bool prepares = false;
    static constexpr bool follows = true;
    static constexpr bool raw = true;
    static constexpr std::uint16_t policy_words = boxes_words - 1;

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != boxes_words || s.inputs < 1 || s.inputs > max_box_features) {
            return false;
        }
        const auto &w = *reinterpret_cast<const BoxesWords *>(s.words);
        if (w.boxes < 1 || w.boxes > max_boxes || w.side < 1 || w.side > max_side || !frames_ok(&w.average, 1) ||
            w.adapt < 0 || w.adapt > adapt_always) {
            return false;
        }
        out.set(s.inputs, {static_cast<std::uint32_t>(w.boxes), s.inputs}, State::fields, looked(s.inputs));
        return true;
    }

    static constexpr std::int32_t test_words[] = {4, 13107, 2, adapt_always};
    static constexpr std::uint32_t test_digests[3] = {0xE4E2FECF, 0xC632A2C1, 0xC632A2C1}; // numerics version 1
};

} // namespace

const KnownAnswer boxes_answer = answer_of<BoxesSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_boxes_f32 = DetectorStage<BoxesSpec, F32>::stage;
const tb_stage tb_boxes_q15 = DetectorStage<BoxesSpec, Q15>::stage;
const tb_stage tb_boxes_q31 = DetectorStage<BoxesSpec, Q31>::stage;
const tb_tools tb_boxes_f32_tools = DetectorStage<BoxesSpec, F32>::tools(&tb_boxes_f32);
const tb_tools tb_boxes_q15_tools = DetectorStage<BoxesSpec, Q15>::tools(&tb_boxes_q15);
const tb_tools tb_boxes_q31_tools = DetectorStage<BoxesSpec, Q31>::tools(&tb_boxes_q31);
}
