// The second stage: learns each feature's mean and deviation, is frozen, then standardises.
#include "monitor/scaler_float.hpp"

#include "image/selftest.hpp"

namespace twinbit {

namespace {

template <class P> struct Scaler {
    using Raw = typename P::Raw;

    static bool shape(const Setup &s, Shape &out) {
        out.set(s.inputs, {0, s.inputs}, Moments<P>::fields);
        return s.count == 0;
    }

    static bool learn(const Block &b, const void *raw) {
        const Moments<P> m(b.setup.inputs);
        std::uint32_t &n = *at<std::uint32_t>(b.image, m.offset[Moments<P>::count]);
        if (n >= Moments<P>::max_frames) {
            return false;
        }
        m.add(b.image, static_cast<const Raw *>(raw), b.setup.inputs, ++n);
        return true;
    }

    static void freeze(const Block &b) {
        const Moments<P> m(b.setup.inputs);
        for (std::uint32_t i = 0; i < b.setup.inputs; ++i) {
            m.freeze(b.image, i, *at<std::uint32_t>(b.image, m.offset[Moments<P>::count]));
        }
    }

    static void apply(const Block &b, const void *raw, void *sample) {
        const Moments<P> m(b.setup.inputs);
        for (std::uint32_t i = 0; i < b.setup.inputs; ++i) {
            static_cast<typename P::Sample *>(sample)[i] = m.apply(b.image, i, static_cast<const Raw *>(raw)[i]);
        }
    }

    static constexpr ScalerOps ops = {learn, freeze, apply};
};

template <class P> constexpr tb_stage scaler_stage(std::uint8_t arithmetic) {
    using S = Scaler<P>;
    return {8, Role::scaler, arithmetic, 0, refuses_raw, Moments<P>::table, Moments<P>::basis, S::shape, Ops(&S::ops)};
}

} // namespace

const KnownAnswer scaler_answer = {run_scaler, nullptr, 0, 8, 2, 0, {0x2B622751, 0x7DC525E1, 0x6B3DDEEE}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_scaler_f32 = scaler_stage<F32>(TB_F32);
const tb_stage tb_scaler_q15 = scaler_stage<Q15>(TB_Q15);
const tb_stage tb_scaler_q31 = scaler_stage<Q31>(TB_Q31);
}
