/* Text for a pipe, a file, a socket or a device that may take none of it: nothing ever waits. */
#define _GNU_SOURCE
#include "fixture.h"
#include "tap.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static int32_t print(int fd, const char *text)
{
    return rc_print(fd, (const uint8_t *)text, (uint32_t)strlen(text));
}

/* Writes lines until none fits, and returns how many bytes went in. */
static size_t fill(int fd)
{
    size_t total = 0;
    int32_t taken;
    while ((taken = print(fd, "a line of the log\n")) > 0)
        total += (size_t)taken;
    CHECK_EQ(taken, 0);
    return total;
}

static void drain(int fd, size_t length)
{
    char got[4096];
    while (length > 0) {
        ssize_t count = read(fd, got, length < sizeof got ? length : sizeof got);
        CHECK(count > 0);
        length -= (size_t)count;
    }
}

static void a_blocking_pipe_that_nobody_reads_is_full_and_goes_on_when_it_is_read(void)
{
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    size_t total = fill(ends[1]);
    CHECK(total > 0);
    drain(ends[0], total);
    CHECK_EQ(print(ends[1], "again\n"), 6);
    close(ends[0]);
    close(ends[1]);
}

static void a_long_text_goes_into_a_pipe_in_pieces_that_never_wait(void)
{
    enum { LENGTH = 1 << 20 };
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    uint8_t *text = malloc(LENGTH);
    memset(text, 'x', LENGTH);
    uint32_t at = 0;
    int32_t taken;
    while ((taken = rc_print(ends[1], text + at, LENGTH - at)) > 0)
        at += (uint32_t)taken;
    CHECK_EQ(taken, 0);
    CHECK(at > 0 && at < LENGTH);
    free(text);
    close(ends[0]);
    close(ends[1]);
}

static void a_pipe_without_a_reader_is_broken(void)
{
    int ends[2];
    CHECK_EQ(pipe(ends), 0);
    close(ends[0]);
    CHECK_EQ(print(ends[1], "x"), RC_ESTALE);
    close(ends[1]);
}

static void a_socket_that_nobody_reads_is_full_and_without_a_peer_broken(void)
{
    int ends[2];
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    size_t total = fill(ends[1]);
    drain(ends[0], total);
    CHECK_EQ(print(ends[1], "again\n"), 6);
    close(ends[0]);
    CHECK_EQ(print(ends[1], "x"), RC_ESTALE);
    close(ends[1]);
}

static void a_file_takes_everything(void)
{
    FILE *file = tmpfile();
    CHECK_EQ(print(fileno(file), "one\n"), 4);
    CHECK_EQ(print(fileno(file), "two\n"), 4);
    CHECK_EQ(lseek(fileno(file), 0, SEEK_CUR), 8);
    fclose(file);
}

static void a_full_disk_is_broken(void)
{
    int fd = open("/dev/full", O_WRONLY);
    if (fd < 0) {
        tap_skip("there is no /dev/full");
        return;
    }
    CHECK_EQ(print(fd, "x"), RC_ESTALE);
    close(fd);
}

static void arguments_that_make_no_sense_are_answered(void)
{
    CHECK_EQ(rc_print(-1, (const uint8_t *)"x", 1), RC_ESTALE);
    CHECK_EQ(rc_print(1, NULL, 1), RC_EINVAL);
    CHECK_EQ(rc_print(1, (const uint8_t *)"", 0), RC_EINVAL);
}

int main(void)
{
    /* As the runtime does. */
    signal(SIGPIPE, SIG_IGN);
    RUN(a_blocking_pipe_that_nobody_reads_is_full_and_goes_on_when_it_is_read);
    RUN(a_long_text_goes_into_a_pipe_in_pieces_that_never_wait);
    RUN(a_pipe_without_a_reader_is_broken);
    RUN(a_socket_that_nobody_reads_is_full_and_without_a_peer_broken);
    RUN(a_file_takes_everything);
    RUN(a_full_disk_is_broken);
    RUN(arguments_that_make_no_sense_are_answered);
    return tap_done();
}
