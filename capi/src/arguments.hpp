// What every C function checks before it hands over to core.
#pragma once

#include "monitor/storage.hpp"
#include "numbers/environment.hpp"

namespace twinbit {

inline bool usable(const tb_monitor *m) { return m != nullptr && m->recipe != nullptr && m->image != nullptr; }

inline tb_context context_or_none(const tb_context *context) { return context != nullptr ? *context : tb_context{0, 0}; }

inline tb_status check_frame(const tb_monitor *m, const void *values, std::uint32_t count, const void *output) {
    if (!usable(m) || values == nullptr || output == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    return count == m->channels ? TB_OK : TB_ERR_SHAPE;
}

// The type tag of a C array of numbers.
inline ValueType type_of(const std::int16_t *) { return ValueType::i16; }
inline ValueType type_of(const std::int32_t *) { return ValueType::i32; }
inline ValueType type_of(const float *) { return ValueType::f32; }

} // namespace twinbit
