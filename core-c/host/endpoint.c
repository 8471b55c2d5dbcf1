/* Addresses and ports of sockets, whichever family they have. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/endpoint.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

static void map_v4(endpoint *e, const void *address)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    memcpy(e->address, mapped, sizeof mapped);
    memcpy(e->address + sizeof mapped, address, 4);
}

bool endpoint_parse(endpoint *e, const uint8_t *text, uint32_t length)
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

bool endpoint_local(endpoint *e, int fd)
{
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof from;
    return getsockname(fd, (struct sockaddr *)&from, &size) == 0 && read_endpoint(e, &from);
}

bool endpoint_peer(endpoint *e, int fd)
{
    struct sockaddr_storage from = {0};
    socklen_t size = sizeof from;
    return getpeername(fd, (struct sockaddr *)&from, &size) == 0 && read_endpoint(e, &from);
}

int endpoint_local_port(int fd)
{
    endpoint e;
    return endpoint_local(&e, fd) ? e.port : 0;
}
