// tb_sizes, tb_init and what concerns a monitor as a whole.
#include "arguments.hpp"
#include "memory/bytes.hpp"

using namespace twinbit;

extern "C" {

tb_status tb_sizes(const tb_recipe *recipe, tb_memory *sizes) {
    if (recipe == nullptr || sizes == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    tb_monitor m;
    const tb_status status = measure(*recipe, m);
    if (status == TB_OK) {
        *sizes = m.sizes;
    }
    return status;
}

tb_status tb_init(tb_monitor *monitor, const tb_recipe *recipe, void *image, uint32_t image_size, void *scratch,
                  uint32_t scratch_size, void *plan, uint32_t plan_size) {
    if (monitor == nullptr || recipe == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    tb_monitor m;
    tb_status status = measure(*recipe, m);
    status = status != TB_OK ? status : check_memory(image, image_size, m.sizes.image);
    status = status != TB_OK ? status : check_memory(scratch, scratch_size, m.sizes.scratch);
    status = status != TB_OK ? status : check_memory(plan, plan_size, m.sizes.plan);
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    if (!float_environment_ok()) {
        return TB_ERR_ENVIRONMENT;
    }
    m.image = static_cast<std::uint8_t *>(image);
    m.scratch = static_cast<std::uint8_t *>(scratch);
    m.plan = static_cast<std::uint8_t *>(plan);
    begin(m);
    copy_words(monitor, &m, sizeof m / 4);
    return TB_OK;
}

tb_status tb_state(const tb_monitor *m) { return usable(m) ? tb_status{header(*m).state} : tb_status{TB_ERR_ARGUMENT}; }

tb_status tb_recalibrate(tb_monitor *m) {
    const FloatEnvironment guard;
    return usable(m) ? recalibrate(*m) : tb_status{TB_ERR_ARGUMENT};
}

tb_status tb_prune(tb_monitor *m, uint32_t keep) {
    const FloatEnvironment guard;
    return usable(m) && keep > 0 ? prune(*m, keep) : tb_status{TB_ERR_ARGUMENT};
}

tb_status tb_forget(tb_monitor *m) {
    const FloatEnvironment guard;
    return usable(m) ? forget(*m) : tb_status{TB_ERR_ARGUMENT};
}

tb_status tb_new_epoch(tb_monitor *m) {
    const FloatEnvironment guard;
    return usable(m) ? new_epoch(*m) : tb_status{TB_ERR_ARGUMENT};
}

} // extern "C"
