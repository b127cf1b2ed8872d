// Known answers on the very chip: the floating-point environment, the rounding of a product and a sum, subnormals, and
// the detector that the recipe uses.
#include "detectors/selftest.hpp"
#include "arguments.hpp"
#include "numbers/quantise.hpp"

using namespace twinbit;

namespace {

// a b + c with a product that must be rounded before the sum: fused, the result is 2^-46 - 2^-23 of something else.
bool products_are_rounded() {
    const volatile float a = 1.0f + 0x1p-23f;
    const volatile float b = 1.0f - 0x1p-23f;
    const volatile float c = -1.0f;
    const float x = a;
    const float y = b;
    const float z = c;
    return float_bits(x * y + z) == 0; // exactly: x y = 1 - 2^-46, which rounds to 1
}

bool subnormals_are_kept() {
    const volatile float tiny = 0x1p-126f;
    return float_bits(tiny * 0.5f) == 0x00400000u;
}

} // namespace

extern "C" tb_status tb_selftest(const tb_recipe *recipe) {
    if (recipe == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    tb_monitor m;
    const tb_status status = measure(*recipe, m);
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    if (!float_environment_ok()) {
        return TB_ERR_ENVIRONMENT;
    }
    if (recipe->arithmetic == TB_F32 && (!products_are_rounded() || !subnormals_are_kept())) {
        return TB_ERR_SELFTEST;
    }
    const tb_stage &stage = stage_of(m, TB_PART_DETECTOR);
    return selftest_digest(stage) == stage.ops.detector->test_digest ? TB_OK : TB_ERR_SELFTEST;
}
