// The ELM autoencoder as a stage of a recipe: words seed, units, activation, gain, masks, ridge, forget. See
// capi/RECIPE.md.
#include "detectors/elm.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

bool in_range(std::int32_t v, std::int32_t low, std::int32_t high) { return v >= low && v <= high; }

} // namespace

bool ElmWords::fits(const Setup &s) {
    constexpr std::uint32_t others = before_mask + after_mask;
    if (s.count < others || !in_range(s.words[1], 1, max_units)) {
        return false;
    }
    const ElmWords w(s.words);
    if (s.count != others + w.masks || !in_range(s.words[2], 0, 3) || !in_range(w.gain(), -8, 8)) {
        return false;
    }
    const std::uint32_t beyond = w.units % 32 == 0 ? 0u : w.mask(w.masks - 1) >> (w.units % 32);
    const std::int32_t *policy = s.words + before_mask + w.masks;
    return w.used() > 0 && beyond == 0 && policy[0] > 0 && policy[1] != 1 &&
           in_range(policy[1], 0, static_cast<std::int32_t>(sum_frames));
}

namespace {

template <class P> struct ElmSpec {
    using Detector = Elm<P>;
    using State = ElmState<P>;
    static constexpr std::uint16_t id = 19;
    static constexpr bool prepares = true;
    static constexpr std::uint16_t policy_words = Detector::policy_words;

    static bool shape(const Setup &s, Shape &out) { return Detector::shape(s, out); }

    static constexpr std::int32_t test_words[] = {1, 2, 1, 0, 3, 65536, 16};
    static constexpr std::uint32_t test_digests[3] = {0x38C6364F, 0xEAA6B404, 0xB1A2863B}; // numerics version 1
};

} // namespace

const KnownAnswer elm_answer = answer_of<ElmSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_elm_f32 = DetectorStage<ElmSpec, F32>::stage;
const tb_stage tb_elm_q15 = DetectorStage<ElmSpec, Q15>::stage;
const tb_stage tb_elm_q31 = DetectorStage<ElmSpec, Q31>::stage;
const tb_tools tb_elm_f32_tools = DetectorStage<ElmSpec, F32>::tools(&tb_elm_f32);
const tb_tools tb_elm_q15_tools = DetectorStage<ElmSpec, Q15>::tools(&tb_elm_q15);
const tb_tools tb_elm_q31_tools = DetectorStage<ElmSpec, Q31>::tools(&tb_elm_q31);
}
