/* Writes to standard output and error, which may be a pipe, a terminal or a socket without a reader. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "radiocore.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

/* Where the flag is missing (macOS), the caller ignores SIGPIPE. */
#ifndef MSG_NOSIGNAL
#define MSG_NOSIGNAL 0
#endif

/* A pipe that polls writable has room for this much, so the write does not wait even when the
 * descriptor, which other processes may share, is a blocking one. */
#define PIECE_MAX ((size_t)PIPE_BUF)

static int32_t answer(ssize_t count)
{
    if (count >= 0)
        return (int32_t)count;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR || errno == ENOBUFS ? 0
                                                                                        : RC_ESTALE;
}

int32_t rc_print(int32_t fd, const uint8_t *text, uint32_t length)
{
    if (!text || length < 1)
        return RC_EINVAL;
    size_t piece = length < PIECE_MAX ? length : PIECE_MAX;
    ssize_t sent = send(fd, text, piece, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent >= 0 || errno != ENOTSOCK)
        return answer(sent);
    struct pollfd state = {.fd = fd, .events = POLLOUT};
    if (poll(&state, 1, 0) <= 0)
        return 0;
    return answer(write(fd, text, piece));
}
