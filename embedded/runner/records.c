/* Buffered output of records, see script.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "records.h"

#include "platform.h"

static int32_t file = -1;
static int lost;
static uint8_t buffer[512];
static uint32_t used;

int records_open(const char *name) {
    file = platform_open(name, 1);
    return file < 0 ? -1 : 0;
}

static void flush(void) {
    if (used != 0 && platform_write(file, buffer, used) != used) {
        lost = 1;
    }
    used = 0;
}

static void put(const void *bytes, uint32_t size) {
    const uint8_t *from = bytes;
    for (uint32_t i = 0; i < size; ++i) {
        buffer[used++] = from[i];
        if (used == sizeof buffer) {
            flush();
        }
    }
}

void records_put(uint32_t frame, uint16_t kind, int32_t status, const void *payload, uint16_t size) {
    put(&frame, sizeof frame);
    put(&kind, sizeof kind);
    put(&size, sizeof size);
    put(&status, sizeof status);
    put(payload, size);
}

int records_close(void) {
    flush();
    platform_close(file);
    return lost ? -1 : 0;
}
