/* What a service manager is told: read back from real unix datagram sockets. */
#define _GNU_SOURCE
#include "fixture.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

typedef struct {
    int fd;
    char name[64];
} manager;

static int32_t tell(const char *name, const char *text)
{
    return rc_notify((const uint8_t *)name, (uint32_t)strlen(name), (const uint8_t *)text,
                     (uint32_t)strlen(text));
}

static manager listen_at(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    manager m = {.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK, 0)};
    snprintf(m.name, sizeof m.name, "%s", name);
    memcpy(address.sun_path, name, length);
    if (name[0] == '@')
        address.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    CHECK_EQ(bind(m.fd, (struct sockaddr *)&address, size), 0);
    return m;
}

static manager listen_in(char folder[static 64])
{
    char path[64];
    snprintf(folder, 64, "/tmp/notify-XXXXXX");
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/socket", folder);
    return listen_at(path);
}

static void leave(manager *m, const char *folder)
{
    close(m->fd);
    unlink(m->name);
    rmdir(folder);
}

static bool heard(const manager *m, const char *text)
{
    char got[8192];
    ssize_t length = recv(m->fd, got, sizeof got, 0);
    return length == (ssize_t)strlen(text) && memcmp(got, text, (size_t)length) == 0;
}

static void a_socket_with_a_path_hears_each_text_as_one_datagram(void)
{
    char folder[64];
    manager m = listen_in(folder);
    CHECK_EQ(tell(m.name, "READY=1"), 7);
    CHECK_EQ(tell(m.name, "STOPPING=1\nSTATUS=ends"), 22);
    CHECK(heard(&m, "READY=1"));
    CHECK(heard(&m, "STOPPING=1\nSTATUS=ends"));
    CHECK(!heard(&m, ""));
    leave(&m, folder);
}

static void an_abstract_socket_is_named_with_an_at(void)
{
    char name[64];
    snprintf(name, sizeof name, "@radiocore-%ld", (long)getpid());
    manager m = listen_at(name);
    CHECK_EQ(tell(name, "READY=1"), 7);
    CHECK(heard(&m, "READY=1"));
    close(m.fd);
}

static void a_socket_where_nobody_listens_costs_nothing(void)
{
    char folder[64];
    manager m = listen_in(folder);
    CHECK_EQ(tell("/nowhere/at/all", "READY=1"), 0);
    CHECK_EQ(tell("@nobody-has-this-name", "READY=1"), 0);
    close(m.fd);
    CHECK_EQ(tell(m.name, "READY=1"), 0);
    leave(&m, folder);
}

static void a_manager_that_does_not_read_holds_nobody_up(void)
{
    enum { MORE_THAN_ANY_QUEUE = 100000 };
    char folder[64];
    manager m = listen_in(folder);
    int sent = 0;
    while (sent < MORE_THAN_ANY_QUEUE && tell(m.name, "WATCHDOG=1") == 10)
        sent++;
    CHECK(sent > 0 && sent < MORE_THAN_ANY_QUEUE);
    CHECK_EQ(tell(m.name, "WATCHDOG=1"), 0);
    leave(&m, folder);
}

static void no_descriptor_stays_open(void)
{
    int before = dup(0);
    close(before);
    CHECK_EQ(tell("@nobody-has-this-name", "READY=1"), 0);
    int after = dup(0);
    close(after);
    CHECK_EQ(after, before);
}

static void arguments_that_make_no_sense_are_answered(void)
{
    char longest[108];
    const uint8_t *name = (const uint8_t *)"/socket";
    uint8_t text[4097] = {'x'};
    memset(longest, 'x', sizeof longest);
    longest[0] = '/';
    CHECK_EQ(rc_notify((uint8_t *)longest, 107, text, 1), 0);
    CHECK_EQ(rc_notify((uint8_t *)longest, 108, text, 1), RC_EINVAL);
    CHECK_EQ(tell("relative", "READY=1"), RC_EINVAL);
    CHECK_EQ(tell("/", "READY=1"), RC_EINVAL);
    CHECK_EQ(tell("", "READY=1"), RC_EINVAL);
    CHECK_EQ(rc_notify((const uint8_t *)"/a\0b", 4, text, 1), RC_EINVAL);
    CHECK_EQ(rc_notify(NULL, 7, text, 1), RC_EINVAL);
    CHECK_EQ(rc_notify(name, 7, NULL, 1), RC_EINVAL);
    CHECK_EQ(rc_notify(name, 7, text, 0), RC_EINVAL);
    CHECK_EQ(rc_notify(name, 7, text, 4096), 0);
    CHECK_EQ(rc_notify(name, 7, text, 4097), RC_EINVAL);
}

int main(void)
{
    RUN(a_socket_with_a_path_hears_each_text_as_one_datagram);
    RUN(an_abstract_socket_is_named_with_an_at);
    RUN(a_socket_where_nobody_listens_costs_nothing);
    RUN(a_manager_that_does_not_read_holds_nobody_up);
    RUN(no_descriptor_stays_open);
    RUN(arguments_that_make_no_sense_are_answered);
    return tap_done();
}
