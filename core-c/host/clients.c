/* Lists the connections on a port that no listener holds. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "descriptors.h"
#include "host/endpoint.h"
#include "host/progress.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

/* Descriptors that this process has open; INT64_MAX if unknown. Linux reports them since 6.2, and 0 before. */
static int64_t open_descriptors(void)
{
    struct stat folder;
    if (stat("/proc/self/fd", &folder) != 0 || folder.st_size <= 0)
        return INT64_MAX;
    return folder.st_size;
}

static rc_client client_of(int fd, const endpoint *peer)
{
    rc_client c = {.fd = fd, .quiet_ms = quiet_millis(fd)};
    memcpy(c.peer, peer->address, sizeof c.peer);
    return c;
}

/* A walk through all descriptors. */
typedef struct {
    int64_t open; /* descriptors that are still to come */
    int gap;      /* numbers in a row that are not connections */
} walk;

static bool is_over(const walk *w)
{
    return w->open <= 0 || w->gap >= GAP_MAX;
}

/* Whether a descriptor that is not held is a connection. */
static bool walk_to(walk *w, rc_descriptors *d, int fd, endpoint *peer)
{
    d->queries++;
    errno = 0;
    bool is_connection = endpoint_peer(peer, fd);
    w->open -= errno != EBADF;
    w->gap = is_connection ? 0 : w->gap + 1;
    if (!is_connection)
        descriptor_remove(d->others, fd);
    return is_connection;
}

int32_t rc_clients(rc_descriptors *d, int32_t own_port, rc_client *out, uint32_t room)
{
    uint32_t count = 0;
    if (!d || !out || own_port < 1)
        return RC_EINVAL;
    d->queries = 0;
    walk w = {.open = open_descriptors()};
    for (int fd = 0; fd < DESCRIPTORS_MAX && !is_over(&w) && count < room; fd++) {
        endpoint e;
        if (descriptor_in(d->held, fd))
            w.open--;
        else if (walk_to(&w, d, fd, &e) && endpoint_local_port(fd) == own_port)
            out[count++] = client_of(fd, &e);
    }
    return (int32_t)count;
}
