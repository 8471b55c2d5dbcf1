/* What is received at the front is copied behind the end. */
#include "floor_ring.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define RECEIVE_MAX ((size_t)16 << 10)

bool ring_open(floor_ring *r, size_t size, size_t overlap)
{
    *r = (floor_ring){.bytes = malloc(size + overlap), .size = size, .overlap = overlap};
    return r->bytes != NULL;
}

void ring_close(floor_ring *r)
{
    free(r->bytes);
}

ptrdiff_t ring_receive(floor_ring *r, int fd)
{
    size_t at = r->head % r->size;
    size_t room = r->size - at < RECEIVE_MAX ? r->size - at : RECEIVE_MAX;
    ptrdiff_t length = recv(fd, r->bytes + at, room, 0);
    if (length <= 0)
        return length;
    if (at < r->overlap) {
        size_t end = at + (size_t)length < r->overlap ? at + (size_t)length : r->overlap;
        memcpy(r->bytes + r->size + at, r->bytes + at, end - at);
    }
    r->head += (uint64_t)length;
    return length;
}

span ring_span(const floor_ring *r, uint64_t position, size_t length)
{
    return (span){r->bytes + position % r->size, length};
}
