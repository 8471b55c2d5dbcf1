/* Shared pages mapped twice in a row: a span that runs over the end goes on at the start. */
#ifndef RC_MIRROR_H
#define RC_MIRROR_H

#include <stddef.h>
#include <stdint.h>

/* Bytes rounded up to whole pages. */
size_t mirror_round(size_t bytes);

/* 2 x size bytes of address space over size bytes of zeroed memory; NULL when there is none.
 * size is a result of mirror_round. */
uint8_t *mirror_map(size_t size);
void mirror_unmap(uint8_t *memory, size_t size);

#endif
