// The distance to modes as a stage of a recipe. Words: modes; kind; shrinkage, Q0.16; rate, Q0.31; few. See
// capi/RECIPE.md.
#include "detectors/distance.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

template <class P> struct DistanceSpec {
    using Detector = DistanceToModes<P>;
    using State = typename Detector::State;
    static constexpr std::uint16_t id = 22;
    static constexpr bool prepares = false;
    static constexpr bool follows = true;
    static constexpr std::uint16_t policy_words = 3;

    static bool shape(const Setup &s, Shape &out) { return Detector::shape(s, out); }

    static constexpr std::int32_t test_words[] = {1, shared, 6554, 1 << 25, 4};
    static constexpr std::uint32_t test_digests[3] = {0x5BB72BB7, 0xF8D6B913, 0x8DD205B6}; // numerics version 1
};

} // namespace

const KnownAnswer distance_answer = answer_of<DistanceSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_distance_f32 = DetectorStage<DistanceSpec, F32>::stage;
const tb_stage tb_distance_q15 = DetectorStage<DistanceSpec, Q15>::stage;
const tb_stage tb_distance_q31 = DetectorStage<DistanceSpec, Q31>::stage;
const tb_tools tb_distance_f32_tools = DetectorStage<DistanceSpec, F32>::tools(&tb_distance_f32);
const tb_tools tb_distance_q15_tools = DetectorStage<DistanceSpec, Q15>::tools(&tb_distance_q15);
const tb_tools tb_distance_q31_tools = DetectorStage<DistanceSpec, Q31>::tools(&tb_distance_q31);
}
