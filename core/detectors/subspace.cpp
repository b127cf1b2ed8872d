// The subspace as a stage of a recipe: words components; amnesic, window. See capi/RECIPE.md.
#include "detectors/subspace.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

template <class P> struct SubspaceSpec {
    using Detector = Subspace<P>;
    using State = SubspaceState<P>;
    static constexpr std::uint16_t id = 20;
    static constexpr bool prepares = false;
    static constexpr std::uint16_t policy_words = Detector::policy_words;

    static bool shape(const Setup &s, Shape &out) { return Detector::shape(s, out); }

    static constexpr std::int32_t test_words[] = {1, 131072, 12};
    static constexpr std::uint32_t test_digests[3] = {0x7388275A, 0x342E34AD, 0x700C9AE6}; // numerics version 1
};

} // namespace

const KnownAnswer subspace_answer = answer_of<SubspaceSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_subspace_f32 = DetectorStage<SubspaceSpec, F32>::stage;
const tb_stage tb_subspace_q15 = DetectorStage<SubspaceSpec, Q15>::stage;
const tb_stage tb_subspace_q31 = DetectorStage<SubspaceSpec, Q31>::stage;
const tb_tools tb_subspace_f32_tools = DetectorStage<SubspaceSpec, F32>::tools(&tb_subspace_f32);
const tb_tools tb_subspace_q15_tools = DetectorStage<SubspaceSpec, Q15>::tools(&tb_subspace_q15);
const tb_tools tb_subspace_q31_tools = DetectorStage<SubspaceSpec, Q31>::tools(&tb_subspace_q31);
}
