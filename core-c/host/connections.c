/* Finds and inspects accepted connections of a runtime that exposes neither their descriptors nor its write counts. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/connections.h"

#include "descriptors.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <netinet/tcp.h>
#endif

/* Where the number of open descriptors is not known, a search ends after this many in a row that are not connections:
 * new descriptors take the lowest free number, so open ones lie close together. */
#define GAP_MAX 1024

/* IPv4 addresses are stored in their IPv6-mapped form. */
typedef struct {
    uint8_t address[16];
    int port;
} endpoint;

static void map_v4(endpoint *e, const void *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    memcpy(e->address, mapped, sizeof mapped);
    memcpy(e->address + sizeof mapped, address, 4);
}

static bool parse(endpoint *e, const uint8_t *text, uint32_t length)
{
    char name[INET6_ADDRSTRLEN] = {0};
    struct in_addr v4;
    if (length >= sizeof name)
        return false;
    memcpy(name, text, length);
    if (inet_pton(AF_INET6, name, e->address) == 1)
        return true;
    if (inet_pton(AF_INET, name, &v4) != 1)
        return false;
    map_v4(e, &v4);
    return true;
}

static bool read_endpoint(endpoint *e, const struct sockaddr_storage *from)
{
    if (from->ss_family == AF_INET) {
        const struct sockaddr_in *v4 = (const struct sockaddr_in *)from;
        map_v4(e, &v4->sin_addr);
        e->port = ntohs(v4->sin_port);
        return true;
    }
    const struct sockaddr_in6 *v6 = (const struct sockaddr_in6 *)from;
    memcpy(e->address, &v6->sin6_addr, 16);
    e->port = ntohs(v6->sin6_port);
    return from->ss_family == AF_INET6;
}

int connections_local_port(int fd)
{
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof from;
    endpoint e;
    bool is_tcp = getsockname(fd, (struct sockaddr *)&from, &size) == 0 && read_endpoint(&e, &from);
    return is_tcp ? e.port : 0;
}

typedef enum { NO_CONNECTION, ANOTHER, FOUND } query_result;

static bool peer_of(int fd, endpoint *e)
{
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof from;
    return getpeername(fd, (struct sockaddr *)&from, &size) == 0 && read_endpoint(e, &from);
}

/* What a search looks for. */
typedef struct {
    endpoint peer;
    int local_port;
} target;

static query_result query(rc_descriptors *d, int fd, const target *t)
{
    endpoint e;
    d->queries++;
    if (!peer_of(fd, &e))
        return NO_CONNECTION;
    bool same = e.port == t->peer.port && memcmp(e.address, t->peer.address, sizeof e.address) == 0;
    return same && connections_local_port(fd) == t->local_port ? FOUND : ANOTHER;
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

/* Queries either the descriptors marked as others, or all except those; held ones are skipped. */
static int search_among(rc_descriptors *d, bool among_others, const target *t)
{
    int gap = 0;
    for (int fd = 0; fd < DESCRIPTORS_MAX && gap < GAP_MAX; fd++) {
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

int32_t rc_connection(rc_descriptors *d, int32_t local_port, const uint8_t *address, uint32_t length,
                      int32_t port)
{
    target t = {.peer = {.port = port}, .local_port = local_port};
    if (!d || !address || port < 1 || !parse(&t.peer, address, length))
        return RC_EINVAL;
    int fd = search(d, &t);
    if (fd < 0)
        return RC_ESTALE;
    descriptor_add(d->held, fd);
    descriptor_remove(d->others, fd);
    d->likely = (fd + 1) % DESCRIPTORS_MAX;
    return fd;
}

#ifdef __linux__

/* The start of the kernel's struct tcp_info (include/uapi/linux/tcp.h), which only ever grows. The C libraries
 * declare less of it. */
typedef struct {
    uint8_t flags[8];
    uint32_t values[24];
    uint64_t rates_and_bytes[4];
    uint32_t segments[2], notsent_bytes, others[3];
    uint64_t times[4];
    uint32_t delivered[2];
    uint64_t bytes_sent, bytes_retrans;
} kernel_tcp_info;

/* Index of tcpi_last_data_sent in kernel_tcp_info.values. */
#define LAST_DATA_SENT 9

_Static_assert(offsetof(kernel_tcp_info, values) + LAST_DATA_SENT * 4 == 44, "the kernel's layout");
_Static_assert(offsetof(kernel_tcp_info, notsent_bytes) == 144, "the kernel's layout");
_Static_assert(offsetof(kernel_tcp_info, bytes_sent) == 200, "the kernel's layout");

double rc_written(int32_t fd)
{
    kernel_tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < sizeof info)
        return RC_EINVAL;
    return (double)(info.bytes_sent - info.bytes_retrans + info.notsent_bytes);
}

/* Milliseconds since data was last sent, or since the connection was accepted; 0 if unknown. */
static int32_t quiet_millis(int fd)
{
    kernel_tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < sizeof info)
        return 0;
    uint32_t millis = info.values[LAST_DATA_SENT];
    return millis > INT32_MAX ? INT32_MAX : (int32_t)millis;
}

#else

double rc_written(int32_t fd)
{
    (void)fd;
    return RC_EINVAL;
}

static int32_t quiet_millis(int fd)
{
    (void)fd;
    return 0;
}

#endif

/* Descriptors that this process has open; INT64_MAX if unknown. Linux tells since 6.2, and 0 before. */
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
    bool is_connection = peer_of(fd, peer);
    w->open -= errno != EBADF;
    w->gap = is_connection ? 0 : w->gap + 1;
    if (!is_connection)
        descriptor_remove(d->others, fd);
    return is_connection;
}

int32_t rc_clients(rc_descriptors *d, int32_t local_port, rc_client *out, uint32_t room)
{
    uint32_t count = 0;
    if (!d || !out || local_port < 1)
        return RC_EINVAL;
    d->queries = 0;
    walk w = {.open = open_descriptors()};
    for (int fd = 0; fd < DESCRIPTORS_MAX && !is_over(&w) && count < room; fd++) {
        endpoint e;
        if (descriptor_in(d->held, fd))
            w.open--;
        else if (walk_to(&w, d, fd, &e) && connections_local_port(fd) == local_port)
            out[count++] = client_of(fd, &e);
    }
    return (int32_t)count;
}

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

int32_t rc_reached(int32_t fd, uint8_t *address)
{
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof from;
    endpoint e;
    if (!address)
        return RC_EINVAL;
    if (getsockname(fd, (struct sockaddr *)&from, &size) != 0 || !read_endpoint(&e, &from))
        return RC_ESTALE;
    memcpy(address, e.address, sizeof e.address);
    return 0;
}
