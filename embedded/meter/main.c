/* The meter: what a frame costs. Loads an image that a host has learned and takes rows of floats through tb_step.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * image.bin is a sealed image; rows.bin has two words, channels and rows, then float32 values row by row. The last line
 * on the console is that of the parity runner (runner/report.h): steps and ticks by the state that each step ended in.
 */
#include "probe.h"
#include "report.h"

#define ARENA_BYTES (2u << 20) /* of the 4 MB of the machine: any recipe of the boards fits */
#define CHANNELS_MAX 4096u

extern const tb_recipe runner_recipe;

static uint64_t arena[ARENA_BYTES / 8];
static float values[CHANNELS_MAX];
static tb_memory sizes;
static tb_monitor monitor;
static tally counts;

static uint32_t aligned(uint32_t bytes) { return (bytes + 7u) & ~7u; }

static int read_all(const char *name, void *bytes, uint32_t size) {
    const int32_t file = platform_open(name, 0);
    if (file < 0) {
        return -1;
    }
    const uint32_t got = platform_read(file, bytes, size);
    platform_close(file);
    return got == size ? 0 : -1;
}

/* Image, the sealed image that is loaded into it, scratch and plan one after the other. */
static tb_status set_up(void) {
    tb_status status = tb_sizes(&runner_recipe, &sizes);
    const uint32_t step = aligned(sizes.image);
    if (status != TB_OK || 2 * step + aligned(sizes.scratch) + sizes.plan > ARENA_BYTES) {
        return status != TB_OK ? status : TB_ERR_SIZE;
    }
    uint8_t *image = (uint8_t *)arena;
    uint8_t *sealed = image + step;
    uint8_t *scratch = sealed + step;
    uint8_t *plan = scratch + aligned(sizes.scratch);
    if (read_all("image.bin", sealed, sizes.image) != 0) {
        return TB_ERR_TRUNCATED;
    }
    status = tb_init(&monitor, &runner_recipe, image, sizes.image, scratch, sizes.scratch, plan, sizes.plan);
    return status != TB_OK ? status : tb_load(&monitor, sealed, sizes.image, TB_LOAD_SEALED);
}

static int run(int32_t file) {
    uint32_t head[2] = {0, 0};
    if (platform_read(file, head, sizeof head) != sizeof head || head[0] > CHANNELS_MAX) {
        return -1;
    }
    for (uint32_t row = 0; row < head[1]; ++row) {
        const uint32_t bytes = head[0] * (uint32_t)sizeof *values;
        if (platform_read(file, values, bytes) != bytes) {
            return -1;
        }
        tb_result result = {0};
        tb_status status = TB_OK;
        uint32_t ticks = 0;
        PROBE(ticks, status = tb_step_f32(&monitor, values, head[0], 0, &result));
        tally_step(&counts, status, result.state, ticks);
    }
    return 0;
}

int main(void) {
    probe_calibrate();
    const tb_status status = set_up();
    if (status != TB_OK) {
        platform_print(tb_status_text(status));
        return 3;
    }
    const int32_t file = platform_open("rows.bin", 0);
    if (file < 0 || run(file) != 0) {
        platform_print("meter: rows.bin is not there or ends too early\n");
        return 4;
    }
    platform_close(file);
    report(&counts, &sizes, probe_stack());
    return 0;
}
