// A bank of subspaces.
#include "detectors/bank_stage.hpp"
#include "detectors/subspace.hpp"

namespace twinbit {

namespace {

template <class P> struct BankOfSubspaces : BankSpec<Subspace<P>, P> {
    static constexpr std::uint16_t id = 26;
    static constexpr bool prepares = false;
    static constexpr std::int32_t test_words[] = {1, 1, 0, 0, 4};
    static constexpr std::uint32_t test_digests[3] = {0xEA4B0E44, 0xB65DA942, 0x706C36EF}; // numerics version 1
};

} // namespace

const KnownAnswer bank_subspace_answer = answer_of<BankOfSubspaces>;

} // namespace twinbit

using namespace twinbit;

extern "C" {
const tb_stage tb_bank_subspace_f32 = DetectorStage<BankOfSubspaces, F32>::stage;
const tb_stage tb_bank_subspace_q15 = DetectorStage<BankOfSubspaces, Q15>::stage;
const tb_stage tb_bank_subspace_q31 = DetectorStage<BankOfSubspaces, Q31>::stage;
const tb_tools tb_bank_subspace_f32_tools = DetectorStage<BankOfSubspaces, F32>::tools(&tb_bank_subspace_f32);
const tb_tools tb_bank_subspace_q15_tools = DetectorStage<BankOfSubspaces, Q15>::tools(&tb_bank_subspace_q15);
const tb_tools tb_bank_subspace_q31_tools = DetectorStage<BankOfSubspaces, Q31>::tools(&tb_bank_subspace_q31);
}
