// The closed loop: attached memory, the operator's calls.
#include "arguments.hpp"
#include "monitor/adaptation.hpp"
#include "monitor/candidate.hpp"
#include "monitor/feedback.hpp"

using namespace twinbit;

namespace {

// TB_OK for a monitor with a policy.
tb_status check_loop(const tb_monitor *m) {
    if (!usable(m)) {
        return TB_ERR_ARGUMENT;
    }
    return has_policy(*m) ? tb_status{TB_OK} : tb_status{TB_ERR_UNSUPPORTED};
}

tb_status check_attached(const tb_monitor *m, std::uint32_t which, const void *bytes) {
    if (!usable(m) || bytes == nullptr || which >= TB_ATTACHED) {
        return TB_ERR_ARGUMENT;
    }
    return m->attached[which] != nullptr ? tb_status{TB_OK} : tb_status{TB_ERR_STATE};
}

} // namespace

extern "C" {

tb_status tb_attach(tb_monitor *m, uint32_t which, void *image, uint32_t image_size, void *plan, uint32_t plan_size) {
    tb_status status = which < TB_ATTACHED ? check_loop(m) : tb_status{TB_ERR_ARGUMENT};
    status = status != TB_OK ? status : check_memory(image, image_size, m->sizes.image);
    status = status != TB_OK ? status : check_memory(plan, plan_size, m->sizes.plan);
    if (status != TB_OK) {
        return status;
    }
    m->attached[which] = static_cast<std::uint8_t *>(image);
    m->attached_plan[which] = static_cast<std::uint8_t *>(plan);
    blank(*m, which);
    return TB_OK;
}

tb_status tb_save_attached(tb_monitor *m, uint32_t which, void *bytes, uint32_t size) {
    const tb_status status = check_attached(m, which, bytes);
    if (status != TB_OK) {
        return status;
    }
    if (size < m->sizes.image) {
        return TB_ERR_SIZE;
    }
    const tb_monitor attached = attached_monitor(*m, which);
    if (header(attached).updates == 0) {
        return TB_ERR_STATE;
    }
    seal(attached);
    std::memcpy(bytes, attached.image, m->sizes.image);
    return TB_OK;
}

tb_status tb_load_attached(tb_monitor *m, uint32_t which, const void *bytes, uint32_t size) {
    const tb_status status = check_attached(m, which, bytes);
    const FloatEnvironment guard;
    return status != TB_OK ? status
                           : load(attached_monitor(*m, which), static_cast<const std::uint8_t *>(bytes), size,
                                  Accept::sealed, false);
}

tb_status tb_feedback(tb_monitor *m, uint32_t word) {
    const FloatEnvironment guard;
    const tb_status status = word <= TB_RELEASE ? check_loop(m) : tb_status{TB_ERR_ARGUMENT};
    return status != TB_OK ? status : feedback(*m, word);
}

tb_status tb_rollback(tb_monitor *m) {
    const FloatEnvironment guard;
    const tb_status status = check_loop(m);
    return status != TB_OK ? status : roll_back(*m);
}

tb_status tb_unlearn(tb_monitor *m, uint32_t blocks) {
    const FloatEnvironment guard;
    const tb_status status = blocks != 0 ? check_loop(m) : tb_status{TB_ERR_ARGUMENT};
    return status != TB_OK ? status : unlearn(*m, blocks);
}

tb_status tb_loop_of(const tb_monitor *m, tb_loop *loop) {
    const tb_status status = loop != nullptr ? check_loop(m) : tb_status{TB_ERR_ARGUMENT};
    if (status == TB_OK) {
        loop_state(*m, *loop);
    }
    return status;
}

} // extern "C"
