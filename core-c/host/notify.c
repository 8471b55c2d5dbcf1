/* Notifies a service manager over a unix datagram socket, which the runtime cannot open. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "radiocore.h"

#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TEXT_MAX 4096u

static int32_t send_to(const struct sockaddr_un *address, socklen_t size, const uint8_t *text,
                       uint32_t length)
{
    int fd = socket(AF_UNIX, SOCK_DGRAM, 0);
    if (fd < 0)
        return 0;
    ssize_t sent = sendto(fd, text, length, MSG_DONTWAIT, (const struct sockaddr *)address, size);
    close(fd);
    return sent < 0 ? 0 : (int32_t)sent;
}

int32_t rc_notify(const uint8_t *name, uint32_t name_length, const uint8_t *text, uint32_t length)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (!name || name_length < 2 || name_length >= sizeof address.sun_path)
        return RC_EINVAL;
    if ((name[0] != '/' && name[0] != '@') || memchr(name, 0, name_length))
        return RC_EINVAL;
    if (!text || length < 1 || length > TEXT_MAX)
        return RC_EINVAL;
    memcpy(address.sun_path, name, name_length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    /* An abstract name is as long as the address says, a path ends with its NUL. */
    size_t size = offsetof(struct sockaddr_un, sun_path) + name_length + (name[0] == '/');
    return send_to(&address, (socklen_t)size, text, length);
}
