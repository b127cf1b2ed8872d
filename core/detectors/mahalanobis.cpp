// The Mahalanobis distance as a stage of a recipe: word shrinkage, Q0.16. See capi/RECIPE.md.
#include "detectors/mahalanobis.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t max_features = 256;

template <class P> struct MahalanobisSpec {
    using Detector = Mahalanobis<P>;
    using State = MahalanobisState<P>;
    static constexpr std::uint16_t id = 17;
    static constexpr bool prepares = false;
    static constexpr std::uint16_t policy_words = 1;

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != 1 || s.words[0] < 0 || s.words[0] > 65536 || s.inputs > max_features) {
            return false;
        }
        const std::uint32_t factor = align8(4 * triangle(s.inputs));
        out.set(s.inputs, {0, s.inputs}, State::fields, factor, MahalanobisPlan<P>(s.inputs).bytes);
        return true;
    }

    static constexpr std::int32_t test_words[] = {6554};
    static constexpr std::uint32_t test_digests[3] = {0xC4A8DA84, 0xCD45199E, 0x06814E78}; // numerics version 1
};

} // namespace

const KnownAnswer mahalanobis_answer = answer_of<MahalanobisSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_mahalanobis_f32 = DetectorStage<MahalanobisSpec, F32>::stage;
const tb_stage tb_mahalanobis_q15 = DetectorStage<MahalanobisSpec, Q15>::stage;
const tb_stage tb_mahalanobis_q31 = DetectorStage<MahalanobisSpec, Q31>::stage;
const tb_tools tb_mahalanobis_f32_tools = DetectorStage<MahalanobisSpec, F32>::tools(&tb_mahalanobis_f32);
const tb_tools tb_mahalanobis_q15_tools = DetectorStage<MahalanobisSpec, Q15>::tools(&tb_mahalanobis_q15);
const tb_tools tb_mahalanobis_q31_tools = DetectorStage<MahalanobisSpec, Q31>::tools(&tb_mahalanobis_q31);
}
