// The autoencoder as a stage of a recipe. Its words are in autoencoder_state.hpp and capi/RECIPE.md.
#include "detectors/autoencoder.hpp"

#include "detectors/detector_stage.hpp"

namespace twinbit {

namespace {

constexpr std::int32_t half = 1 << 30;                // rate, Q0.31
constexpr std::int32_t most_momentum = 2126008812;    // 0.99
constexpr std::int32_t most_decay = 214748365;        // 0.1
constexpr std::int32_t most_improvement = 24 * 65536; // octaves, Q15.16

bool policy_fits(const std::int32_t *w, bool has_momentum) {
    return within(w[0], 1, half) && w[1] >= 0 && within(w[2], 0, half) &&
           within(w[3], 0, has_momentum ? most_momentum : 0) && within(w[4], 0, most_decay) && w[5] >= 0 &&
           within(w[6], 0, most_improvement);
}

} // namespace

bool Chain::fits(const Setup &s, std::uint32_t most_inputs) {
    const std::int32_t *w = s.words;
    if (s.count < 4 || s.inputs > most_inputs || !within(w[1], 0, 1) || !within(w[2], 1, most_hidden)) {
        return false;
    }
    const auto hidden = static_cast<std::uint32_t>(w[2]);
    if (s.count != 4 + 2 * hidden + policy_words) {
        return false;
    }
    for (std::uint32_t l = 0; l < hidden; ++l) {
        if (!within(w[3 + 2 * l], 1, widest_layer) || !within(w[4 + 2 * l], 0, activations - 1)) {
            return false;
        }
    }
    return within(w[3 + 2 * hidden], 0, activations - 1) && policy_fits(w + 4 + 2 * hidden, w[1] != 0);
}

namespace {

template <class P> struct AutoencoderSpec {
    using Detector = Autoencoder<P>;
    using State = typename Detector::State;
    static constexpr std::uint16_t id = 18;
    static constexpr bool prepares = false;
    static constexpr std::uint16_t policy_words = Detector::policy_words;

    static bool shape(const Setup &s, Shape &out) { return Detector::shape(s, out); }

    // 2-2-2 with tanh; rate 0.25, halved every 8 frames to 0.0625, momentum 0.5, decay 2^-12, patience 100.
    static constexpr std::int32_t test_words[] = {7, 1, 1, 2, 1, 0, 1 << 29, 8, 1 << 27, 1 << 30, 1 << 19, 100, 655};
    static constexpr std::uint32_t test_digests[3] = {0x830F2460, 0x0AA1E794, 0x7BDFC3DE}; // numerics version 1
};

} // namespace

const KnownAnswer autoencoder_answer = answer_of<AutoencoderSpec>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_autoencoder_f32 = DetectorStage<AutoencoderSpec, F32>::stage;
const tb_stage tb_autoencoder_q15 = DetectorStage<AutoencoderSpec, Q15>::stage;
const tb_stage tb_autoencoder_q31 = DetectorStage<AutoencoderSpec, Q31>::stage;
const tb_tools tb_autoencoder_f32_tools = DetectorStage<AutoencoderSpec, F32>::tools(&tb_autoencoder_f32);
const tb_tools tb_autoencoder_q15_tools = DetectorStage<AutoencoderSpec, Q15>::tools(&tb_autoencoder_q15);
const tb_tools tb_autoencoder_q31_tools = DetectorStage<AutoencoderSpec, Q31>::tools(&tb_autoencoder_q31);
}
