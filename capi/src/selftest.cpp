// Known answers on the very chip: the floating-point environment, the rounding of a product and a sum, subnormals, and
// each stage that the recipe names.
#include "image/selftest.hpp"
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

// By itself, so that the monitor is off the stack when the stages are at work.
__attribute__((noinline)) tb_status check(const tb_recipe &recipe) {
    tb_monitor m;
    return measure(recipe, m);
}

bool floats_are_exact() { return products_are_rounded() && subnormals_are_kept(); }

} // namespace

extern "C" tb_status tb_selftest(const tb_recipe *recipe) {
    if (recipe == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    const tb_status status = check(*recipe);
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    if (!float_environment_ok()) {
        return TB_ERR_ENVIRONMENT;
    }
    bool passes = recipe->arithmetic != TB_F32 || floats_are_exact();
    for (const tb_part *part = recipe->part; passes && part != recipe->part + recipe->count; ++part) {
        passes = selftest_passes(*part->stage);
    }
    return passes ? TB_OK : TB_ERR_SELFTEST;
}
