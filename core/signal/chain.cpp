// Samples and frames through framer, extractors and transforms.
//
// Scratch: [raw values, in the end the features][what a part makes, before it is copied there][column, work].
// A sample that completes no window costs one push: the recipe is not walked then.
#include "signal/chain.hpp"

#include "image/recipe.hpp"
#include "memory/bytes.hpp"

namespace twinbit {

namespace {

Block block_at(const tb_monitor &m, const Walk &w) {
    const std::uint32_t column = w.role == Role::extractor ? align8(4 * w.window) : 0;
    return {w.setup, m.image + w.image, m.scratch + m.work + column, m.plan + w.plan};
}

const tb_stage &first_stage(const tb_monitor &m) { return *m.part[TB_PART_SIGNAL]->stage; }

// The framer, without a walk.
Block framer_block(const tb_monitor &m) {
    const tb_part &part = *m.part[TB_PART_SIGNAL];
    return {{part.words, part.count, 0, 0}, m.image + m.block[TB_PART_SIGNAL], m.scratch + m.work, m.plan};
}

// Where the columns of a window come from: the ring, or what the caller gave.
class Source {
  public:
    explicit Source(const tb_monitor &m) : m_(m), framer_(framer_block(m)), ops_(*first_stage(m).ops.framer) {}
    Source(const tb_monitor &m, const Given &given, std::uint32_t phase) : Source(m) {
        given_ = &given;
        phase_ = phase;
    }

    Reading column(std::uint32_t axis, std::uint32_t window) const {
        std::uint8_t *column = m_.scratch + m_.work;
        if (given_ == nullptr) {
            ops_.column(framer_, axis, column);
        } else {
            const Reading reading = gather(axis, window, column);
            if (reading < 0) {
                return reading;
            }
        }
        ops_.detrend(framer_, column);
        return 0;
    }

  private:
    // Samples are read again for each axis: a whole window of raw values would take more memory than all the rest.
    Reading gather(std::uint32_t axis, std::uint32_t window, void *column) const {
        const tb_part &input = *m_.part[TB_PART_INPUT];
        const auto *sample = static_cast<const std::uint8_t *>(given_->values);
        for (std::uint32_t i = 0; i < window; ++i, sample += std::size_t{m_.channels} * given_->size) {
            const Reading reading = given_->read(m_, sample, false);
            if (reading < 0) {
                return reading;
            }
            if (const auto add_phase = input.stage->ops.input->phase) {
                add_phase({{input.words, input.count, 0}, nullptr, nullptr, nullptr}, phase_, m_.scratch);
            }
            ops_.put(framer_, m_.scratch + std::size_t{4} * axis, i, column);
        }
        return 0;
    }

    const tb_monitor &m_;
    Block framer_;
    const FramerOps &ops_;
    const Given *given_ = nullptr;
    std::uint32_t phase_ = 0;
};

// One extractor over all axes; its features go behind those of the extractors before it.
Reading extract(const tb_monitor &m, const Walk &w, const Source &source) {
    const Block block = block_at(m, w);
    std::uint8_t *features = m.scratch + m.sample + std::size_t{4} * (w.features - w.shape.features);
    for (std::uint32_t axis = 0; axis < w.setup.inputs; ++axis) {
        const Reading reading = source.column(axis, w.window);
        if (reading < 0) {
            return reading;
        }
        w.part->stage->ops.extractor->axis(block, m.scratch + m.work, axis, features);
    }
    return 0;
}

void transform(const tb_monitor &m, const Walk &w, std::uint32_t phase, bool moves) {
    const Block block = block_at(m, w);
    const TransformOps &ops = *w.part->stage->ops.transform;
    ops.apply(block, m.scratch, phase, m.scratch + m.sample);
    if (moves && ops.remember != nullptr) {
        ops.remember(block, m.scratch);
    }
}

// All parts behind the framer; `source` is null without one.
Reading run(const tb_monitor &m, const Source *source, std::uint32_t phase, bool moves) {
    for (Walk w(*m.recipe); w.next() && w.role <= Role::transform;) {
        if (w.role == Role::extractor && source != nullptr) {
            const Reading reading = extract(m, w, *source);
            if (reading < 0) {
                return reading;
            }
        } else if (w.role == Role::transform) {
            transform(m, w, phase, moves);
        }
        if (w.role >= Role::extractor) {
            copy_words(m.scratch, m.scratch + m.sample, w.features);
        }
    }
    return 0;
}

bool advance(const tb_monitor &m, std::uint32_t phase, std::uint32_t &dt_ms) {
    if (first_stage(m).role != Role::framer) {
        run(m, nullptr, phase, true);
        return true;
    }
    if (!first_stage(m).ops.framer->push(framer_block(m), m.scratch, dt_ms)) {
        return false;
    }
    const Source ring(m);
    run(m, &ring, phase, true);
    return true;
}

Reading whole(const tb_monitor &m, const Given &given, std::uint32_t phase) {
    if (first_stage(m).role != Role::framer) {
        return run(m, nullptr, phase, false);
    }
    const Source window(m, given, phase);
    return run(m, &window, phase, false);
}

void settle(const tb_monitor &m) {
    for (Walk w(*m.recipe); w.next() && w.role <= Role::transform;) {
        if (w.role != Role::input && w.part->stage->ops.signal->settle != nullptr) {
            w.part->stage->ops.signal->settle(block_at(m, w));
        }
    }
}

} // namespace

constexpr ChainOps chain = {advance, whole, settle};

} // namespace twinbit
