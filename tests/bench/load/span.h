/* Bytes that somebody else owns. */
#ifndef LOAD_SPAN_H
#define LOAD_SPAN_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *bytes;
    size_t length;
} span;

/* Cuts the first `most` bytes off `from`, or all it has. */
static inline span span_take(span *from, size_t most)
{
    span taken = {from->bytes, from->length < most ? from->length : most};
    from->bytes += taken.length;
    from->length -= taken.length;
    return taken;
}

#endif
