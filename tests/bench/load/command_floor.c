/* The cost nobody can beat: one thread, no format, no titles, no checks, one send of
 * `span` bytes per listener. */
#include "clock.h"
#include "commands.h"
#include "floor_ring.h"
#include "options.h"
#include "sockets.h"
#include "stop.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_BYTES 4096
#define EVENTS 256
#define WAIT_MS 100

typedef struct {
    int fd;
    uint32_t due; /* bytes of its next send: `span`, but for the first, which sets its phase */
    uint64_t cursor;
} hearer;

typedef struct {
    double port, span, ring, most;
} wishes;

typedef struct {
    int poll, door, source;
    size_t span, most, count;
    floor_ring ring;
    hearer *hearers;
    uint64_t joined, sends, sent_bytes, dropped;
} floor_server;

static const char ANSWER[] = "HTTP/1.0 200 OK\r\nContent-Type: audio/mpeg\r\n\r\n";
static const char ADMITTED[] = "HTTP/1.0 200 OK\r\n\r\n";

static bool read_wishes(wishes *w, char **words)
{
    *w = (wishes){.port = -1, .span = 8192, .ring = 4 << 20, .most = 1000};
    const option table[] = {
        {"port", OPTION_NUMBER, &w->port, 0, 65535},
        {"span", OPTION_NUMBER, &w->span, 1, 1 << 20},
        {"ring", OPTION_NUMBER, &w->ring, 1 << 15, 1 << 30},
        {"max", OPTION_NUMBER, &w->most, 1, 1e6},
    };
    if (!options_read(words, table, sizeof table / sizeof *table))
        return false;
    bool possible = w->port >= 0 && w->span <= w->ring / 4;
    if (!possible)
        fprintf(stderr, "load floor: give a --port, and at most a quarter of --ring as --span\n");
    return possible && sockets_fit((size_t)w->most + 1);
}

static void watch(const floor_server *s, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    epoll_ctl(s->poll, EPOLL_CTL_ADD, fd, &event);
}

static void welcome(const floor_server *s)
{
    int fd = accept4(s->door, NULL, NULL, SOCK_NONBLOCK);
    if (fd >= 0)
        watch(s, fd);
}

/* Phases follow the golden ratio: even for any number of listeners. */
static uint32_t first_due(floor_server *s)
{
    double turns = (double)s->joined++ * 0.6180339887;
    return 1 + (uint32_t)((turns - (double)(uint64_t)turns) * (double)(s->span - 1));
}

/* The last takes its place: nobody is anywhere in particular. */
static void drop(floor_server *s, hearer *h)
{
    close(h->fd);
    *h = s->hearers[--s->count];
    s->dropped++;
}

static void join(floor_server *s, int fd)
{
    if (s->count == s->most) {
        close(fd);
        return;
    }
    epoll_ctl(s->poll, EPOLL_CTL_DEL, fd, NULL);
    send(fd, ANSWER, sizeof ANSWER - 1, MSG_NOSIGNAL);
    s->hearers[s->count++] = (hearer){fd, first_due(s), s->ring.head};
}

/* A source's next bytes are its audio. */
static void admit(floor_server *s, int fd)
{
    send(fd, ADMITTED, sizeof ADMITTED - 1, MSG_NOSIGNAL);
    s->source = fd;
}

/* The head is left in the socket until it is complete, so that nothing need be kept of it. */
static void greet(floor_server *s, int fd)
{
    char text[HEAD_BYTES + 1];
    ssize_t length = recv(fd, text, HEAD_BYTES, MSG_PEEK);
    text[length > 0 ? length : 0] = 0;
    const char *end = strstr(text, "\r\n\r\n");
    if (!end && (length <= 0 || length == HEAD_BYTES)) {
        close(fd);
    } else if (end) {
        recv(fd, text, (size_t)(end + 4 - text), 0);
        if (strncmp(text, "GET ", 4) == 0)
            join(s, fd);
        else
            admit(s, fd);
    }
}

static bool serve_due(floor_server *s, hearer *h)
{
    span due = ring_span(&s->ring, h->cursor, h->due);
    ssize_t sent = send(h->fd, due.bytes, due.length, MSG_NOSIGNAL | MSG_DONTWAIT);
    s->sends++;
    if (sent < 0)
        return errno == EAGAIN;
    s->sent_bytes += (uint64_t)sent;
    h->cursor += (uint64_t)sent;
    h->due = (uint32_t)s->span;
    return true;
}

/* Nobody may fall so far behind that the ring overwrites what is due to it. */
static bool is_behind(const floor_server *s, const hearer *h)
{
    return s->ring.head - h->cursor > s->ring.size / 2;
}

static void serve_all(floor_server *s)
{
    for (size_t i = s->count; i-- > 0;) {
        hearer *h = &s->hearers[i];
        while (s->ring.head - h->cursor >= h->due) {
            uint64_t before = h->cursor;
            if (is_behind(s, h) || !serve_due(s, h)) {
                drop(s, h);
                break;
            }
            if (h->cursor == before)
                break;
        }
    }
}

static void take(floor_server *s)
{
    ptrdiff_t length = ring_receive(&s->ring, s->source);
    if (length > 0) {
        serve_all(s);
    } else if (length == 0 || errno != EAGAIN) {
        close(s->source);
        s->source = -1;
    }
}

static void turn(floor_server *s)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(s->poll, events, EVENTS, WAIT_MS);
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;
        if (fd == s->door)
            welcome(s);
        else if (fd == s->source)
            take(s);
        else
            greet(s, fd);
    }
}

static void run(floor_server *s, uint16_t port)
{
    printf("{\"event\":\"listening\",\"port\":%u}\n", port);
    fflush(stdout);
    while (!stop_asked())
        turn(s);
    printf("{\"event\":\"report\",\"listeners\":%zu,\"dropped\":%" PRIu64 ",\"sends\":%" PRIu64
           ",\"sent_bytes\":%" PRIu64 ",\"cpu_seconds\":%.3f}\n",
           s->count, s->dropped, s->sends, s->sent_bytes, clock_cpu_seconds());
}

int command_floor(char **words)
{
    wishes w;
    if (!read_wishes(&w, words))
        return 2;
    uint16_t port = (uint16_t)w.port;
    floor_server s = {.source = -1, .span = (size_t)w.span, .most = (size_t)w.most};
    s.hearers = calloc(s.most, sizeof *s.hearers);
    s.poll = epoll_create1(0);
    s.door = sockets_listen(&port);
    if (s.door < 0 || !s.hearers || !ring_open(&s.ring, (size_t)w.ring, s.span)) {
        perror("load floor: cannot listen");
        return 1;
    }
    watch(&s, s.door);
    run(&s, port);
    ring_close(&s.ring);
    free(s.hearers);
    return 0;
}
