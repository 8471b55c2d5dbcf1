/* The destination is always 127.0.0.1; sources are all of 127/8, which are this machine too. */
#include "sockets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#define OTHER_FILES 16
#define BACKLOG 4096

bool sockets_fit(size_t count)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_max >= count + OTHER_FILES)
        return true;
    fprintf(stderr, "load: %zu sockets do not fit: the hard limit is %llu files (ulimit -Hn)\n", count,
            (unsigned long long)limit.rlim_max);
    return false;
}

static struct sockaddr_in loopback(uint32_t host, uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK + host)};
}

static void set(int fd, int level, int name)
{
    int on = 1;
    setsockopt(fd, level, name, &on, sizeof on);
}

static int closed(int fd)
{
    close(fd);
    return -1;
}

int sockets_connect(uint16_t port, unsigned seconds)
{
    struct sockaddr_in server = loopback(0, port);
    struct timeval patience = {.tv_sec = (time_t)seconds};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    set(fd, IPPROTO_TCP, TCP_NODELAY);
    return connect(fd, (struct sockaddr *)&server, sizeof server) == 0 ? fd : closed(fd);
}

int sockets_begin(uint16_t port, uint32_t address)
{
    struct sockaddr_in server = loopback(0, port);
    struct sockaddr_in own = loopback(address, 0);
    struct linger reset = {.l_onoff = 1};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    set(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    if (bind(fd, (struct sockaddr *)&own, sizeof own) != 0)
        return closed(fd);
    int answer = connect(fd, (struct sockaddr *)&server, sizeof server);
    return answer == 0 || errno == EINPROGRESS ? fd : closed(fd);
}

void sockets_leave(int fd)
{
    struct linger clean = {.l_onoff = 0};
    setsockopt(fd, SOL_SOCKET, SO_LINGER, &clean, sizeof clean);
    close(fd);
}

int sockets_listen(uint16_t *port)
{
    struct sockaddr_in own = loopback(0, *port);
    socklen_t size = sizeof own;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    set(fd, SOL_SOCKET, SO_REUSEADDR);
    if (bind(fd, (struct sockaddr *)&own, size) != 0 || listen(fd, BACKLOG) != 0)
        return closed(fd);
    getsockname(fd, (struct sockaddr *)&own, &size);
    *port = ntohs(own.sin_port);
    return fd;
}
