// Band energies as a stage of a recipe: words size, hop, taper, fused, shape, level, floor, count, first, width, edges.
#include "signal/bands.hpp"

#include "image/selftest.hpp"
#include "signal/signal_stage.hpp"

namespace twinbit {

namespace {

// At the self-test. No taper, fused, shape, level, a floor, 3 bands and their edges.
constexpr std::int32_t test_words[] = {64, 8, 0, 1, 1, 1, -10 * TB_SCORE_ONE, 3, 0, 0, 1, 5, 12, 33};

} // namespace

const KnownAnswer bands_answer = {
    run_extractor, test_words, length_of(test_words), 42, 2, 72, {0x9CF5344C, 0xD474C241, 0xD474C241}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_bands_f32 = ExtractorStage<Bands, F32, 42>::stage;
const tb_stage tb_bands_q15 = ExtractorStage<Bands, Q15, 42>::stage;
const tb_stage tb_bands_q31 = ExtractorStage<Bands, Q31, 42>::stage;
}
