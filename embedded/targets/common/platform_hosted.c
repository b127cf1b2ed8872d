/* The runner's platform where there is an operating system: hosts and user emulation.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "platform.h"

#include <stdio.h>
#include <stdlib.h>

/* The runner has one file open for reading and one for writing. */
static FILE *files[2];

void platform_start(void) {}

int32_t platform_open(const char *name, int writing) {
    files[writing] = fopen(name, writing ? "wb" : "rb");
    return files[writing] ? writing : -1;
}

uint32_t platform_read(int32_t file, void *bytes, uint32_t size) {
    return (uint32_t)fread(bytes, 1, size, files[file]);
}

uint32_t platform_write(int32_t file, const void *bytes, uint32_t size) {
    return (uint32_t)fwrite(bytes, 1, size, files[file]);
}

void platform_close(int32_t file) { fclose(files[file]); }

void platform_print(const char *text) { fputs(text, stdout); }

void platform_exit(int code) {
    fflush(NULL);
    exit(code);
}

uint32_t platform_ticks(void) { return 0; }

uint32_t platform_ticks_since(uint32_t start) { return start - start; }

/* Operating systems give a main thread megabytes; the runner paints a few kilobytes. */
uint32_t platform_stack_left(void) { return 1u << 16; }
