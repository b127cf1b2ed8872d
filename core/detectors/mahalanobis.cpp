// The Mahalanobis distance as a stage of a recipe: word shrinkage, Q0.16. See capi/RECIPE.md.
#include "detectors/mahalanobis.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t max_features = 256;

template <class P> struct MahalanobisStage {
    using State = MahalanobisState<P>;

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != 1 || s.words[0] < 0 || s.words[0] > 65536 || s.inputs > max_features) {
            return false;
        }
        const std::uint32_t factor = align8(4 * triangle(s.inputs));
        out = {s.inputs, {0, s.inputs}, State::fields, factor, MahalanobisPlan<P>(s.inputs).bytes};
        return true;
    }

    static constexpr std::int32_t test_words[1] = {6554};
    static constexpr std::uint32_t test_digest(); // of numerics version 1

    using Stage = DetectorStage<Mahalanobis<P>>;
    static constexpr DetectorOps ops() {
        return {Stage::ready, Stage::learn, Stage::score, Stage::settle, test_words, 1, test_digest()};
    }
    static constexpr tb_stage stage(std::uint8_t arithmetic, const DetectorOps *ops) {
        return {17, Role::detector, arithmetic, 0, State::table, State::basis, shape, nullptr, nullptr, ops};
    }
};

template <> constexpr std::uint32_t MahalanobisStage<F32>::test_digest() { return 0x45D0B9CF; }
template <> constexpr std::uint32_t MahalanobisStage<Q15>::test_digest() { return 0x255BB4DC; }
template <> constexpr std::uint32_t MahalanobisStage<Q31>::test_digest() { return 0x6B799BBB; }

constexpr DetectorOps f32_ops = MahalanobisStage<F32>::ops();
constexpr DetectorOps q15_ops = MahalanobisStage<Q15>::ops();
constexpr DetectorOps q31_ops = MahalanobisStage<Q31>::ops();

} // namespace

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_mahalanobis_f32 = MahalanobisStage<F32>::stage(TB_F32, &f32_ops);
const tb_stage tb_mahalanobis_q15 = MahalanobisStage<Q15>::stage(TB_Q15, &q15_ops);
const tb_stage tb_mahalanobis_q31 = MahalanobisStage<Q31>::stage(TB_Q31, &q31_ops);
const tb_tools tb_mahalanobis_f32_tools = MahalanobisStage<F32>::Stage::tools(&tb_mahalanobis_f32);
const tb_tools tb_mahalanobis_q15_tools = MahalanobisStage<Q15>::Stage::tools(&tb_mahalanobis_q15);
const tb_tools tb_mahalanobis_q31_tools = MahalanobisStage<Q31>::Stage::tools(&tb_mahalanobis_q31);
}
