// k-means as a stage of a recipe: words clusters, prior, frozen. See capi/RECIPE.md.
#include "detectors/kmeans.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t max_clusters = 256;

template <class P> struct KMeansStage {
    using State = KMeansState<P>;

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != 3 || s.words[0] < 1 || s.words[0] > max_clusters || s.words[1] < 0 ||
            s.words[1] > static_cast<std::int32_t>(sum_frames) || s.words[2] < 0 || s.words[2] > 1) {
            return false;
        }
        out = {s.inputs, {static_cast<std::uint32_t>(s.words[0]), s.inputs}, State::fields, 0, 0};
        return true;
    }

    static constexpr std::int32_t test_words[3] = {2, 16, 0};
    static constexpr std::uint32_t test_digest(); // of numerics version 1

    using Stage = DetectorStage<KMeans<P>>;
    static constexpr DetectorOps ops() {
        return {Stage::ready, Stage::learn, Stage::score, Stage::settle, test_words, 3, test_digest()};
    }
    static constexpr tb_stage stage(std::uint8_t arithmetic, const DetectorOps *ops) {
        return {16, Role::detector, arithmetic, 1, State::table, State::basis, shape, nullptr, nullptr, ops};
    }
};

template <> constexpr std::uint32_t KMeansStage<F32>::test_digest() { return 0xD31696E1; }
template <> constexpr std::uint32_t KMeansStage<Q15>::test_digest() { return 0xE0DD1E05; }
template <> constexpr std::uint32_t KMeansStage<Q31>::test_digest() { return 0x5A56B945; }

constexpr DetectorOps f32_ops = KMeansStage<F32>::ops();
constexpr DetectorOps q15_ops = KMeansStage<Q15>::ops();
constexpr DetectorOps q31_ops = KMeansStage<Q31>::ops();

} // namespace

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_kmeans_f32 = KMeansStage<F32>::stage(TB_F32, &f32_ops);
const tb_stage tb_kmeans_q15 = KMeansStage<Q15>::stage(TB_Q15, &q15_ops);
const tb_stage tb_kmeans_q31 = KMeansStage<Q31>::stage(TB_Q31, &q31_ops);
const tb_tools tb_kmeans_f32_tools = KMeansStage<F32>::Stage::tools(&tb_kmeans_f32);
const tb_tools tb_kmeans_q15_tools = KMeansStage<Q15>::Stage::tools(&tb_kmeans_q15);
const tb_tools tb_kmeans_q31_tools = KMeansStage<Q31>::Stage::tools(&tb_kmeans_q31);
}
