// Band energies as a stage of a recipe: words size, hop, taper, fused, shape, level, floor, count, first, width, edges.
#include "signal/bands.hpp"

#include "signal/signal_stage.hpp"

using namespace twinbit;

extern "C" {
const tb_stage tb_bands_f32 = ExtractorStage<Bands, F32, 42>::stage;
const tb_stage tb_bands_q15 = ExtractorStage<Bands, Q15, 42>::stage;
const tb_stage tb_bands_q31 = ExtractorStage<Bands, Q31, 42>::stage;
}
