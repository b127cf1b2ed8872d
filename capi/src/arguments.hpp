// What every C function checks before it hands over to core.
#pragma once

#include "memory/layout.hpp"
#include "monitor/storage.hpp"
#include "numbers/environment.hpp"

namespace twinbit {

inline bool usable(const tb_monitor *m) { return m != nullptr && m->recipe != nullptr && m->image != nullptr; }

// Memory given by the caller; none is needed where its size is 0.
inline tb_status check_memory(const void *p, std::uint32_t size, std::uint32_t needed) {
    if (needed == 0) {
        return TB_OK;
    }
    if (p == nullptr || !is_aligned8(p)) {
        return TB_ERR_ARGUMENT;
    }
    return size < needed ? TB_ERR_SIZE : TB_OK;
}

inline tb_context context_or_none(const tb_context *context) {
    return context != nullptr ? *context : tb_context{0, 0};
}

inline tb_status check_values(const tb_monitor *m, const void *values, const void *output) {
    return usable(m) && values != nullptr && output != nullptr ? tb_status{TB_OK} : tb_status{TB_ERR_ARGUMENT};
}

// What tb_step_*() takes: a frame, or one sample where there is a framer.
inline tb_status check_sample(const tb_monitor *m, const void *values, std::uint32_t count, const void *output) {
    const tb_status status = check_values(m, values, output);
    return status != TB_OK || count == m->channels ? status : tb_status{TB_ERR_SHAPE};
}

// What the others take: a whole frame.
inline tb_status check_frame(const tb_monitor *m, const void *values, std::uint32_t count, const void *output) {
    const tb_status status = check_values(m, values, output);
    return status != TB_OK || count == m->values ? status : tb_status{TB_ERR_SHAPE};
}

// A C array of numbers with the reader of its type.
inline Given frame_of(const std::int16_t *v) { return {v, read_i16, sizeof *v}; }
inline Given frame_of(const std::int32_t *v) { return {v, read_i32, sizeof *v}; }
inline Given frame_of(const float *v) { return {v, read_f32, sizeof *v}; }

} // namespace twinbit
