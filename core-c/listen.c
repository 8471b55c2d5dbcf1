/* Tunes listening sockets that belong to a runtime which does not say their descriptors. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "radiocore.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#ifdef __linux__
#define DESCRIPTORS "/proc/self/fd"
#else
#define DESCRIPTORS "/dev/fd"
#endif

/* TCP port of a socket's own address, 0 for every other kind of socket. */
static int32_t local_port(int fd)
{
    struct sockaddr_storage address = {0};
    socklen_t size = sizeof address;
    if (getsockname(fd, (struct sockaddr *)&address, &size) != 0)
        return 0;
    if (address.ss_family == AF_INET)
        return ntohs(((struct sockaddr_in *)&address)->sin_port);
    if (address.ss_family == AF_INET6)
        return ntohs(((struct sockaddr_in6 *)&address)->sin6_port);
    return 0;
}

static bool listens_on(int fd, int32_t port)
{
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0)
        return false;
    return listening && local_port(fd) == port;
}

/* Accepted connections inherit the option; a second listen() only replaces the backlog. */
static bool tune(int fd, int unsent_bytes, int backlog)
{
    socklen_t size = sizeof unsent_bytes;
    if (setsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &unsent_bytes, size) != 0)
        return false;
    return listen(fd, backlog) == 0;
}

int32_t rc_listen_tune(int32_t port, int32_t unsent_bytes, int32_t backlog)
{
    if (port < 1 || port > 65535 || unsent_bytes < 1 || backlog < 1)
        return RC_EINVAL;
    DIR *descriptors = opendir(DESCRIPTORS);
    int32_t tuned = 0;
    if (!descriptors)
        return 0;
    for (struct dirent *entry = readdir(descriptors); entry; entry = readdir(descriptors)) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (*end == '\0' && listens_on((int)fd, port) && tune((int)fd, unsent_bytes, backlog))
            tuned++;
    }
    closedir(descriptors);
    return tuned;
}
