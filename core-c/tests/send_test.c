/* Audio that goes straight to sockets: what is written, what is left, and to whom. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "fixture.h"
#include "tap.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME 128 /* a page holds whole ones */

/* Our end and the listener's; ours is small, so that it fills within a page of audio or two. */
typedef struct {
    int ours, theirs;
} line;

static line line_open(void)
{
    int fds[2], small = 4096;
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    return (line){fds[0], fds[1]};
}

static void line_close(line l)
{
    close(l.ours);
    close(l.theirs);
}

/* What has arrived, 0 when nothing has. */
static size_t hear(line l, uint8_t *out, size_t size)
{
    ssize_t count = read(l.theirs, out, size);
    return count < 0 ? 0 : (size_t)count;
}

static void what_a_socket_takes_is_done_with(void)
{
    uint8_t heard[8 * FRAME];
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    int32_t listener = rc_join(b, 0, 0, 0);
    CHECK_EQ(rc_socket(b, listener, l.ours), 0);
    feed_mp3(ring, 3, FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(rc_send(b), 0);
    CHECK_EQ(hear(l, heard, sizeof heard), 3 * FRAME);
    CHECK(is_audio(heard, 0, 3 * FRAME));
    CHECK_EQ(rc_send(b), 0);
    CHECK_EQ(hear(l, heard, sizeof heard), 0);
    line_close(l);
    close_both(b, ring);
}

static void events_of_others_stay_in_their_order(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    int32_t first = rc_join(b, 0, 0, 0), wired = rc_join(b, 0, 0, 0), last = rc_join(b, 0, 100, 0);
    rc_socket(b, wired, l.ours);
    feed_mp3(ring, 3, FRAME);
    CHECK_EQ(rc_tick(b, 1), 3);
    CHECK_EQ(rc_send(b), 2);
    const rc_event *events = rc_broadcaster_events(b);
    CHECK_EQ((int32_t)events[0].listener, first);
    CHECK_EQ(events[0].length, 3 * FRAME);
    CHECK_EQ((int32_t)events[1].listener, last);
    CHECK_EQ(events[1].kind, RC_SEND_ARENA);
    line_close(l);
    close_both(b, ring);
}

static void the_rest_of_what_a_socket_does_not_take_is_left(void)
{
    static uint8_t heard[1 << 20];
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    int32_t listener = rc_join(b, 0, 0, 0);
    rc_socket(b, listener, l.ours);
    feed_mp3(ring, 65536 / FRAME, FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(rc_send(b), 1);
    rc_event rest = rc_broadcaster_events(b)[0];
    CHECK_EQ((int32_t)rest.listener, listener);
    CHECK_EQ(rest.kind, RC_SEND_RING);
    CHECK(rest.offset > 0 && rest.length > 0);
    CHECK_EQ(rest.length, 16384);
    rc_listener state;
    CHECK_EQ(rc_inspect(b, listener, &state), 0);
    CHECK_EQ(state.cursor, rest.offset + rest.length);
    size_t count = hear(l, heard, sizeof heard);
    CHECK_EQ(count, rest.offset);
    CHECK(is_audio(heard, 0, count));
    CHECK(is_audio(rc_ring_memory(ring) + rest.offset, rest.offset, rest.length));
    line_close(l);
    close_both(b, ring);
}

/* Works off what is left as a caller does: a rest is kept until the listener has read, then sent. */
static size_t hear_all(rc_broadcaster *b, rc_ring *ring, int32_t listener, line l, uint8_t *heard)
{
    size_t length = 0;
    for (int32_t n = rc_take(b, listener, 1); n > 0; n = rc_take(b, listener, 1)) {
        int32_t left = rc_send(b);
        length += hear(l, heard + length, 1 << 18);
        if (left == 0)
            continue;
        rc_event rest = rc_broadcaster_events(b)[0];
        memcpy(heard + length, rc_ring_memory(ring) + rest.offset, rest.length);
        length += rest.length;
    }
    return length;
}

static void what_is_taken_back_comes_again_once_and_in_order(void)
{
    static uint8_t heard[1 << 20];
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    feed_mp3(ring, 2000, 417);
    int32_t listener = rc_join(b, 3600, 0, 0);
    rc_socket(b, listener, l.ours);
    CHECK_EQ(hear_all(b, ring, listener, l, heard), 2000 * 417);
    CHECK(is_audio(heard, 0, 2000 * 417));
    rc_listener state;
    CHECK_EQ(rc_inspect(b, listener, &state), 0);
    CHECK_EQ(state.sent_bytes, 2000 * 417);
    CHECK_EQ(rc_broadcaster_sent(b), 2000 * 417);
    line_close(l);
    close_both(b, ring);
}

/* A full socket: nothing more goes into it. */
static line line_full(void)
{
    static const uint8_t zeroes[65536];
    line l = line_open();
    while (write(l.ours, zeroes, sizeof zeroes) > 0)
        ;
    return l;
}

static void of_audio_with_titles_no_more_is_left(void)
{
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_full();
    int32_t bare = rc_join(b, 0, 1000, 0), wired = rc_join(b, 0, 1000, 0);
    rc_socket(b, wired, l.ours);
    feed_mp3(ring, 65536 / FRAME, FRAME);
    CHECK_EQ(rc_tick(b, 1), 2);
    CHECK_EQ(rc_send(b), 2);
    const rc_event *events = rc_broadcaster_events(b);
    CHECK_EQ((int32_t)events[0].listener, bare);
    CHECK_EQ(events[0].length, 65536 + 65);
    CHECK_EQ((int32_t)events[1].listener, wired);
    CHECK_EQ(events[1].length, 16384 + 16);
    line_close(l);
    close_both(b, ring);
}

static void a_frame_longer_than_what_is_left_goes_on_inside_of_it(void)
{
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_full();
    int32_t listener = rc_join(b, 0, 0, 0);
    rc_socket(b, listener, l.ours);
    feed_mp3(ring, 1, 60000);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(rc_send(b), 1);
    CHECK_EQ(rc_broadcaster_events(b)[0].length, 16384);
    CHECK_EQ(rc_take(b, listener, 1), 1);
    CHECK_EQ(rc_broadcaster_events(b)[0].offset, 16384);
    CHECK_EQ(rc_broadcaster_events(b)[0].length, 60000 - 16384);
    line_close(l);
    close_both(b, ring);
}

static void a_broken_socket_leaves_the_whole_span_and_ends_nothing(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    int32_t listener = rc_join(b, 0, 0, 0);
    rc_socket(b, listener, l.ours);
    close(l.theirs);
    feed_mp3(ring, 3, FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(rc_send(b), 1);
    CHECK_EQ(rc_broadcaster_events(b)[0].length, 3 * FRAME);
    close(l.ours);
    close_both(b, ring);
}

static void lags_and_stalls_are_left_to_the_caller(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    int32_t stalled = rc_join(b, 0, 0, 0), lagging = rc_join(b, 0, 0, 0);
    rc_socket(b, stalled, l.ours);
    rc_socket(b, lagging, l.ours);
    rc_broadcaster_tune(b, INFINITY, INFINITY, 1);
    rc_blocked(b, stalled, 1, 0);
    feed_mp3(ring, 3 * (uint32_t)rc_ring_capacity(ring) / FRAME, FRAME);
    CHECK_EQ(rc_tick(b, 1000), 3);
    CHECK_EQ(rc_send(b), 2);
    CHECK_EQ(rc_broadcaster_events(b)[0].kind, RC_STALLED);
    CHECK_EQ(rc_broadcaster_events(b)[1].kind, RC_LAGGED);
    line_close(l);
    close_both(b, ring);
}

static void titles_go_to_sockets_too(void)
{
    uint8_t heard[8 * FRAME];
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    set_title(ring, "StreamTitle='one';");
    int32_t listener = rc_join(b, 0, FRAME, 0);
    rc_socket(b, listener, l.ours);
    feed_mp3(ring, 2, FRAME);
    rc_take(b, listener, 1);
    CHECK_EQ(rc_send(b), 0);
    CHECK_EQ(hear(l, heard, sizeof heard), 2 * FRAME + 1 + 32);
    CHECK(is_audio(heard, 0, FRAME));
    CHECK_EQ(heard[FRAME], 2);
    CHECK(is_audio(heard + FRAME + 33, FRAME, FRAME));
    line_close(l);
    close_both(b, ring);
}

static void a_listener_keeps_its_socket_when_it_moves(void)
{
    uint8_t heard[8 * FRAME];
    rc_ring *here = small_ring(), *there = small_ring();
    rc_broadcaster *a = eager(here, 4, 16), *b = eager(there, 4, 16);
    line l = line_open();
    int32_t listener = rc_join(a, 0, 0, 0);
    rc_socket(a, listener, l.ours);
    CHECK(rc_move(a, listener, b, 0) > 0);
    feed_mp3(there, 2, FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(rc_send(b), 0);
    CHECK_EQ(hear(l, heard, sizeof heard), 2 * FRAME);
    line_close(l);
    close_both(a, here);
    close_both(b, there);
}

static void who_has_left_is_not_written_to_and_who_takes_the_place_has_no_socket(void)
{
    uint8_t heard[8 * FRAME];
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 1, 16);
    line l = line_open();
    int32_t first = rc_join(b, 0, 0, 0);
    rc_socket(b, first, l.ours);
    feed_mp3(ring, 1, FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    rc_leave(b, first);
    CHECK_EQ(rc_send(b), 1);
    CHECK(rc_join(b, 0, 0, 2) > 0);
    feed_mp3(ring, 1, FRAME);
    CHECK_EQ(rc_tick(b, 3), 1);
    CHECK_EQ(rc_send(b), 1);
    CHECK_EQ(hear(l, heard, sizeof heard), 0);
    line_close(l);
    close_both(b, ring);
}

static void a_socket_can_be_taken_away(void)
{
    uint8_t heard[8 * FRAME];
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    line l = line_open();
    int32_t listener = rc_join(b, 0, 0, 0);
    rc_socket(b, listener, l.ours);
    rc_socket(b, listener, -7);
    feed_mp3(ring, 1, FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(rc_send(b), 1);
    CHECK_EQ(hear(l, heard, sizeof heard), 0);
    CHECK_EQ(rc_leave(b, listener), 0);
    CHECK_EQ(rc_socket(b, listener, l.ours), RC_ESTALE);
    CHECK_EQ(rc_socket(NULL, listener, l.ours), RC_EINVAL);
    CHECK_EQ(rc_send(NULL), RC_EINVAL);
    line_close(l);
    close_both(b, ring);
}

int main(void)
{
    RUN(what_a_socket_takes_is_done_with);
    RUN(events_of_others_stay_in_their_order);
    RUN(the_rest_of_what_a_socket_does_not_take_is_left);
    RUN(what_is_taken_back_comes_again_once_and_in_order);
    RUN(of_audio_with_titles_no_more_is_left);
    RUN(a_frame_longer_than_what_is_left_goes_on_inside_of_it);
    RUN(a_broken_socket_leaves_the_whole_span_and_ends_nothing);
    RUN(lags_and_stalls_are_left_to_the_caller);
    RUN(titles_go_to_sockets_too);
    RUN(a_listener_keeps_its_socket_when_it_moves);
    RUN(who_has_left_is_not_written_to_and_who_takes_the_place_has_no_socket);
    RUN(a_socket_can_be_taken_away);
    return tap_done();
}
