/* Large zeroed tables that cost memory only where they are written, and all of whose memory goes back when they are freed.
 * calloc promises neither: glibc raises its threshold for mapped blocks to the size of each that is freed, so the tables of
 * the mounts after a removed one would be cleared by hand in a heap that never shrinks. */
#ifndef RC_PAGES_H
#define RC_PAGES_H

#include <stddef.h>

/* NULL when there is no memory, or count x size overflows or is 0. */
void *pages_take(size_t count, size_t size);

/* `memory` of pages_take with the same count and size, or NULL. */
void pages_free(void *memory, size_t count, size_t size);

#endif
