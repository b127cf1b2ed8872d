// The transform `lags` as a stage: see lags.hpp.
#include "signal/lags.hpp"

#include "image/selftest.hpp"
#include "signal/chain.hpp"

namespace twinbit {

namespace {

template <class P> constexpr TransformOps ops = {&chain, nullptr, Lags<P>::apply, Lags<P>::remember};

template <class P> constexpr tb_stage lags_stage(std::uint8_t arithmetic) {
    return {48, Role::transform, arithmetic, 0, 0, Lags<P>::table, 0, Lags<P>::shape, Ops(&ops<P>)};
}

// At the self-test. Lags, step, all there is.
constexpr std::int32_t test_words[] = {2, 2, 7};

} // namespace

const KnownAnswer lags_answer = {
    run_transform, test_words, length_of(test_words), 48, 2, 0, {0xFAB578BC, 0x058CCBDB, 0x058CCBDB}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_lags_f32 = lags_stage<F32>(TB_F32);
const tb_stage tb_lags_q15 = lags_stage<Q15>(TB_Q15);
const tb_stage tb_lags_q31 = lags_stage<Q31>(TB_Q31);
}
