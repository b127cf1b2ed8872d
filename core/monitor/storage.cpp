// Images as bytes.
#include "monitor/storage.hpp"

#include "image/crc32.hpp"
#include "memory/bytes.hpp"

namespace twinbit {

bool block_in_range(const Field *table, const Shape &s, const std::uint8_t *block) {
    if (!all_in_range(table, s.fields, s.n, block)) {
        return false;
    }
    block += bytes_of_fields(table, s.fields, s.n);
    const std::uint32_t inner = bytes_of_fields(s.inner.table, s.inner.fields, s.inner.n);
    for (std::uint32_t i = 0; i < s.inner.count; ++i, block += inner) {
        if (!all_in_range(s.inner.table, s.inner.fields, s.inner.n, block)) {
            return false;
        }
    }
    return true;
}

namespace {

Header header_in(const std::uint8_t *bytes) { return peek<Header>(bytes); }

// The digest of what images must share to be merged: frozen scaler, start centroids.
std::uint32_t basis_digest(const tb_monitor &m, const std::uint8_t *bytes) {
    std::uint32_t crc = 0;
    for (Walk w(*m.recipe); w.next();) {
        const tb_stage &stage = *w.part->stage;
        crc = crc32(crc, bytes + w.image, bytes_of_fields(stage.fields, stage.basis, w.shape.n));
    }
    return crc;
}

bool reserved_zero(const Header &h) {
    std::uint8_t any = 0;
    for (const std::uint8_t byte : h.reserved) {
        any = static_cast<std::uint8_t>(any | byte);
    }
    return any == 0;
}

bool header_in_range(const tb_monitor &m, const Header &h) {
    const bool scales = part_of(m, TB_PART_SCALER) != nullptr;
    const bool drifts = part_of(m, TB_PART_POLICY) != nullptr;
    return h.sealed <= 1 && h.zero == 0 && h.state <= (drifts ? TB_DRIFTING : TB_MONITORING) && h.alarm <= 1 &&
           h.frozen <= (drifts ? 1 : 0) && (h.state != TB_SCALING || scales) &&
           (h.sealed == 1 || (h.crc == 0 && h.basis == 0)) && reserved_zero(h);
}

// Not inlined, so that its walk and that of the digest are never on the stack at once.
__attribute__((noinline)) bool blocks_in_range(const tb_monitor &m, const std::uint8_t *bytes) {
    for (Walk w(*m.recipe); w.next();) {
        if (!block_in_range(w.part->stage->fields, w.shape, bytes + w.image)) {
            return false;
        }
    }
    return true;
}

// The layout belongs to this monitor and the bytes are all there.
tb_status check_owner(const tb_monitor &m, const Header &h, std::uint32_t size, bool same_policy) {
    const Header &own = header(m);
    if (h.arithmetic != own.arithmetic || h.layout != own.layout || h.size != own.size) {
        return TB_ERR_LAYOUT;
    }
    if (size < h.size) {
        return TB_ERR_TRUNCATED;
    }
    return same_policy && h.policy != own.policy ? TB_ERR_POLICY : TB_OK;
}

void replace(const tb_monitor &m, const std::uint8_t *bytes) {
    std::memcpy(m.image, bytes, m.sizes.image);
    detector_of(m).settle(block_of(m, TB_PART_DETECTOR));
    // What is derived was not what the bytes claimed: the seal no longer fits.
    if (std::memcmp(m.image, bytes, m.sizes.image) != 0) {
        Header &h = header(m);
        h.sealed = 0;
        h.crc = 0;
        h.basis = 0;
    }
}

// A change of what the detector has learned, by its tools.
template <class Change> tb_status change_with_tools(const tb_monitor &m, const Change &change) {
    if (tools_of(m) == nullptr) {
        return TB_ERR_UNSUPPORTED;
    }
    const Block block = block_of(m, TB_PART_DETECTOR);
    if (header(m).state == TB_SCALING || !detector_of(m).ready(block)) {
        return TB_ERR_STATE;
    }
    Update update(m);
    const tb_status status = change(*tools_of(m), block);
    if (status != TB_OK) {
        update.undo();
    }
    return status;
}

} // namespace

void begin(const tb_monitor &m) {
    clear_bytes(m.image, m.sizes.image);
    clear_bytes(m.scratch, m.sizes.scratch);
    clear_bytes(m.plan, m.sizes.plan);
    const Digests d = digest(*m.recipe);
    Header &h = header(m);
    h.magic = image_magic;
    h.format = TB_IMAGE_FORMAT;
    h.numerics = TB_NUMERICS_VERSION;
    h.arithmetic = m.recipe->arithmetic;
    h.size = m.sizes.image;
    h.layout = d.layout;
    h.policy = d.policy;
    h.state = part_of(m, TB_PART_SCALER) != nullptr ? TB_SCALING : TB_LEARNING;
    if (const ChainOps *chain = chain_of(m)) {
        chain->settle(m);
    }
}

std::uint32_t image_crc(const std::uint8_t *bytes, std::uint32_t size) {
    const std::uint32_t at = offsetof(Header, crc);
    const std::uint32_t zero = 0;
    const std::uint32_t crc = crc32(crc32(0, bytes, at), &zero, 4);
    return crc32(crc, bytes + at + 4, size - at - 4);
}

void seal(const tb_monitor &m) {
    Header &h = header(m);
    if (h.sealed == 0) {
        h.basis = basis_digest(m, m.image);
        h.sealed = 1;
        h.crc = image_crc(m.image, m.sizes.image);
    }
}

tb_status check_header(const std::uint8_t *bytes, std::uint32_t size) {
    if (size < sizeof(Header)) {
        return TB_ERR_TRUNCATED;
    }
    const Header h = header_in(bytes);
    if (h.magic != image_magic) {
        return TB_ERR_MAGIC;
    }
    if (h.format != TB_IMAGE_FORMAT) {
        return TB_ERR_FORMAT;
    }
    return h.numerics == TB_NUMERICS_VERSION ? TB_OK : TB_ERR_NUMERICS;
}

tb_status check(const tb_monitor &m, const std::uint8_t *bytes, std::uint32_t size, Accept mode, bool same_policy) {
    tb_status status = check_header(bytes, size);
    if (status != TB_OK) {
        return status;
    }
    const Header h = header_in(bytes);
    status = check_owner(m, h, size, same_policy);
    if (status != TB_OK) {
        return status;
    }
    if ((h.updates & 1u) != 0) {
        return TB_ERR_TORN;
    }
    if (h.sealed == 0 && mode == Accept::sealed) {
        return TB_ERR_UNSEALED;
    }
    if (h.sealed != 0 && h.crc != image_crc(bytes, h.size)) {
        return TB_ERR_CRC;
    }
    const bool fine = header_in_range(m, h) && blocks_in_range(m, bytes);
    return fine && (h.sealed == 0 || h.basis == basis_digest(m, bytes)) ? TB_OK : TB_ERR_CORRUPT;
}

bool detector_in_range(const tb_monitor &m, const std::uint8_t *block) {
    Walk w(*m.recipe);
    while (w.next() && w.role != Role::detector) {
    }
    return block_in_range(w.part->stage->fields, w.shape, block);
}

tb_status load(const tb_monitor &m, const std::uint8_t *bytes, std::uint32_t size, Accept mode, bool same_policy) {
    const tb_status status = check(m, bytes, size, mode, same_policy);
    if (status == TB_OK) {
        replace(m, bytes);
    }
    return status;
}

tb_status set_policy(const tb_monitor &m, const std::uint8_t *bytes, std::uint32_t size, Accept mode) {
    const tb_status status = check(m, bytes, size, mode, false);
    if (status != TB_OK) {
        return status;
    }
    const std::uint32_t policy = header(m).policy;
    replace(m, bytes);
    const Update update(m);
    header(m).policy = policy;
    if (header(m).state >= TB_MONITORING) {
        header(m).state = TB_MONITORING; // what a drift was told by may be other words
        decision_of(m).renew(block_of(m, TB_PART_DECISION));
    }
    tell_policy(m);
    return TB_OK;
}

tb_status merge(const tb_monitor &m, const std::uint8_t *bytes, std::uint32_t size, int sign) {
    if (tools_of(m) == nullptr) {
        return TB_ERR_UNSUPPORTED;
    }
    const tb_status status = check(m, bytes, size, Accept::sealed, false);
    if (status != TB_OK) {
        return status;
    }
    if (header(m).state == TB_SCALING) {
        return TB_ERR_STATE;
    }
    if (header_in(bytes).basis != basis_digest(m, m.image)) {
        return TB_ERR_BASIS;
    }
    Update update(m);
    const tb_status merged = tools_of(m)->merge(block_of(m, TB_PART_DETECTOR), bytes + m.block[2], sign);
    if (merged != TB_OK) {
        update.undo();
        return merged;
    }
    calibrate_again(m);
    return TB_OK;
}

tb_status prune(const tb_monitor &m, std::uint32_t keep) {
    return change_with_tools(m, [&](const tb_tools &tools, const Block &block) {
        const tb_status status = tools.prune(block, keep);
        if (status == TB_OK) {
            calibrate_again(m);
        }
        return status;
    });
}

tb_status forget(const tb_monitor &m) {
    return change_with_tools(m, [&](const tb_tools &tools, const Block &block) {
        const tb_status status = tools.forget(block);
        if (status == TB_OK) {
            tell_policy(m);
        }
        return status;
    });
}

tb_status new_epoch(const tb_monitor &m) {
    if (tools_of(m) == nullptr) {
        return TB_ERR_UNSUPPORTED;
    }
    if (header(m).state == TB_SCALING) {
        return TB_ERR_STATE;
    }
    const Update update(m);
    tools_of(m)->new_epoch(block_of(m, TB_PART_DETECTOR));
    decision_of(m).clear(block_of(m, TB_PART_DECISION));
    header(m).alarm = 0;
    enter(m, TB_LEARNING);
    tell_policy(m);
    return TB_OK;
}

} // namespace twinbit
