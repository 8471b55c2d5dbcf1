/* The latest bytes of a source; every span of at most `overlap` bytes is contiguous. */
#ifndef LOAD_FLOOR_RING_H
#define LOAD_FLOOR_RING_H

#include "span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t *bytes; /* `size`, then the first `overlap` of them again */
    size_t size, overlap;
    uint64_t head; /* position of the next byte */
} floor_ring;

/* False when there is no memory for it. */
bool ring_open(floor_ring *r, size_t size, size_t overlap);
void ring_close(floor_ring *r);

/* Receives what fits in one call, as recv does. */
ptrdiff_t ring_receive(floor_ring *r, int fd);

/* `length` is at most the overlap, and `position` still there. */
span ring_span(const floor_ring *r, uint64_t position, size_t length);

#endif
