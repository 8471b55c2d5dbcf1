/* Counts what a connection has sent, by any writer. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "host/progress.h"

#include "radiocore.h"

#ifdef __linux__
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#endif

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

int32_t rc_unacknowledged(int32_t fd)
{
    int bytes = 0;
    return ioctl(fd, SIOCOUTQ, &bytes) == 0 ? bytes : RC_EINVAL;
}

int32_t quiet_millis(int fd)
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

int32_t rc_unacknowledged(int32_t fd)
{
    (void)fd;
    return RC_EINVAL;
}

int32_t quiet_millis(int fd)
{
    (void)fd;
    return 0;
}

#endif
