/* Takes over a connection of the runtime, or ends it. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/endpoint.h"

#include "radiocore.h"

#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>

int32_t rc_hang_up(int32_t fd)
{
    return shutdown(fd, SHUT_RDWR) == 0 ? 0 : RC_ESTALE;
}

int32_t rc_duplicate(int32_t fd)
{
    int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    return copy < 0 ? RC_ESTALE : copy;
}

int32_t rc_calm(int32_t fd)
{
    struct linger none = {0};
    return setsockopt(fd, SOL_SOCKET, SO_LINGER, &none, sizeof none) == 0 ? 0 : RC_ESTALE;
}

int32_t rc_gather(int32_t fd, int32_t bytes)
{
    if (bytes < 1)
        return RC_EINVAL;
    return setsockopt(fd, SOL_SOCKET, SO_RCVLOWAT, &bytes, sizeof bytes) == 0 ? 0 : RC_ESTALE;
}

int32_t rc_reached(int32_t fd, uint8_t *address)
{
    endpoint e;
    if (!address)
        return RC_EINVAL;
    if (!endpoint_local(&e, fd))
        return RC_ESTALE;
    memcpy(address, e.address, sizeof e.address);
    return 0;
}
