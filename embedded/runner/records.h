/* Buffered output of records, see script.h.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_RECORDS_H
#define TWINBIT_RUNNER_RECORDS_H

#include <stdint.h>

/* Returns 0, or -1 if the file can't be written. */
int records_open(const char *name);
void records_put(uint32_t frame, uint16_t kind, int32_t status, const void *payload, uint16_t size);

/* Writes what is buffered. Returns 0, or -1 if anything was lost on the way. */
int records_close(void);

#endif
