/* Takes HTTP's chunk framing off, however it is cut. */
#ifndef LOAD_CHUNKS_H
#define LOAD_CHUNKS_H

#include "span.h"

#include <stdbool.h>
#include <stdint.h>

/* Before a body all is 0, but `plain` where it has no chunks. */
typedef struct {
    uint32_t left; /* of the chunk, or its size while that is read */
    uint8_t state;
    bool plain;
} chunks;

/* The next bytes of the body; none when `in` is used up, when the last chunk was read, or when the
 * framing is broken: then `broken` holds and the rest of `in` is left. */
span chunks_next(chunks *c, span *in);

bool chunks_broken(const chunks *c);
bool chunks_ended(const chunks *c);

#endif
