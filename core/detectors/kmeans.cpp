// k-means as a stage of a recipe: words clusters, prior, frozen. See capi/RECIPE.md.
#include "detectors/kmeans.hpp"

#include "detectors/selftest.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t max_clusters = 256;

template <class P> struct KMeansStage {
    static bool shape(const Setup &s, Shape &out) {
        if (s.count != 3 || s.words[0] < 1 || s.words[0] > max_clusters || s.words[1] < 0 ||
            s.words[1] > static_cast<std::int32_t>(sum_frames) || s.words[2] < 0 || s.words[2] > 1) {
            return false;
        }
        const KMeansState<P> state(s);
        out = {s.inputs, state.bytes, state.basis, 0, 0};
        return true;
    }

    static void init(const Block &) {}

    static bool valid(const Setup &s, const std::uint8_t *block) { return KMeansState<P>(s).valid(block); }

    static constexpr std::uint32_t expected();

    static bool selftest() {
        static constexpr std::int32_t words[3] = {2, 16, 0};
        alignas(8) std::uint8_t image[128] = {};
        const Block b = {{words, 3, 2}, image, nullptr, nullptr};
        const std::uint32_t scores = selftest_digest<KMeans<P>>(b);
        return crc32(scores, image, KMeansState<P>(b.setup).bytes) == expected();
    }

    static constexpr DetectorOps ops = DetectorStage<KMeans<P>>::ops(selftest);
    static constexpr tb_stage stage(std::uint8_t arithmetic) {
        return {16, Role::detector, arithmetic, 1, shape, init, valid, nullptr, nullptr, &ops};
    }
};

// The answers of numerics version 1.
template <> constexpr std::uint32_t KMeansStage<F32>::expected() { return 0x26A6E471; }
template <> constexpr std::uint32_t KMeansStage<Q15>::expected() { return 0xAD0BB69C; }
template <> constexpr std::uint32_t KMeansStage<Q31>::expected() { return 0xB40D1560; }

} // namespace

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_kmeans_f32 = KMeansStage<F32>::stage(TB_F32);
const tb_stage tb_kmeans_q15 = KMeansStage<Q15>::stage(TB_Q15);
const tb_stage tb_kmeans_q31 = KMeansStage<Q31>::stage(TB_Q31);
}
