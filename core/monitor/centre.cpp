// The second stage, another way: learns each feature's mean, is frozen, then takes it off. The unit stays, so that
// features in octaves keep what they have in common, for detectors that bring a scale of their own. Word: gain. See
// capi/RECIPE.md.
#include "monitor/centre_numbers.hpp"

#include "image/selftest.hpp"

namespace twinbit {

namespace {

template <class P> struct Centre {
    using Raw = typename P::Raw;
    using N = CentreNumbers<P>;

    static bool shape(const Setup &s, Shape &out) {
        out.set(s.inputs, {0, s.inputs}, N::fields);
        return s.count == 1 && s.words[0] >= -8 && s.words[0] <= 8;
    }

    static std::uint32_t &count(const Block &b, const N &n) { return *at<std::uint32_t>(b.image, n.offset[N::count]); }

    static bool learn(const Block &b, const void *raw) {
        const N n(b.setup.inputs);
        if (count(b, n) >= N::max_frames) {
            return false;
        }
        ++count(b, n);
        for (std::uint32_t i = 0; i < b.setup.inputs; ++i) {
            n.add(b.image, i, static_cast<const Raw *>(raw)[i], count(b, n));
        }
        return true;
    }

    static void freeze(const Block &b) {
        const N n(b.setup.inputs);
        for (std::uint32_t i = 0; i < b.setup.inputs; ++i) {
            n.freeze(b.image, i, count(b, n));
        }
    }

    static void apply(const Block &b, const void *raw, void *sample) {
        const N n(b.setup.inputs);
        for (std::uint32_t i = 0; i < b.setup.inputs; ++i) {
            static_cast<typename P::Sample *>(sample)[i] =
                n.apply(b.image, i, static_cast<const Raw *>(raw)[i], b.setup.words[0]);
        }
    }

    static constexpr ScalerOps ops = {learn, freeze, apply};
};

template <class P> constexpr tb_stage centre_stage(std::uint8_t arithmetic) {
    using N = CentreNumbers<P>;
    return {9, Role::scaler, arithmetic, 0, refuses_raw, N::table, N::basis, Centre<P>::shape, Ops(&Centre<P>::ops)};
}

// At the self-test. Gain.
constexpr std::int32_t test_words[] = {-1};

} // namespace

const KnownAnswer centre_answer = {
    run_scaler, test_words, length_of(test_words), 9, 2, 0, {0x5B4A7E7E, 0xF61057A5, 0x92375805}};

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_centre_f32 = centre_stage<F32>(TB_F32);
const tb_stage tb_centre_q15 = centre_stage<Q15>(TB_Q15);
const tb_stage tb_centre_q31 = centre_stage<Q31>(TB_Q31);
}
