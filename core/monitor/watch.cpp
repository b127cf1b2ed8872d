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

// Goes through the drift detectors: for (Drifts d(m); d.more(); d.next()).
class Drifts {
  public:
    explicit Drifts(const tb_monitor &m)
        : part_(part_of(m, TB_PART_DRIFT)), image_(m.image + m.block[TB_PART_DRIFT]), features_(m.features) {}

    bool more() const { return part_ != nullptr && part_->stage->role == Role::drift; }
    void next() {
        image_ += bytes();
        ++part_;
        ++number;
    }
    const DriftOps &ops() const { return *part_->stage->ops.drift; }
    Block block() const { return {setup(), image_, nullptr, nullptr}; }
    std::uint32_t bytes() const {
        Shape shape;
        clear(shape);
        part_->stage->shape(setup(), shape);
        return block_bytes(part_->stage->fields, shape);
    }

    std::uint32_t number = 0;

  private:
    Setup setup() const { return {part_->words, part_->count, features_}; }

    const tb_part *part_;
    std::uint8_t *image_;
    std::uint32_t features_;
};

} // namespace

std::uint32_t watch(const tb_monitor &m, std::uint32_t found, const tb_result &r) {
    std::uint32_t told = no_drift;
    for (Drifts d(m); d.more(); d.next()) {
        const void *x = watched(m, d.ops(), found, r);
        if (x != nullptr && d.ops().update(d.block(), x) && told == no_drift) {
            told = d.number;
        }
    }
    return told;
}

void forget_scores(const tb_monitor &m) {
    for (Drifts d(m); d.more(); d.next()) {
        if (!d.ops().samples) {
            clear_bytes(d.block().image, d.bytes());
        }
    }
}

} // namespace twinbit
