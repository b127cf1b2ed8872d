/* The monitor under test and all memory it stands on, divided from one arena.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#ifndef TWINBIT_RUNNER_MEMORY_H
#define TWINBIT_RUNNER_MEMORY_H

#include "twinbit.h"

#include <stdint.h>

extern const tb_recipe runner_recipe;
extern tb_monitor monitor;
extern tb_memory sizes;

/* Bytes of the arena, 8-byte aligned and not cleared; null if so many are not left. */
void *memory_take(uint32_t bytes);

/* Gives the monitor its memory: image, second image, scratch and plan, and the same for attached images.
 * In: attached, a bit (1 << TB_CANDIDATE, 1 << TB_GOOD) for each image that is attached.
 * Errors: those of tb_sizes() and tb_init(); TB_ERR_SIZE if the arena is too small. */
tb_status memory_set_up(uint32_t attached);

tb_status memory_keep(uint32_t frame);    /* tb_save, tb_save_attached into the second images */
tb_status memory_restore(uint32_t frame); /* all memory is wiped; tb_init, tb_attach, tb_load, tb_load_attached */
const uint8_t *memory_kept(void);         /* the second image */

void memory_put_digests(uint32_t frame); /* a record with the checksum of each image, as it lies in memory */
void memory_put_images(uint32_t frame);  /* each image, sealed, in pieces */

/* A run of bytes as records of one kind. */
void memory_put(uint32_t frame, uint16_t kind, tb_status status, const uint8_t *bytes, uint32_t size);

#endif
