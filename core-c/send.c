/* Writes what was offered straight to the listeners' sockets, so that a send costs little more than the
 * kernel's own work. Whatever does not go through is left to the caller. */
#include "broadcaster.h"

#include <sys/socket.h>

/* Of a rest: what a caller keeps of listeners that do not read is memory. */
#define REST_MAX 16384u

/* Where there is no such flag the caller ignores SIGPIPE. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

int32_t rc_socket(rc_broadcaster *b, int32_t handle, int32_t fd)
{
    if (!b)
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    b->listeners.entries[index].socket = fd < 0 ? NO_SOCKET : fd;
    return 0;
}

static int32_t socket_of(const rc_broadcaster *b, const rc_event *e)
{
    if (e->kind != RC_SEND_RING && e->kind != RC_SEND_ARENA)
        return NO_SOCKET;
    uint32_t index = listeners_find(&b->listeners, (int32_t)e->listener);
    return index == NO_LISTENER ? NO_SOCKET : b->listeners.entries[index].socket;
}

/* Bytes taken: fewer than offered when the socket is full, none when it is broken. */
static uint32_t taken(const rc_broadcaster *b, const rc_event *e, int32_t fd)
{
    const uint8_t *memory = e->kind == RC_SEND_RING ? b->ring->memory : b->arena;
    ssize_t count = send(fd, memory + e->offset, e->length, MSG_DONTWAIT | MSG_NOSIGNAL);
    return count < 0 ? 0 : (uint32_t)count;
}

/* The ring still holds what its socket did not take: the cursor goes back to behind as much of it as
 * the caller is left with. What stands in the arena is gone with the next call. */
static void take_back(rc_broadcaster *b, rc_event *e)
{
    uint32_t index = listeners_find(&b->listeners, (int32_t)e->listener);
    if (index == NO_LISTENER || e->kind != RC_SEND_RING)
        return;
    listener *l = &b->listeners.entries[index];
    uint64_t start = l->stream.cursor - e->length;
    uint64_t end = ring_span_end(b->ring, start, REST_MAX);
    if (end >= l->stream.cursor)
        return;
    uint32_t excess = (uint32_t)(l->stream.cursor - end);
    l->stream.cursor = end;
    l->sent -= excess;
    b->sent -= excess;
    e->length -= excess;
}

int32_t rc_send(rc_broadcaster *b)
{
    if (!b)
        return RC_EINVAL;
    uint32_t left = 0;
    for (uint32_t i = 0; i < b->event_count; i++) {
        rc_event e = b->events[i];
        int32_t fd = socket_of(b, &e);
        uint32_t count = fd == NO_SOCKET ? 0 : taken(b, &e, fd);
        e.offset += count;
        e.length -= count;
        if (fd != NO_SOCKET && e.length > 0)
            take_back(b, &e);
        if (count == 0 || e.length > 0)
            b->events[left++] = e;
    }
    b->event_count = left;
    return (int32_t)left;
}
