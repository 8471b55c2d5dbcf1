/* Tunes the listening sockets of a runtime that does not expose their descriptors. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/endpoint.h"
#include "radiocore.h"

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

#define PROBES 5
#define SILENT_SECONDS_MAX 86400

static bool listens_on(int fd, int32_t port)
{
    int listening = 0;
    socklen_t size = sizeof listening;
    if (getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) != 0)
        return false;
    return listening && endpoint_local_port(fd) == port;
}

static bool set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof value) == 0;
}

/* Keepalive probes find dead peers of connections that send nothing. macOS has no limit for unacknowledged
 * data; there the probes alone must do, with the system's timing. */
static bool notice_silence(int fd, int seconds)
{
#ifdef __linux__
    int probing = seconds > 2 * PROBES ? seconds / (2 * PROBES) : 1;
    bool timed = set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, seconds * 1000) &&
                 set(fd, IPPROTO_TCP, TCP_KEEPIDLE, seconds > 1 ? seconds / 2 : 1) &&
                 set(fd, IPPROTO_TCP, TCP_KEEPINTVL, probing) &&
                 set(fd, IPPROTO_TCP, TCP_KEEPCNT, PROBES);
    if (!timed)
        return false;
#else
    (void)seconds;
#endif
    return set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
}

/* Accepted connections inherit the options; a second listen() only replaces the backlog. */
static bool tune(int fd, int unsent_bytes, int silent_seconds, int backlog)
{
    return set(fd, IPPROTO_TCP, TCP_NOTSENT_LOWAT, unsent_bytes) &&
           notice_silence(fd, silent_seconds) && listen(fd, backlog) == 0;
}

int32_t rc_listen_tune(int32_t port, int32_t unsent_bytes, int32_t silent_seconds, int32_t backlog)
{
    if (port < 1 || port > 65535 || unsent_bytes < 1 || backlog < 1)
        return RC_EINVAL;
    if (silent_seconds < 1 || silent_seconds > SILENT_SECONDS_MAX)
        return RC_EINVAL;
    DIR *descriptors = opendir(DESCRIPTORS);
    int32_t tuned = 0;
    if (!descriptors)
        return 0;
    for (struct dirent *entry = readdir(descriptors); entry; entry = readdir(descriptors)) {
        char *end;
        long fd = strtol(entry->d_name, &end, 10);
        if (*end != '\0' || !listens_on((int)fd, port))
            continue;
        if (tune((int)fd, unsent_bytes, silent_seconds, backlog))
            tuned++;
    }
    closedir(descriptors);
    return tuned;
}
