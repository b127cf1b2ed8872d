// Checks a recipe and lays its stages out.
#include "image/recipe.hpp"

#include "image/crc32.hpp"
#include "memory/bytes.hpp"

namespace twinbit {

namespace {

// Which of a monitor's parts a stage is; an extractor or transform is one only without a framer or transform before it.
constexpr std::uint8_t slots[] = {TB_PART_INPUT,  TB_PART_SIGNAL,   TB_PART_SIGNAL, TB_PART_SIGNAL,
                                  TB_PART_SCALER, TB_PART_DETECTOR, TB_PART_TAIL,   TB_PART_DECISION};

constexpr unsigned bit(Role role) { return 1u << static_cast<unsigned>(role); }

// Which roles may come behind each one, and behind none. A framer without extractors would give nothing.
constexpr unsigned behind_features = bit(Role::transform) | bit(Role::scaler) | bit(Role::detector);
constexpr int none = 8;
constexpr std::uint8_t may_follow[] = {
    bit(Role::framer) | behind_features,
    bit(Role::extractor),
    bit(Role::extractor) | behind_features,
    behind_features,
    bit(Role::detector),
    bit(Role::tail) | bit(Role::decision),
    bit(Role::decision),
    0,
    bit(Role::input),
};

constexpr std::uint32_t most_features = 65536; // of a stage: with 255 parts no size leaves 32 bits

std::uint32_t crc_words(std::uint32_t crc, const std::int32_t *words, std::uint32_t count) {
    return crc32(crc, words, count * 4);
}

std::uint32_t larger(std::uint32_t a, std::uint32_t b) { return a > b ? a : b; }

void put_in_place(tb_monitor &m, const Walk &w) {
    const std::uint32_t slot = slots[static_cast<int>(w.role)];
    if (m.part[slot] == nullptr) {
        m.part[slot] = w.part;
        m.block[slot] = w.image;
    }
}

} // namespace

Walk::Walk(const tb_recipe &recipe) {
    clear(*this);
    image = sizeof(Header);
    next_ = recipe.part;
    left_ = recipe.count;
    arithmetic_ = recipe.arithmetic;
}

bool Walk::fits(const tb_part &p) const {
    const tb_stage *s = p.stage;
    if (s == nullptr || (p.words == nullptr && p.count != 0) || (s->arithmetic != arithmetic_ && s->arithmetic != 0)) {
        return false;
    }
    const bool scales = s->role == Role::scaler || s->role == Role::detector;
    return (may_follow[part == nullptr ? none : static_cast<int>(role)] & bit(s->role)) != 0 &&
           (!scales || s->raw == raw_);
}

bool Walk::next() {
    if (left_ == 0 || role == Role::decision || !fits(*next_)) {
        return false;
    }
    if (part != nullptr) {
        image += block_bytes(part->stage->fields, shape);
        plan += align8(shape.plan);
    }
    part = next_++;
    const tb_stage &stage = *part->stage;
    role = stage.role;
    setup = {part->words, part->count, role == Role::extractor ? axes_ : features, window};
    clear(shape);
    if (!stage.shape(setup, shape) || shape.features > most_features) {
        return false;
    }
    if (role == Role::input) {
        channels = static_cast<std::uint32_t>(part->words[0]);
        axes_ = shape.features;
        raw_ = stage.raw;
    }
    window += shape.window;
    features = shape.features + (role == Role::extractor ? features : 0);
    --left_;
    return true;
}

tb_status measure(const tb_recipe &recipe, tb_monitor &m) {
    clear(m);
    m.recipe = &recipe;
    if (recipe.format != TB_RECIPE_FORMAT || recipe.part == nullptr || recipe.arithmetic < TB_F32 ||
        recipe.arithmetic > TB_Q31) {
        return TB_ERR_RECIPE;
    }
    Walk w(recipe);
    std::uint32_t widest = 0;
    std::uint32_t work = 0;
    while (w.next()) {
        put_in_place(m, w);
        widest = larger(widest, w.features);
        work = larger(work, w.shape.scratch + (w.role == Role::extractor ? align8(4 * w.window) : 0));
        if (w.role == Role::detector) {
            m.features = w.setup.inputs;
            m.plan_at = w.plan;
        }
    }
    if (!w.whole() || (recipe.tools != nullptr && recipe.tools->detector != m.part[TB_PART_DETECTOR]->stage)) {
        return TB_ERR_RECIPE;
    }
    m.channels = w.channels;
    m.values = w.window != 0 ? w.channels * w.window : w.channels;
    m.sample = align8(widest * 4);          // raw values take 4 bytes in every arithmetic
    m.work = m.sample + align8(widest * 4); // samples at most 4
    m.sizes.scratch = m.work + work;
    m.sizes.image = w.image + block_bytes(w.part->stage->fields, w.shape);
    m.sizes.plan = w.plan + w.shape.plan;
    return TB_OK;
}

Digests digest(const tb_recipe &recipe) {
    const std::uint8_t head[4] = {TB_IMAGE_FORMAT, recipe.arithmetic, recipe.count, 0};
    Digests d = {crc32(0, head, sizeof head), 0};
    for (const tb_part *part = recipe.part; part != recipe.part + recipe.count; ++part) {
        const std::uint32_t shaping = part->count - part->stage->policy_words; // shape() has checked the count
        const std::uint32_t id[2] = {part->stage->id, shaping};
        d.layout = crc_words(crc32(d.layout, id, sizeof id), part->words, shaping);
        d.policy = crc_words(d.policy, part->words + shaping, part->stage->policy_words);
    }
    return d;
}

} // namespace twinbit
