// tb_drift_*: drift detectors without a monitor.
#include "drift_values.hpp"
#include "memory/bytes.hpp"
#include "monitor/storage.hpp"

using namespace twinbit;

namespace {

constexpr std::uint32_t most_features = 65536;

bool shape_of(const tb_part &part, std::uint32_t features, Shape &shape) {
    if ((part.words == nullptr && part.count != 0) || part.stage->role != Role::drift) {
        return false;
    }
    const bool fits = part.stage->ops.drift->samples ? features >= 1 && features <= most_features : features == 1;
    clear(shape);
    return fits && part.stage->shape({part.words, part.count, features}, shape);
}

// Bytes of the state, and of all memory.
tb_status sizes_of(const tb_part *part, std::uint32_t features, std::uint32_t &state, std::uint32_t &all) {
    if (part == nullptr || part->stage == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    Shape shape;
    if (!shape_of(*part, features, shape)) {
        return TB_ERR_RECIPE;
    }
    state = block_bytes(part->stage->fields, shape);
    all = state + (part->stage->ops.drift->samples ? align8(4 * features) : 0);
    return TB_OK;
}

template <class T> tb_status update(const tb_drift *d, const T *values, std::uint32_t count, std::uint8_t *detected) {
    const tb_status status = check_value(d, values, count, detected);
    if (status != TB_OK) {
        return status;
    }
    const FloatEnvironment guard;
    return update_value(*d, values, *detected);
}

tb_status check_state(const tb_drift &d, const std::uint8_t *bytes, std::uint32_t size) {
    Shape shape;
    if (size != d.size) {
        return size < d.size ? TB_ERR_TRUNCATED : TB_ERR_LAYOUT;
    }
    const bool fine = shape_of(*d.part, d.features, shape) && block_in_range(d.part->stage->fields, shape, bytes);
    return fine ? TB_OK : TB_ERR_CORRUPT;
}

} // namespace

extern "C" {

tb_status tb_drift_size(const tb_part *part, uint32_t features, uint32_t *bytes) {
    std::uint32_t state = 0;
    std::uint32_t all = 0;
    const tb_status status = bytes != nullptr ? sizes_of(part, features, state, all) : tb_status{TB_ERR_ARGUMENT};
    if (status == TB_OK) {
        *bytes = all;
    }
    return status;
}

tb_status tb_drift_init(tb_drift *drift, const tb_part *part, uint32_t features, void *memory, uint32_t size) {
    if (drift == nullptr || memory == nullptr || !is_aligned8(memory)) {
        return TB_ERR_ARGUMENT;
    }
    std::uint32_t state = 0;
    std::uint32_t all = 0;
    const tb_status status = sizes_of(part, features, state, all);
    if (status != TB_OK) {
        return status;
    }
    if (size < all) {
        return TB_ERR_SIZE;
    }
    const FloatEnvironment guard;
    if (!float_environment_ok()) {
        return TB_ERR_ENVIRONMENT;
    }
    clear_bytes(memory, all);
    *drift = {part, static_cast<std::uint8_t *>(memory), features, state};
    return TB_OK;
}

tb_status tb_drift_update_f32(tb_drift *drift, const float *values, uint32_t count, uint8_t *detected) {
    return update(drift, values, count, detected);
}
tb_status tb_drift_update_i32(tb_drift *drift, const int32_t *values, uint32_t count, uint8_t *detected) {
    return update(drift, values, count, detected);
}

tb_status tb_drift_load(tb_drift *drift, const void *bytes, uint32_t size) {
    if (drift == nullptr || drift->part == nullptr || drift->state == nullptr || bytes == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    const tb_status status = check_state(*drift, static_cast<const std::uint8_t *>(bytes), size);
    if (status == TB_OK) {
        std::memcpy(drift->state, bytes, size);
    }
    return status;
}

} // extern "C"
