/* Writes what is due straight to the listeners' sockets, so that a send costs little more than the kernel's
 * own work. Whatever does not go through is left to the caller. */
#include "host/send.h"

#include "host/connections.h"

#include <errno.h>
#include <sys/socket.h>

/* Where there is no such flag the caller ignores SIGPIPE. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#define HOW (MSG_DONTWAIT | MSG_NOSIGNAL)

int32_t rc_socket(rc_broadcaster *b, int32_t handle, int32_t fd, int32_t chunked)
{
    if (!b)
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    listener *l = &b->listeners.entries[index];
    connections_release(l->socket);
    l->socket = fd < 0 ? NO_SOCKET : fd;
    l->chunked = chunked != 0;
    connections_hold(l->socket);
    return 0;
}

static bool is_full(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR || error == ENOBUFS;
}

int32_t rc_write(int32_t fd, const uint8_t *data, uint32_t length)
{
    if (!data || length > INT32_MAX)
        return RC_EINVAL;
    ssize_t count = send(fd, data, length, HOW);
    if (count >= 0)
        return (int32_t)count;
    return is_full(errno) ? 0 : RC_ESTALE;
}

/* None when the socket is full, or broken: the caller finds out which when it writes the rest. */
static size_t taken(const wire *w, int32_t fd)
{
    struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)w->pieces,
                             .msg_iovlen = w->piece_count};
    ssize_t count = w->piece_count == 1
                        ? send(fd, w->pieces[0].iov_base, w->pieces[0].iov_len, HOW)
                        : sendmsg(fd, &message, HOW);
    return count < 0 ? 0 : (size_t)count;
}

uint32_t send_wire(rc_broadcaster *b, listener *l, const wire *w)
{
    size_t count = taken(w, l->socket);
    const wire_segment *last = w->segments;
    uint32_t offered = last->offered;
    while (last->end <= count && last->end < w->length)
        offered += (++last)->offered;
    l->stream = last->after;
    l->sent += offered;
    b->sent += offered;
    if (count >= last->end)
        return 0;
    wire_copy(w, count, last->end, b->arena + b->arena_used);
    b->arena_used += last->end - count;
    return (uint32_t)(last->end - count);
}
