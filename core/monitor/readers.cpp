// Frames of 16-bit counts, 32-bit counts and floats.
#include "monitor/readers.hpp"

#include "monitor/input.hpp"

namespace twinbit {

namespace {

Reading read_counts(const tb_monitor &m, const std::int32_t *counts, bool hold) {
    return stage_of(m, TB_PART_INPUT).ops.input->counts(block_of(m, TB_PART_INPUT), counts, m.scratch, hold);
}

// Floats for a fixed-point recipe, as counts in scratch; by their bits, so that no float code is linked.
tb_status quantise_frame(const tb_monitor &m, const float *values, bool hold) {
    const Setup setup = block_of(m, TB_PART_INPUT).setup;
    const bool refuse = !hold || missing_of(setup) == Missing::refuse;
    for (std::uint32_t i = 0; i < m.channels; ++i) {
        const bool gone = is_nan(values[i]);
        if (!is_finite(values[i]) && (!gone || refuse)) {
            return TB_ERR_NOT_FINITE;
        }
        at<std::int32_t>(m.scratch, 0)[i] = gone ? TB_MISSING_I32 : quantise(values[i], channel(setup, i).unit);
    }
    return TB_OK;
}

} // namespace

Reading read_i16(const tb_monitor &m, const void *values, bool hold) {
    auto *counts = at<std::int32_t>(m.scratch, 0);
    for (std::uint32_t i = 0; i < m.channels; ++i) {
        const std::int16_t v = static_cast<const std::int16_t *>(values)[i];
        counts[i] = v == TB_MISSING_I16 ? TB_MISSING_I32 : std::int32_t{v};
    }
    return read_counts(m, counts, hold);
}

Reading read_i32(const tb_monitor &m, const void *values, bool hold) {
    return read_counts(m, static_cast<const std::int32_t *>(values), hold);
}

Reading read_f32(const tb_monitor &m, const void *values, bool hold) {
    const auto *x = static_cast<const float *>(values);
    if (const auto floats = stage_of(m, TB_PART_INPUT).ops.input->floats) {
        return floats(block_of(m, TB_PART_INPUT), x, m.scratch, hold);
    }
    const tb_status status = quantise_frame(m, x, hold);
    return status != TB_OK ? status : read_counts(m, at<std::int32_t>(m.scratch, 0), hold);
}

} // namespace twinbit
