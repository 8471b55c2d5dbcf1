/* Writes to non-blocking sockets, and never waits. */
#include "host/send.h"

#include "radiocore.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/uio.h>

/* Where the flag is missing (macOS), the caller ignores SIGPIPE. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

#define HOW (MSG_DONTWAIT | MSG_NOSIGNAL)

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

/* A wire is passed to the kernel as it is. */
_Static_assert(sizeof(wire_piece) == sizeof(struct iovec), "wire_piece is an iovec");
_Static_assert(offsetof(wire_piece, bytes) == offsetof(struct iovec, iov_base), "wire_piece is an iovec");
_Static_assert(offsetof(wire_piece, length) == offsetof(struct iovec, iov_len), "wire_piece is an iovec");

size_t send_wire(int fd, const wire *w)
{
    struct msghdr message = {.msg_iov = (struct iovec *)(uintptr_t)w->pieces,
                             .msg_iovlen = w->piece_count};
    ssize_t count = w->piece_count == 1 ? send(fd, w->pieces[0].bytes, w->pieces[0].length, HOW)
                                        : sendmsg(fd, &message, HOW);
    return count < 0 ? 0 : (size_t)count;
}
