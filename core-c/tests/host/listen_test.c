/* The listening sockets of this process: found by port, tuned, and nothing else touched. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "fixture.h"
#include "tap.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

typedef struct {
    int fd;
    int32_t port;
} door;

static door door_open(bool listening)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    socklen_t size = sizeof address;
    door d = {.fd = socket(AF_INET, SOCK_STREAM, 0)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    CHECK_EQ(bind(d.fd, (struct sockaddr *)&address, size), 0);
    CHECK(!listening || listen(d.fd, 1) == 0);
    CHECK_EQ(getsockname(d.fd, (struct sockaddr *)&address, &size), 0);
    d.port = ntohs(address.sin_port);
    return d;
}

static int unsent_limit(int fd)
{
    int bytes = -1;
    socklen_t size = sizeof bytes;
    CHECK_EQ(getsockopt(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, &bytes, &size), 0);
    return bytes;
}

static int option_of(int fd, int level, int name)
{
    int value = -1;
    socklen_t size = sizeof value;
    CHECK_EQ(getsockopt(fd, level, name, &value, &size), 0);
    return value;
}

static int call(const door *d)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    struct timeval patience = {.tv_sec = 1};
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_EQ(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience), 0);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons((uint16_t)d->port);
    CHECK_EQ(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

static void only_listening_sockets_of_the_port_are_tuned(void)
{
    door ours = door_open(true), other = door_open(true), bound = door_open(false);
    int caller = call(&ours), before = unsent_limit(caller);
    CHECK_EQ(rc_listen_tune(ours.port, 20000, 30, 512), 1);
    CHECK_EQ(unsent_limit(ours.fd), 20000);
    CHECK_EQ(unsent_limit(other.fd), before);
    CHECK_EQ(unsent_limit(caller), before);
    CHECK_EQ(rc_listen_tune(bound.port, 20000, 30, 512), 0);
    CHECK_EQ(unsent_limit(bound.fd), before);
    close(caller);
    close(bound.fd);
    close(other.fd);
    close(ours.fd);
}

static void accepted_connections_inherit_the_limit(void)
{
    door d = door_open(true);
    CHECK_EQ(rc_listen_tune(d.port, 30000, 30, 512), 1);
    int caller = call(&d), accepted = accept(d.fd, NULL, NULL);
    CHECK_EQ(unsent_limit(accepted), 30000);
    close(accepted);
    close(caller);
    close(d.fd);
}

static void accepted_connections_notice_who_is_not_there(void)
{
    door d = door_open(true);
    CHECK_EQ(rc_listen_tune(d.port, 30000, 60, 512), 1);
    int caller = call(&d), accepted = accept(d.fd, NULL, NULL);
    CHECK_EQ(option_of(accepted, SOL_SOCKET, SO_KEEPALIVE) != 0, 1);
#ifdef __linux__
    CHECK_EQ(option_of(accepted, IPPROTO_TCP, TCP_USER_TIMEOUT), 60000);
    CHECK_EQ(option_of(accepted, IPPROTO_TCP, TCP_KEEPIDLE), 30);
    CHECK_EQ(option_of(accepted, IPPROTO_TCP, TCP_KEEPINTVL) *
                 option_of(accepted, IPPROTO_TCP, TCP_KEEPCNT),
             30);
#endif
    close(accepted);
    close(caller);
    close(d.fd);
}

static void the_shortest_silence_can_be_asked_for(void)
{
    door d = door_open(true);
    CHECK_EQ(rc_listen_tune(d.port, 30000, 1, 512), 1);
    close(d.fd);
}

static void the_backlog_is_raised(void)
{
    enum { CALLERS = 64 };
    int callers[CALLERS];
    door d = door_open(true); /* with a backlog of one a third caller would wait for nothing */
    CHECK_EQ(rc_listen_tune(d.port, 16384, 30, CALLERS), 1);
    for (int i = 0; i < CALLERS; i++)
        callers[i] = call(&d);
    for (int i = 0; i < CALLERS; i++)
        close(callers[i]);
    close(d.fd);
}

static void sockets_of_ipv6_are_found_too(void)
{
    struct sockaddr_in6 address = {.sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET6, SOCK_STREAM, 0);
    if (fd >= 0 && bind(fd, (struct sockaddr *)&address, size) == 0 && listen(fd, 1) == 0) {
        CHECK_EQ(getsockname(fd, (struct sockaddr *)&address, &size), 0);
        CHECK_EQ(rc_listen_tune(ntohs(address.sin6_port), 20000, 30, 512), 1);
        CHECK_EQ(unsent_limit(fd), 20000);
    } else
        tap_skip("no IPv6 here");
    close(fd);
}

static void arguments_that_make_no_sense_are_answered(void)
{
    CHECK_EQ(rc_listen_tune(0, 16384, 30, 512), RC_EINVAL);
    CHECK_EQ(rc_listen_tune(65536, 16384, 30, 512), RC_EINVAL);
    CHECK_EQ(rc_listen_tune(-1, 16384, 30, 512), RC_EINVAL);
    CHECK_EQ(rc_listen_tune(8000, 0, 30, 512), RC_EINVAL);
    CHECK_EQ(rc_listen_tune(8000, 16384, 0, 512), RC_EINVAL);
    CHECK_EQ(rc_listen_tune(8000, 16384, 86401, 512), RC_EINVAL);
    CHECK_EQ(rc_listen_tune(8000, 16384, 30, 0), RC_EINVAL);
}

int main(void)
{
    RUN(only_listening_sockets_of_the_port_are_tuned);
    RUN(accepted_connections_inherit_the_limit);
    RUN(accepted_connections_notice_who_is_not_there);
    RUN(the_shortest_silence_can_be_asked_for);
    RUN(the_backlog_is_raised);
    RUN(sockets_of_ipv6_are_found_too);
    RUN(arguments_that_make_no_sense_are_answered);
    return tap_done();
}
