// Centroid drift as a stage of a recipe: words modes, windows, window, learning, calibrating, rate, margin, seed. See
// capi/RECIPE.md.
#include "drift/centroid.hpp"

#include "image/arithmetic.hpp"
#include "image/selftest.hpp"

namespace twinbit {

namespace {

template <class P> struct CentroidStage {
    using D = CentroidDrift<P>;
    static constexpr std::uint8_t policy_words = centroid_words - 2;

    static bool update(const Block &b, const void *x) {
        return D(b).update(static_cast<const typename P::Sample *>(x));
    }

    static constexpr DriftOps ops = {update, true};
    static constexpr tb_stage stage = {67, Role::drift, arithmetic_of<P>, policy_words, refuses_raw, D::State::table,
                                       0,  D::shape,    Ops(&ops)};
};

// At the self-test. As struct CentroidWords.
constexpr std::int32_t test_words[] = {1, 2, 4, 10, 10, 1 << 26, 0, 1};

} // namespace

const KnownAnswer centroid_answer = {
    run_drift, test_words, length_of(test_words), 67, 2, 0, {0x90064407, 0xD818D357, 0x9E4F9043}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_centroid_f32 = CentroidStage<F32>::stage;
const tb_stage tb_centroid_q15 = CentroidStage<Q15>::stage;
const tb_stage tb_centroid_q31 = CentroidStage<Q31>::stage;
}
