// A bank of ELMs.
#include "detectors/bank_stage.hpp"
#include "detectors/elm.hpp"

namespace twinbit {

namespace {

template <class P> struct BankOfElms : BankSpec<Elm<P>, P> {
    static constexpr std::uint16_t id = 25;
    static constexpr bool prepares = true;
    static constexpr std::int32_t test_words[] = {1, 1, 1, 1, 0, 1, 65536, 0, 4};
    static constexpr std::uint32_t test_digests[3] = {0x8BFAB0BE, 0xC4C7F460, 0xEA3BDBDD}; // numerics version 1
};

} // namespace

const KnownAnswer bank_elm_answer = answer_of<BankOfElms>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_bank_elm_f32 = DetectorStage<BankOfElms, F32>::stage;
const tb_stage tb_bank_elm_q15 = DetectorStage<BankOfElms, Q15>::stage;
const tb_stage tb_bank_elm_q31 = DetectorStage<BankOfElms, Q31>::stage;
const tb_tools tb_bank_elm_f32_tools = DetectorStage<BankOfElms, F32>::tools(&tb_bank_elm_f32);
const tb_tools tb_bank_elm_q15_tools = DetectorStage<BankOfElms, Q15>::tools(&tb_bank_elm_q15);
const tb_tools tb_bank_elm_q31_tools = DetectorStage<BankOfElms, Q31>::tools(&tb_bank_elm_q31);
}
