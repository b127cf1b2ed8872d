/* The monitor under test and all memory it stands on, divided from one arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "memory.h"

#include "records.h"
#include "script.h"

/* Of the 16 KB of the smallest machine. What it leaves is the stack: 2.7 KB, of which a self-test of spectra takes 2.5. */
#define ARENA_BYTES 10256u
#define PIECE 256u
#define DIRT 0xA5

static uint64_t arena[ARENA_BYTES / 8];
static uint32_t used;

tb_monitor monitor;
tb_memory sizes;
static uint8_t *image, *scratch, *plan, *kept;

/* What is attached; null where nothing is. */
static struct {
    uint8_t *image, *plan, *kept;
    tb_status saved; /* whether `kept` holds anything */
} others[TB_ATTACHED];

void *memory_take(uint32_t bytes) {
    uint8_t *taken = (uint8_t *)arena + used;
    const uint32_t whole = (bytes + 7u) & ~7u;
    if (whole > ARENA_BYTES - used) {
        return 0;
    }
    used += whole;
    return taken;
}

static int divide_arena(uint32_t attached) {
    image = memory_take(sizes.image);
    kept = memory_take(sizes.image);
    scratch = memory_take(sizes.scratch);
    plan = memory_take(sizes.plan);
    int fits = image && kept && scratch && plan;
    for (uint32_t which = 0; which < TB_ATTACHED; ++which) {
        if (attached & (1u << which)) {
            others[which].image = memory_take(sizes.image);
            others[which].kept = memory_take(sizes.image);
            others[which].plan = memory_take(sizes.plan);
            fits = fits && others[which].image && others[which].kept && others[which].plan;
        }
    }
    return fits ? 0 : -1;
}

static tb_status join(void) {
    tb_status status = tb_init(&monitor, &runner_recipe, image, sizes.image, scratch, sizes.scratch, plan, sizes.plan);
    for (uint32_t which = 0; which < TB_ATTACHED && status == TB_OK; ++which) {
        if (others[which].image != 0) {
            status = tb_attach(&monitor, which, others[which].image, sizes.image, others[which].plan, sizes.plan);
        }
    }
    return status;
}

tb_status memory_set_up(uint32_t attached) {
    const tb_status status = tb_sizes(&runner_recipe, &sizes);
    if (status != TB_OK) {
        return status;
    }
    return divide_arena(attached) == 0 ? join() : TB_ERR_SIZE;
}

tb_status memory_keep(uint32_t frame) {
    for (uint32_t which = 0; which < TB_ATTACHED; ++which) {
        if (others[which].image != 0) {
            others[which].saved = tb_save_attached(&monitor, which, others[which].kept, sizes.image);
            records_put(frame, RECORD_KEEP_ATTACHED, others[which].saved, &which, sizeof which);
        }
    }
    return tb_save(&monitor, kept, sizes.image);
}

static void wipe(uint8_t *bytes, uint32_t size) {
    for (uint32_t i = 0; i < size; ++i) {
        bytes[i] = DIRT;
    }
}

tb_status memory_restore(uint32_t frame) {
    wipe(image, sizes.image);
    wipe(scratch, sizes.scratch);
    wipe(plan, sizes.plan);
    for (uint32_t which = 0; which < TB_ATTACHED; ++which) {
        if (others[which].image != 0) {
            wipe(others[which].image, sizes.image);
            wipe(others[which].plan, sizes.plan);
        }
    }
    tb_status status = join();
    status = status != TB_OK ? status : tb_load(&monitor, kept, sizes.image, TB_LOAD_SEALED);
    for (uint32_t which = 0; which < TB_ATTACHED && status == TB_OK; ++which) {
        if (others[which].image != 0 && others[which].saved == TB_OK) {
            const tb_status loaded = tb_load_attached(&monitor, which, others[which].kept, sizes.image);
            records_put(frame, RECORD_RESTORE_ATTACHED, loaded, &which, sizeof which);
        }
    }
    return status;
}

const uint8_t *memory_kept(void) { return kept; }

/* FNV-1a, 32 bits, of an image. */
static uint32_t digest(const uint8_t *bytes) {
    uint32_t hash = 2166136261u;
    for (uint32_t i = 0; i < sizes.image; ++i) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash;
}

void memory_put_digests(uint32_t frame) {
    uint32_t hash[1 + TB_ATTACHED];
    uint32_t count = 0;
    hash[count++] = digest(image);
    for (uint32_t which = 0; which < TB_ATTACHED; ++which) {
        if (others[which].image != 0) {
            hash[count++] = digest(others[which].image);
        }
    }
    records_put(frame, RECORD_DIGEST, TB_OK, hash, (uint16_t)(4 * count));
}

void memory_put(uint32_t frame, uint16_t kind, tb_status status, const uint8_t *bytes, uint32_t size) {
    for (uint32_t at = 0; at < size; at += PIECE) {
        const uint32_t rest = size - at;
        records_put(frame, kind, status, bytes + at, (uint16_t)(rest < PIECE ? rest : PIECE));
    }
}

void memory_put_images(uint32_t frame) {
    for (uint32_t which = 0; which < TB_ATTACHED; ++which) { /* first: sealing the monitor's own changes nothing */
        if (others[which].image != 0) {
            const tb_status status = tb_save_attached(&monitor, which, others[which].kept, sizes.image);
            const uint16_t kind = (uint16_t)(RECORD_CANDIDATE + which);
            if (status == TB_OK) {
                memory_put(frame, kind, status, others[which].kept, sizes.image);
            } else {
                records_put(frame, kind, status, 0, 0);
            }
        }
    }
    memory_put(frame, RECORD_IMAGE, tb_seal(&monitor), image, sizes.image);
}
