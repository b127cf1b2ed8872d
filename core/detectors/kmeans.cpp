// k-means as a stage of a recipe: words clusters, prior, frozen. See capi/RECIPE.md.
#include "detectors/kmeans.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t max_clusters = 256;

template <class P> struct KMeansSpec {
    using Detector = KMeans<P>;
    using State = KMeansState<P>;
    static constexpr std::uint16_t id = 16;
    static constexpr bool prepares = false;
    static constexpr std::uint16_t policy_words = 2;

    static bool shape(const Setup &s, Shape &out) {
        if (s.count != 3 || s.words[0] < 1 || s.words[0] > max_clusters || s.words[1] < 0 ||
            s.words[1] > static_cast<std::int32_t>(sum_frames) || s.words[2] < 0 || s.words[2] > 1) {
            return false;
        }
        out.set(s.inputs, {static_cast<std::uint32_t>(s.words[0]), s.inputs}, State::fields);
        return true;
    }

    static constexpr std::int32_t test_words[] = {2, 16, 0};
    static constexpr std::uint32_t test_digests[3] = {0x30997E7B, 0x44C0AA1E, 0x2FBCDB8F}; // numerics version 1
};

} // namespace

const KnownAnswer kmeans_answer = answer_of<KMeansSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_kmeans_f32 = DetectorStage<KMeansSpec, F32>::stage;
const tb_stage tb_kmeans_q15 = DetectorStage<KMeansSpec, Q15>::stage;
const tb_stage tb_kmeans_q31 = DetectorStage<KMeansSpec, Q31>::stage;
const tb_tools tb_kmeans_f32_tools = DetectorStage<KMeansSpec, F32>::tools(&tb_kmeans_f32);
const tb_tools tb_kmeans_q15_tools = DetectorStage<KMeansSpec, Q15>::tools(&tb_kmeans_q15);
const tb_tools tb_kmeans_q31_tools = DetectorStage<KMeansSpec, Q31>::tools(&tb_kmeans_q31);
}
