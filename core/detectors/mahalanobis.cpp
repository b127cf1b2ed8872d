// The Mahalanobis distance as a stage of a recipe: word shrinkage, Q0.16. See capi/RECIPE.md.
#include "detectors/mahalanobis.hpp"

#include "detectors/selftest.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t max_features = 256;

template <class P> struct MahalanobisStage {
    static bool shape(const Setup &s, Shape &out) {
        if (s.count != 1 || s.words[0] < 0 || s.words[0] > 65536 || s.inputs > max_features) {
            return false;
        }
        const std::uint32_t factor = align8(4 * triangle(s.inputs));
        out = {s.inputs, MahalanobisState<P>(s).bytes, 0, factor, MahalanobisPlan<P>(s.inputs).bytes};
        return true;
    }

    static void init(const Block &) {}

    static bool valid(const Setup &s, const std::uint8_t *block) { return MahalanobisState<P>(s).valid(block); }

    static constexpr std::uint32_t expected();

    static bool selftest() {
        static constexpr std::int32_t words[1] = {6554};
        alignas(8) std::uint8_t image[48] = {};
        alignas(8) std::uint8_t plan[40] = {};
        alignas(8) std::uint8_t scratch[16] = {};
        const Block b = {{words, 1, 2}, image, scratch, plan};
        const std::uint32_t scores = selftest_digest<Mahalanobis<P>>(b);
        return crc32(scores, image, MahalanobisState<P>(b.setup).bytes) == expected();
    }

    static constexpr DetectorOps ops = DetectorStage<Mahalanobis<P>>::ops(selftest);
    static constexpr tb_stage stage(std::uint8_t arithmetic) {
        return {17, Role::detector, arithmetic, 0, shape, init, valid, nullptr, nullptr, &ops};
    }
};

// The answers of numerics version 1.
template <> constexpr std::uint32_t MahalanobisStage<F32>::expected() { return 0xC69356F3; }
template <> constexpr std::uint32_t MahalanobisStage<Q15>::expected() { return 0xC7AECA3B; }
template <> constexpr std::uint32_t MahalanobisStage<Q31>::expected() { return 0xB13E099C; }

} // namespace

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_mahalanobis_f32 = MahalanobisStage<F32>::stage(TB_F32);
const tb_stage tb_mahalanobis_q15 = MahalanobisStage<Q15>::stage(TB_Q15);
const tb_stage tb_mahalanobis_q31 = MahalanobisStage<Q31>::stage(TB_Q31);
}
