/* A name and a number on the console, for the last lines that programs of the host read.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_PRINT_H
#define TWINBIT_RUNNER_PRINT_H

#include "platform.h"

#include <stdint.h>

static inline void print_number(const char *name, uint64_t value) {
    char digits[21];
    int at = 20;
    digits[at] = '\0';
    do {
        digits[--at] = (char)('0' + (int)(value % 10));
        value /= 10;
    } while (value != 0);
    platform_print(name);
    platform_print(&digits[at]);
}

#endif
