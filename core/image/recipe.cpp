// Checks a recipe and lays its stages out.
#include "image/recipe.hpp"

#include "image/crc32.hpp"
#include "memory/bytes.hpp"

namespace twinbit {

namespace {

// Which of a monitor's parts a stage is; an extractor, transform or drift is one only if none came before it.
constexpr std::uint8_t slots[] = {0,
                                  TB_PART_INPUT,
                                  TB_PART_SIGNAL,
                                  TB_PART_SIGNAL,
                                  TB_PART_SIGNAL,
                                  TB_PART_SCALER,
                                  TB_PART_DETECTOR,
                                  TB_PART_TAIL,
                                  TB_PART_DECISION,
                                  TB_PART_DRIFT,
                                  TB_PART_POLICY};

// Which roles may come behind each one: bit i allows the i-th role after it, bit 0 the same one again. A framer without
// extractors would give nothing; drifts without a policy would be told to no one.
constexpr unsigned steps(Role from, Role to) { return 1u << (static_cast<unsigned>(to) - static_cast<unsigned>(from)); }
constexpr unsigned to_detector(Role from) {
    return steps(from, Role::transform) | steps(from, Role::scaler) | steps(from, Role::detector);
}
constexpr std::uint8_t may_follow[] = {
    steps(Role::none, Role::input),
    steps(Role::input, Role::framer) | to_detector(Role::input),
    steps(Role::framer, Role::extractor),
    1 | to_detector(Role::extractor),
    to_detector(Role::transform),
    steps(Role::scaler, Role::detector),
    steps(Role::detector, Role::tail) | steps(Role::detector, Role::decision),
    steps(Role::tail, Role::decision),
    steps(Role::decision, Role::drift) | steps(Role::decision, Role::policy),
    1 | steps(Role::drift, Role::policy),
    0,
};

bool may_come(Role behind, Role next) {
    const auto from = static_cast<unsigned>(behind);
    const auto to = static_cast<unsigned>(next);
    return to >= from && ((may_follow[from] >> (to - from)) & 1u) != 0;
}

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
    return may_come(role, s->role) && ((s->refuses >> raw_) & 1u) == 0;
}

bool Walk::next() {
    if (left_ == 0 || !fits(*next_)) {
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
        raw_ = stage.refuses / gives_raw;
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
