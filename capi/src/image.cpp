// Saving, loading, inspecting images; the fleet's merge.
#include "arguments.hpp"

using namespace twinbit;

namespace {

bool bytes_usable(const tb_monitor *m, const void *bytes) { return usable(m) && bytes != nullptr; }

const std::uint8_t *as_bytes(const void *p) { return static_cast<const std::uint8_t *>(p); }

void describe(const std::uint8_t *bytes, tb_image_info &info) {
    const auto h = peek<Header>(bytes);
    info.size = h.size;
    info.format = h.format;
    info.numerics = h.numerics;
    info.arithmetic = h.arithmetic;
    info.sealed = h.sealed;
    info.state = h.state;
    info.alarm = h.alarm;
    info.layout = h.layout;
    info.policy = h.policy;
    info.basis = h.basis;
    info.updates = h.updates;
    info.crc = h.crc;
    info.frames = h.frames;
}

} // namespace

extern "C" {

tb_status tb_seal(tb_monitor *m) {
    if (!usable(m)) {
        return TB_ERR_ARGUMENT;
    }
    seal(*m);
    return TB_OK;
}

tb_status tb_save(tb_monitor *m, void *bytes, uint32_t size) {
    if (!bytes_usable(m, bytes)) {
        return TB_ERR_ARGUMENT;
    }
    if (size < m->sizes.image) {
        return TB_ERR_SIZE;
    }
    seal(*m);
    std::memcpy(bytes, m->image, m->sizes.image);
    return TB_OK;
}

tb_status tb_load(tb_monitor *m, const void *bytes, uint32_t size, uint32_t mode) {
    if (!bytes_usable(m, bytes) || mode > TB_LOAD_RAW) {
        return TB_ERR_ARGUMENT;
    }
    const FloatEnvironment guard;
    return load(*m, as_bytes(bytes), size, mode == TB_LOAD_RAW ? Accept::raw : Accept::sealed);
}

tb_status tb_set_policy(tb_monitor *m, const void *bytes, uint32_t size, uint32_t mode) {
    if (!bytes_usable(m, bytes) || mode > TB_LOAD_RAW) {
        return TB_ERR_ARGUMENT;
    }
    const FloatEnvironment guard;
    return set_policy(*m, as_bytes(bytes), size, mode == TB_LOAD_RAW ? Accept::raw : Accept::sealed);
}

tb_status tb_merge(tb_monitor *m, const void *bytes, uint32_t size) {
    const FloatEnvironment guard;
    return bytes_usable(m, bytes) ? merge(*m, as_bytes(bytes), size, 1) : tb_status{TB_ERR_ARGUMENT};
}

tb_status tb_unmerge(tb_monitor *m, const void *bytes, uint32_t size) {
    const FloatEnvironment guard;
    return bytes_usable(m, bytes) ? merge(*m, as_bytes(bytes), size, -1) : tb_status{TB_ERR_ARGUMENT};
}

tb_status tb_inspect(const void *bytes, uint32_t size, tb_image_info *info) {
    if (bytes == nullptr || info == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    *info = {};
    const tb_status status = check_header(as_bytes(bytes), size);
    if (status == TB_ERR_TRUNCATED) {
        return status;
    }
    describe(as_bytes(bytes), *info);
    if (status != TB_OK) {
        return status;
    }
    if (info->size < sizeof(Header) || size < info->size) {
        return TB_ERR_TRUNCATED;
    }
    info->crc_now = image_crc(as_bytes(bytes), info->size);
    if ((info->updates & 1u) != 0) {
        return TB_ERR_TORN;
    }
    if (info->sealed == 0) {
        return TB_ERR_UNSEALED;
    }
    return info->crc == info->crc_now ? TB_OK : TB_ERR_CRC;
}

} // extern "C"
