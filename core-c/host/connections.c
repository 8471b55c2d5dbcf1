/* Finds one accepted connection of a runtime that does not expose its descriptor. */
#include "descriptors.h"
#include "host/endpoint.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

typedef enum { NO_CONNECTION, ANOTHER, FOUND } query_result;

/* What a search looks for. */
typedef struct {
    endpoint peer;
    int port; /* ours */
} target;

static query_result query(rc_descriptors *d, int fd, const target *t)
{
    endpoint e;
    d->queries++;
    errno = 0;
    /* Files and the like stay open for long: none of them is queried again for each connection. */
    if (!endpoint_peer(&e, fd))
        return errno == ENOTSOCK ? ANOTHER : NO_CONNECTION;
    bool same = e.port == t->peer.port && memcmp(e.address, t->peer.address, sizeof e.address) == 0;
    return same && endpoint_local_port(fd) == t->port ? FOUND : ANOTHER;
}

static query_result query_and_note(rc_descriptors *d, int fd, const target *t)
{
    query_result result = query(d, fd, t);
    if (result == ANOTHER)
        descriptor_add(d->others, fd);
    else if (result == NO_CONNECTION)
        descriptor_remove(d->others, fd);
    return result;
}

/* Queries either the descriptors marked as others, or all except those; held ones are skipped, all of a word at once:
 * with thousands of listeners they are nearly all there are. */
static int search_among(rc_descriptors *d, bool among_others, const target *t)
{
    int gap = 0;
    for (int fd = 0; fd < DESCRIPTORS_MAX && gap < GAP_MAX; fd++) {
        if (descriptors_all(d->held, fd))
            fd |= 63;
        if (descriptor_in(d->held, fd))
            continue;
        bool is_other = descriptor_in(d->others, fd);
        if (is_other != among_others) {
            gap = is_other ? 0 : gap + 1;
            continue;
        }
        query_result result = query_and_note(d, fd, t);
        if (result == FOUND)
            return fd;
        gap = result == ANOTHER ? 0 : gap + 1;
    }
    return -1;
}

/* A number marked as another's may have been closed and reused: those come last, but they do come. */
static int search(rc_descriptors *d, const target *t)
{
    d->queries = 0;
    if (!descriptor_in(d->held, d->likely) && query(d, d->likely, t) == FOUND)
        return d->likely;
    int fd = search_among(d, false, t);
    return fd >= 0 ? fd : search_among(d, true, t);
}

int32_t rc_connection(rc_descriptors *d, int32_t own_port, const uint8_t *address, uint32_t length,
                      int32_t port)
{
    target t = {.peer = {.port = port}, .port = own_port};
    if (!d || !address || port < 1 || !endpoint_parse(&t.peer, address, length))
        return RC_EINVAL;
    int fd = search(d, &t);
    if (fd < 0)
        return RC_ESTALE;
    descriptor_add(d->held, fd);
    descriptor_remove(d->others, fd);
    d->likely = (fd + 1) % DESCRIPTORS_MAX;
    return fd;
}
