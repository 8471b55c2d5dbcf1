/* Accepted connections of a runtime that says neither their descriptors nor what it has written there. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/connections.h"

#include "radiocore.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#ifdef __linux__
#include <netinet/tcp.h>
#endif

#define DESCRIPTORS_MAX (1 << 20)

/* Behind so many in a row that are no connections the search ends: a new descriptor is the lowest that was
 * free, so what is searched for lies low. */
#define FOREIGN_MAX 1024

/* Descriptors are the process's, so this is: a bit for each that a listener has. */
static uint64_t held[DESCRIPTORS_MAX / 64];

/* A bit for each that a search found to be something else: searched last, so that a crowd of idle
 * connections is not asked about again for each that comes. */
static uint64_t known[DESCRIPTORS_MAX / 64];

/* Where the next connection of a crowd is likely to be. */
static int likely;

/* Asks to the system by the last search. */
static uint32_t looks;

static bool is_set(const uint64_t *bits, int fd)
{
    return bits[fd / 64] >> (fd % 64) & 1;
}

static void set_bit(uint64_t *bits, int fd)
{
    bits[fd / 64] |= UINT64_C(1) << (fd % 64);
}

static void clear_bit(uint64_t *bits, int fd)
{
    bits[fd / 64] &= ~(UINT64_C(1) << (fd % 64));
}

static bool is_held(int fd)
{
    return is_set(held, fd);
}

void connections_hold(int fd)
{
    if (fd >= 0 && fd < DESCRIPTORS_MAX)
        set_bit(held, fd);
}

void connections_release(int fd)
{
    if (fd < 0 || fd >= DESCRIPTORS_MAX)
        return;
    clear_bit(held, fd);
    clear_bit(known, fd);
}

uint32_t connections_looks(void)
{
    return looks;
}

int32_t rc_release(int32_t fd)
{
    connections_release(fd);
    return 0;
}

/* An address of either family, as one of IPv6. */
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

typedef enum { NO_CONNECTION, ANOTHER, FOUND } look_result;

static bool peer_of(int fd, endpoint *e)
{
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof from;
    looks++;
    return getpeername(fd, (struct sockaddr *)&from, &size) == 0 && read_endpoint(e, &from);
}

static look_result look(int fd, const endpoint *peer, int local_port)
{
    endpoint e;
    if (!peer_of(fd, &e))
        return NO_CONNECTION;
    bool same = e.port == peer->port && memcmp(e.address, peer->address, sizeof e.address) == 0;
    return same && connections_local_port(fd) == local_port ? FOUND : ANOTHER;
}

/* Looks at those that are known to be something else, or at all others. Ends behind the last that may be
 * a connection. */
static int search_among(bool among_known, const endpoint *peer, int local_port)
{
    int foreign = 0;
    for (int fd = 0; fd < DESCRIPTORS_MAX && foreign < FOREIGN_MAX; fd++) {
        uint64_t passed = held[fd / 64] | (among_known ? ~known[fd / 64] : known[fd / 64]);
        if (passed >> (fd % 64) & 1) {
            if (is_held(fd))
                continue;
            foreign = among_known ? foreign + 1 : 0;
            continue;
        }
        look_result result = look(fd, peer, local_port);
        if (result == FOUND)
            return fd;
        if (result == ANOTHER)
            set_bit(known, fd);
        else
            clear_bit(known, fd);
        foreign = result == ANOTHER ? 0 : foreign + 1;
    }
    return -1;
}

/* A descriptor that is known may have become another connection since: so those come last, not never. */
static int search(const endpoint *peer, int local_port)
{
    looks = 0;
    if (!is_held(likely) && look(likely, peer, local_port) == FOUND)
        return likely;
    int fd = search_among(false, peer, local_port);
    return fd >= 0 ? fd : search_among(true, peer, local_port);
}

int32_t rc_connection(int32_t local_port, const uint8_t *address, uint32_t length, int32_t port)
{
    endpoint peer = {.port = port};
    if (!address || port < 1 || !parse(&peer, address, length))
        return RC_EINVAL;
    int fd = search(&peer, local_port);
    if (fd < 0)
        return RC_ESTALE;
    connections_hold(fd);
    clear_bit(known, fd);
    likely = (fd + 1) % DESCRIPTORS_MAX;
    return fd;
}

#ifdef __linux__

/* The head of the kernel's struct tcp_info, which is longer than what the C libraries show of it. Its layout
 * only grows: include/uapi/linux/tcp.h. */
typedef struct {
    uint8_t flags[8];
    uint32_t values[24];
    uint64_t rates_and_bytes[4];
    uint32_t segments[2], notsent_bytes, others[3];
    uint64_t times[4];
    uint32_t delivered[2];
    uint64_t bytes_sent, bytes_retrans;
} kernel_tcp_info;

/* Of kernel_tcp_info.values: tcpi_last_data_sent. */
#define LAST_DATA_SENT 9

_Static_assert(offsetof(kernel_tcp_info, values) + LAST_DATA_SENT * 4 == 44, "as the kernel lays it out");
_Static_assert(offsetof(kernel_tcp_info, notsent_bytes) == 144, "as the kernel lays it out");
_Static_assert(offsetof(kernel_tcp_info, bytes_sent) == 200, "as the kernel lays it out");

double rc_written(int32_t fd)
{
    kernel_tcp_info info;
    socklen_t size = sizeof info;
    if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < sizeof info)
        return RC_EINVAL;
    return (double)(info.bytes_sent - info.bytes_retrans + info.notsent_bytes);
}

#else

double rc_written(int32_t fd)
{
    (void)fd;
    return RC_EINVAL;
}

#endif

#ifdef __linux__

/* Milliseconds since it was last sent something, or since it was accepted; 0 when it is not known. */
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

static int32_t quiet_millis(int fd)
{
    (void)fd;
    return 0;
}

#endif

int32_t rc_clients(int32_t local_port, rc_client *out, uint32_t room)
{
    uint32_t count = 0;
    int foreign = 0;
    if (!out || local_port < 1)
        return RC_EINVAL;
    for (int fd = 0; fd < DESCRIPTORS_MAX && foreign < FOREIGN_MAX && count < room; fd++) {
        endpoint e;
        if (is_held(fd))
            continue;
        if (!peer_of(fd, &e)) {
            clear_bit(known, fd);
            foreign++;
            continue;
        }
        foreign = 0;
        if (connections_local_port(fd) != local_port)
            continue;
        out[count] = (rc_client){.fd = fd, .quiet_ms = quiet_millis(fd)};
        memcpy(out[count++].peer, e.address, sizeof e.address);
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
