// Checks a recipe and lays its stages out.
#include "image/recipe.hpp"

#include "image/crc32.hpp"

namespace twinbit {

namespace {

constexpr std::uint32_t min_parts = 3;
constexpr std::uint32_t max_parts = 4;

// input, [scaler], detector, decision
Role role_at(std::uint32_t i, std::uint32_t count) {
    if (i == 0) {
        return Role::input;
    }
    if (i == count - 1) {
        return Role::decision;
    }
    return i == count - 2 ? Role::detector : Role::scaler;
}

bool fits(const tb_part &part, Role role, std::uint8_t arithmetic) {
    return part.stage != nullptr && part.stage->role == role && (part.words != nullptr || part.count == 0) &&
           (part.stage->arithmetic == arithmetic || part.stage->arithmetic == 0);
}

std::uint32_t layout_words(const tb_part &part) {
    return part.count - part.stage->policy_words; // shape() has checked the count
}

std::uint32_t crc_words(std::uint32_t crc, const std::int32_t *words, std::uint32_t count) {
    return crc32(crc, words, count * 4);
}

} // namespace

tb_status measure(const tb_recipe &recipe, tb_monitor &m) {
    m = {};
    m.recipe = &recipe;
    if (recipe.format != TB_RECIPE_FORMAT || recipe.part == nullptr || recipe.count < min_parts ||
        recipe.count > max_parts || recipe.arithmetic < TB_F32 || recipe.arithmetic > TB_Q31) {
        return TB_ERR_RECIPE;
    }
    std::uint32_t image = sizeof(Header);
    for (std::uint32_t i = 0; i < recipe.count; ++i) {
        const tb_part &part = recipe.part[i];
        const Role role = role_at(i, recipe.count);
        Shape shape = {};
        if (!fits(part, role, recipe.arithmetic) || !part.stage->shape({part.words, part.count, m.features}, shape)) {
            return TB_ERR_RECIPE;
        }
        if (role == Role::input) {
            m.channels = static_cast<std::uint32_t>(part.words[0]);
        }
        m.features = shape.features;
        m.part[static_cast<int>(role)] = &part;
        m.block[static_cast<int>(role)] = image;
        image += block_bytes(part.stage->fields, shape);
        m.sizes.plan += shape.plan;
        m.sizes.scratch += shape.scratch;
    }
    if (recipe.tools != nullptr && recipe.tools->detector != m.part[static_cast<int>(Role::detector)]->stage) {
        return TB_ERR_RECIPE;
    }
    m.sample = align8(m.features * 4);          // raw features take 4 bytes in every arithmetic
    m.work = m.sample + align8(m.features * 4); // samples at most 4
    m.sizes.scratch += m.work;
    m.sizes.image = image;
    return TB_OK;
}

Digests digest(const tb_recipe &recipe) {
    const std::uint8_t head[4] = {TB_IMAGE_FORMAT, recipe.arithmetic, recipe.count, 0};
    Digests d = {crc32(0, head, sizeof head), 0};
    for (std::uint32_t i = 0; i < recipe.count; ++i) {
        const tb_part &part = recipe.part[i];
        const std::uint32_t shaping = layout_words(part);
        const std::uint32_t id[2] = {part.stage->id, shaping};
        d.layout = crc_words(crc32(d.layout, id, sizeof id), part.words, shaping);
        d.policy = crc_words(d.policy, part.words + shaping, part.count - shaping);
    }
    return d;
}

} // namespace twinbit
