// Drift detectors shown the frames.
#include "monitor/watch.hpp"

#include "memory/bytes.hpp"

namespace twinbit {

namespace {

// What a detector watches of this frame; null: nothing.
const void *watched(const tb_monitor &m, const DriftOps &ops, std::uint32_t found, const tb_result &r) {
    const bool scored = (r.flags & TB_FLAG_SCORED) != 0;
    if (ops.samples) {
        return scored || found == TB_LEARNING ? m.scratch + m.sample : nullptr;
    }
    return scored && found >= TB_MONITORING && header(m).state >= TB_MONITORING ? &r.score : nullptr;
}

} // namespace

std::uint32_t watch(const tb_monitor &m, std::uint32_t found, const tb_result &r) {
    std::uint32_t told = no_drift;
    std::uint8_t *image = m.image + m.block[TB_PART_DRIFT];
    const tb_part *first = part_of(m, TB_PART_DRIFT);
    for (const tb_part *part = first; part != nullptr && part->stage->role == Role::drift; ++part) {
        const tb_stage &stage = *part->stage;
        const Setup setup = {part->words, part->count, m.features};
        const void *x = watched(m, *stage.ops.drift, found, r);
        if (x != nullptr && stage.ops.drift->update({setup, image, nullptr, nullptr}, x) && told == no_drift) {
            told = static_cast<std::uint32_t>(part - first);
        }
        Shape shape;
        clear(shape);
        stage.shape(setup, shape);
        image += block_bytes(stage.fields, shape);
    }
    return told;
}

} // namespace twinbit
