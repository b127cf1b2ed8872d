// Centroid drift as a stage of a recipe: words modes, windows, window, learning, calibrating, rate, margin, seed. See
// capi/RECIPE.md.
#include "drift/centroid.hpp"

#include "image/arithmetic.hpp"

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

} // namespace

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_centroid_f32 = CentroidStage<F32>::stage;
const tb_stage tb_centroid_q15 = CentroidStage<Q15>::stage;
const tb_stage tb_centroid_q31 = CentroidStage<Q31>::stage;
}
