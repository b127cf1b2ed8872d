// The subspace as a stage of a recipe: words components; amnesic, window. See capi/RECIPE.md.
#include "detectors/subspace.hpp"

#include "detectors/detector_stage.hpp"
#include "detectors/subspace_spec.hpp"

using namespace twinbit;

extern "C" {
const tb_stage tb_subspace_f32 = DetectorStage<SubspaceSpec, F32>::stage;
const tb_stage tb_subspace_q15 = DetectorStage<SubspaceSpec, Q15>::stage;
const tb_stage tb_subspace_q31 = DetectorStage<SubspaceSpec, Q31>::stage;
const tb_tools tb_subspace_f32_tools = DetectorStage<SubspaceSpec, F32>::tools(&tb_subspace_f32);
const tb_tools tb_subspace_q15_tools = DetectorStage<SubspaceSpec, Q15>::tools(&tb_subspace_q15);
const tb_tools tb_subspace_q31_tools = DetectorStage<SubspaceSpec, Q31>::tools(&tb_subspace_q31);
}
