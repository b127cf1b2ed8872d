// Recipes in their canonical binary form. The reader trusts nothing: every length is checked against what is left.
#include "image/crc32.hpp"
#include "image/recipe.hpp"
#include "twinbit_host.h"

using namespace twinbit;

namespace {

constexpr std::uint32_t recipe_magic = 0x43524254; // "TBRC" in memory
constexpr std::uint32_t head_bytes = 8;
constexpr std::uint32_t part_bytes = 4;
constexpr std::uint32_t crc_bytes = 4;

// Bytes that are consumed from the front.
struct Cursor {
    const std::uint8_t *at;
    std::uint32_t left;

    template <class T> bool take(T &value) {
        if (left < sizeof(T)) {
            return false;
        }
        value = peek<T>(at);
        at += sizeof(T);
        left -= static_cast<std::uint32_t>(sizeof(T));
        return true;
    }
};

tb_status read_part(Cursor &c, std::uint8_t arithmetic, tb_recipe_store &store, tb_part &part, std::uint32_t &used) {
    std::uint16_t id = 0;
    std::uint16_t count = 0;
    if (!c.take(id) || !c.take(count) || c.left < 4u * count) {
        return TB_ERR_TRUNCATED;
    }
    part = {tb_stage_by_id(id, arithmetic), store.words + used, count};
    if (part.stage == nullptr || count > TB_RECIPE_MAX_WORDS - used) {
        return TB_ERR_RECIPE;
    }
    for (std::uint32_t i = 0; i < count; ++i) {
        c.take(store.words[used++]);
    }
    return TB_OK;
}

tb_status read_parts(Cursor c, tb_recipe_store &store) {
    std::uint32_t used = 0;
    for (std::uint32_t i = 0; i < store.recipe.count; ++i) {
        const tb_status status = read_part(c, store.recipe.arithmetic, store, store.parts[i], used);
        if (status != TB_OK) {
            return status;
        }
    }
    if (c.left != 0) {
        return TB_ERR_RECIPE;
    }
    tb_monitor m;
    const tb_status status = measure(store.recipe, m);
    if (status == TB_OK) {
        store.recipe.tools = tb_tools_of(m.part[TB_PART_DETECTOR]->stage);
    }
    return status;
}

std::uint32_t written_size(const tb_recipe &recipe) {
    std::uint32_t size = head_bytes + crc_bytes;
    for (std::uint32_t i = 0; i < recipe.count; ++i) {
        size += part_bytes + 4 * recipe.part[i].count;
    }
    return size;
}

void write_to(const tb_recipe &recipe, std::uint8_t *bytes, std::uint32_t size) {
    std::uint8_t *p = bytes;
    const auto put = [&p](const void *from, std::uint32_t n) {
        std::memcpy(p, from, n);
        p += n;
    };
    put(&recipe_magic, 4);
    put(&recipe.format, 2);
    put(&recipe.arithmetic, 1);
    put(&recipe.count, 1);
    for (std::uint32_t i = 0; i < recipe.count; ++i) {
        const auto count = static_cast<std::uint16_t>(recipe.part[i].count);
        put(&recipe.part[i].stage->id, 2);
        put(&count, 2);
        if (count != 0) {
            put(recipe.part[i].words, 4u * count);
        }
    }
    const std::uint32_t crc = crc32(0, bytes, size - crc_bytes);
    put(&crc, 4);
}

} // namespace

extern "C" {

tb_status tb_recipe_read(const void *bytes, uint32_t size, tb_recipe_store *store) {
    if (bytes == nullptr || store == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    const auto *p = static_cast<const std::uint8_t *>(bytes);
    if (size < head_bytes + crc_bytes) {
        return TB_ERR_TRUNCATED;
    }
    if (peek<std::uint32_t>(p) != recipe_magic) {
        return TB_ERR_MAGIC;
    }
    store->recipe = {peek<std::uint16_t>(p + 4), p[6], p[7], store->parts, nullptr};
    if (store->recipe.format != TB_RECIPE_FORMAT) {
        return TB_ERR_FORMAT;
    }
    if (crc32(0, p, size - crc_bytes) != peek<std::uint32_t>(p + size - crc_bytes)) {
        return TB_ERR_CRC;
    }
    if (store->recipe.count > TB_RECIPE_MAX_PARTS) {
        return TB_ERR_RECIPE;
    }
    return read_parts({p + head_bytes, size - head_bytes - crc_bytes}, *store);
}

tb_status tb_recipe_write(const tb_recipe *recipe, void *bytes, uint32_t capacity, uint32_t *size) {
    if (recipe == nullptr || size == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    tb_monitor m;
    const tb_status status = measure(*recipe, m);
    if (status != TB_OK) {
        return status;
    }
    *size = written_size(*recipe);
    if (bytes == nullptr) {
        return TB_OK;
    }
    if (capacity < *size) {
        return TB_ERR_SIZE;
    }
    write_to(*recipe, static_cast<std::uint8_t *>(bytes), *size);
    return TB_OK;
}

tb_status tb_recipe_digests(const tb_recipe *recipe, uint32_t *layout, uint32_t *policy) {
    tb_monitor m;
    if (recipe == nullptr || layout == nullptr || policy == nullptr) {
        return TB_ERR_ARGUMENT;
    }
    const tb_status status = measure(*recipe, m);
    if (status == TB_OK) {
        const Digests d = digest(*recipe);
        *layout = d.layout;
        *policy = d.policy;
    }
    return status;
}

} // extern "C"
