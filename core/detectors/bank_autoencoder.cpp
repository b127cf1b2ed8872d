// A bank of autoencoders.
#include "detectors/autoencoder.hpp"
#include "detectors/bank_stage.hpp"

namespace twinbit {

namespace {

template <class P> struct BankOfAutoencoders : BankSpec<Autoencoder<P>, P> {
    static constexpr std::uint16_t id = 24;
    static constexpr bool prepares = false;
    // 2-1-2 with tanh; rate 0.25, halved every 8 frames to 0.0625.
    static constexpr std::int32_t test_words[] = {1, 7, 0, 1, 1, 1, 0, 1 << 29, 8, 1 << 27, 0, 0, 0, 0, 4};
    static constexpr std::uint32_t test_digests[3] = {0x7CB049A8, 0xA7420326, 0xADD160A1}; // numerics version 1
};

} // namespace

const KnownAnswer bank_autoencoder_answer = answer_of<BankOfAutoencoders>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_bank_autoencoder_f32 = DetectorStage<BankOfAutoencoders, F32>::stage;
const tb_stage tb_bank_autoencoder_q15 = DetectorStage<BankOfAutoencoders, Q15>::stage;
const tb_stage tb_bank_autoencoder_q31 = DetectorStage<BankOfAutoencoders, Q31>::stage;
const tb_tools tb_bank_autoencoder_f32_tools = DetectorStage<BankOfAutoencoders, F32>::tools(&tb_bank_autoencoder_f32);
const tb_tools tb_bank_autoencoder_q15_tools = DetectorStage<BankOfAutoencoders, Q15>::tools(&tb_bank_autoencoder_q15);
const tb_tools tb_bank_autoencoder_q31_tools = DetectorStage<BankOfAutoencoders, Q31>::tools(&tb_bank_autoencoder_q31);
}
