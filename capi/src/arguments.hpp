// What every C function checks before it hands over to core.
#pragma once

#include "monitor/storage.hpp"
#include "numbers/environment.hpp"

namespace twinbit {

inline bool usable(const tb_monitor *m) { return m != nullptr && m->recipe != nullptr && m->image != nullptr; }

inline tb_context context_or_none(const tb_context *context) {
    return context != nullptr ? *context : tb_context{0, 0};
}

inline tb_status check_frame(const tb_monitor *m, const void *values, std::uint32_t count, const void *output) {
    if (!usable(m) || values == nullptr || output == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    return count == m->channels ? TB_OK : TB_ERR_SHAPE;
}

// A C array of numbers with the reader of its type.
inline Frame frame_of(const std::int16_t *v) { return {v, read_i16}; }
inline Frame frame_of(const std::int32_t *v) { return {v, read_i32}; }
inline Frame frame_of(const float *v) { return {v, read_f32}; }

} // namespace twinbit
