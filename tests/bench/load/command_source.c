/* A source client with a perfect encoder: what is due in audio time is written every interval. */
#include "clock.h"
#include "commands.h"
#include "frames.h"
#include "login.h"
#include "mpeg.h"
#include "options.h"
#include "sockets.h"
#include "stop.h"

#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BATCH_BYTES (64 << 10)
#define PATIENCE_SECONDS 10

typedef struct {
    double port, kbits, interval_ms, seconds, first;
    login login;
} wishes;

typedef struct {
    int fd;
    frames frames;
    uint32_t first; /* number of the first frame */
    uint64_t began_us, bytes, worst_us;
} source;

static bool read_wishes(wishes *w, char **words)
{
    *w = (wishes){.kbits = 128, .interval_ms = 104, .seconds = INFINITY};
    w->login = (login){.mount = "/stream", .user = "source", .password = "hackme"};
    const option table[] = {
        {"port", OPTION_NUMBER, &w->port, 1, 65535},
        {"mount", OPTION_TEXT, &w->login.mount, 0, 0},
        {"user", OPTION_TEXT, &w->login.user, 0, 0},
        {"password", OPTION_TEXT, &w->login.password, 0, 0},
        {"bitrate", OPTION_NUMBER, &w->kbits, 32, 320},
        {"interval-ms", OPTION_NUMBER, &w->interval_ms, 1, 10000},
        {"seconds", OPTION_NUMBER, &w->seconds, 0, 86400},
        {"first", OPTION_NUMBER, &w->first, 0, 1e9},
    };
    if (!options_read(words, table, sizeof table / sizeof *table))
        return false;
    uint8_t header[4];
    w->login.kbits = (unsigned)w->kbits;
    bool possible = w->port > 0 && mpeg_header_put(header, w->login.kbits, false);
    if (!possible)
        fprintf(stderr, "load source: give a --port, and a --bitrate that MPEG-1 layer III has\n");
    return possible;
}

static bool is_due(const source *s, uint64_t heard_us)
{
    return frames_us(s->frames.written - s->first) <= heard_us;
}

/* False when the server takes no more. */
static bool write_batch(source *s, uint64_t heard_us)
{
    uint8_t batch[BATCH_BYTES];
    size_t length = 0;
    uint64_t now_us = clock_us();
    while (length + MPEG_FRAME_MAX <= BATCH_BYTES && is_due(s, heard_us))
        length += frames_next(&s->frames, now_us, batch + length);
    s->bytes += length;
    return send(s->fd, batch, length, MSG_NOSIGNAL) == (ssize_t)length;
}

static bool write_due(source *s)
{
    uint64_t heard_us = clock_us() - s->began_us;
    while (is_due(s, heard_us))
        if (!write_batch(s, heard_us))
            return false;
    return true;
}

/* Waits until then. False when the server closes meanwhile. */
static bool wait_until(source *s, uint64_t then_us)
{
    struct pollfd watched = {.fd = s->fd, .events = POLLIN};
    uint8_t ignored[512];
    for (uint64_t now_us; !stop_asked() && (now_us = clock_us()) < then_us;) {
        uint64_t left_us = then_us - now_us;
        struct timespec left = {(time_t)(left_us / 1000000), (long)(left_us % 1000000 * 1000)};
        if (ppoll(&watched, 1, &left, NULL) > 0 && recv(s->fd, ignored, sizeof ignored, 0) <= 0)
            return false;
    }
    uint64_t late_us = clock_us() - then_us;
    if (!stop_asked() && late_us > s->worst_us)
        s->worst_us = late_us;
    return true;
}

static bool play(source *s, const wishes *w)
{
    uint64_t interval_us = us_of_seconds(w->interval_ms / 1000);
    s->began_us = clock_us();
    for (uint64_t tick_us = s->began_us; !stop_asked(); tick_us += interval_us) {
        if ((double)(tick_us - s->began_us) >= w->seconds * 1e6)
            return true;
        if (!wait_until(s, tick_us) || !write_due(s))
            return false;
    }
    return true;
}

static int run(source *s, const wishes *w)
{
    if (!login_take(s->fd, &w->login))
        return 1;
    printf("{\"event\":\"live\"}\n");
    fflush(stdout);
    bool fine = play(s, w);
    if (!fine)
        fprintf(stderr, "load source: the server closed the connection, or takes no more\n");
    printf("{\"event\":\"report\",\"frames\":%" PRIu32 ",\"bytes\":%" PRIu64
           ",\"worst_lateness_ms\":%.3f,\"seconds\":%.3f}\n",
           s->frames.written - s->first, s->bytes, (double)s->worst_us / 1000,
           (double)(clock_us() - s->began_us) / 1e6);
    return fine ? 0 : 1;
}

int command_source(char **words)
{
    wishes w;
    if (!read_wishes(&w, words))
        return 2;
    source s = {.first = (uint32_t)w.first};
    s.frames = (frames){.kbits = w.login.kbits, .written = s.first};
    s.fd = sockets_connect((uint16_t)w.port, PATIENCE_SECONDS);
    if (s.fd < 0) {
        perror("load source: the server cannot be reached");
        return 1;
    }
    int code = run(&s, &w);
    close(s.fd);
    return code;
}
