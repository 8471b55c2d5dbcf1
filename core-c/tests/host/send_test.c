/* Audio that goes straight to sockets: what is written, what is left, and to whom. */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#else
#define _GNU_SOURCE
#endif
#include "reader.h"
#include "tap.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FRAME 128 /* a page holds whole ones */
#define HEARD_MAX ((size_t)2 << 20)

/* A mount, a listener of it, and both ends of its connection: ours is small, so that it fills within a page of
 * audio or two. */
typedef struct {
    rc_ring *ring;
    rc_broadcaster *b;
    int ours, theirs;
    int32_t listener;
    ear heard;
} wired;

static wired wired_open(double ring_bytes, uint32_t metaint, bool chunked)
{
    wired w = {.ring = rc_ring_new(ring_bytes)};
    int fds[2], small = 4096;
    CHECK_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
    CHECK_EQ(fcntl(fds[0], F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(fcntl(fds[1], F_SETFL, O_NONBLOCK), 0);
    CHECK_EQ(setsockopt(fds[0], SOL_SOCKET, SO_SNDBUF, &small, sizeof small), 0);
    w.b = eager(w.ring, 4, 16);
    w.ours = fds[0];
    w.theirs = fds[1];
    w.listener = rc_join(w.b, 0, metaint, 0);
    w.heard.bytes = malloc(HEARD_MAX);
    CHECK_EQ(rc_socket(w.b, w.listener, w.ours, chunked), 0);
    return w;
}

static void wired_close(wired *w)
{
    close(w->ours);
    close(w->theirs);
    free(w->heard.bytes);
    close_both(w->b, w->ring);
}

/* Reads at most that much of what has arrived; 0 when nothing has. */
static size_t hear(wired *w, size_t most)
{
    ssize_t count = read(w->theirs, w->heard.bytes + w->heard.length, most);
    if (count > 0)
        w->heard.length += (size_t)count;
    return count < 0 ? 0 : (size_t)count;
}

static void fill(const wired *w)
{
    static const uint8_t zeroes[65536];
    while (write(w->ours, zeroes, sizeof zeroes) > 0)
        ;
}

static rc_event event(const wired *w, int i)
{
    return rc_broadcaster_events(w->b)[i];
}

/* What is left comes to the caller, who writes it when what is in the socket has been read. */
static void take_rest(wired *w)
{
    while (hear(w, HEARD_MAX - w->heard.length) > 0)
        ;
    for (int i = 0; i < rc_broadcaster_event_count(w->b); i++) {
        rc_event e = event(w, i);
        CHECK_EQ(e.kind, RC_SEND_ARENA);
        CHECK(e.length <= 8192 + 4096);
        memcpy(w->heard.bytes + w->heard.length, rc_broadcaster_arena(w->b) + e.offset, e.length);
        w->heard.length += e.length;
    }
}

static void hear_all(wired *w)
{
    while (rc_take(w->b, w->listener, 1) > 0)
        take_rest(w);
}

/* Takes the chunks off in place; what is no chunk is a failed check. */
static void unchunk(ear *e)
{
    uint8_t *in = e->bytes, *out = e->bytes, *end = e->bytes + e->length;
    while (in < end) {
        char *digits_end;
        size_t length = strtoul((char *)in, &digits_end, 16);
        in = (uint8_t *)digits_end;
        CHECK(length > 0 && memcmp(in, "\r\n", 2) == 0);
        CHECK(memcmp(in + 2 + length, "\r\n", 2) == 0);
        memmove(out, in + 2, length);
        out += length;
        in += 2 + length + 2;
    }
    CHECK(in == end);
    e->length = (size_t)(out - e->bytes);
}

static void what_a_socket_takes_is_done_with(void)
{
    wired w = wired_open(1, 0, false);
    feed_mp3(w.ring, 3, FRAME);
    CHECK_EQ(rc_tick(w.b, 1), 1);
    CHECK_EQ(rc_broadcaster_event_count(w.b), 0);
    CHECK_EQ(rc_tick(w.b, 2), 0);
    hear(&w, HEARD_MAX);
    CHECK_EQ(w.heard.length, 3 * FRAME);
    CHECK(is_audio(w.heard.bytes, 0, 3 * FRAME));
    wired_close(&w);
}

static void events_of_others_stay_in_their_order(void)
{
    wired w = wired_open(1, 0, false);
    int32_t first = rc_join(w.b, 0, 0, 0), second = rc_join(w.b, 0, 100, 0);
    feed_mp3(w.ring, 3, FRAME);
    CHECK_EQ(rc_tick(w.b, 1), 3);
    CHECK_EQ(rc_broadcaster_event_count(w.b), 2);
    CHECK_EQ((int32_t)event(&w, 0).listener, first);
    CHECK_EQ(event(&w, 0).length, 3 * FRAME);
    CHECK_EQ((int32_t)event(&w, 1).listener, second);
    CHECK_EQ(event(&w, 1).kind, RC_SEND_ARENA);
    wired_close(&w);
}

static void who_is_written_to_counts_among_those_served_in_one_call(void)
{
    wired w = wired_open(1, 0, false);
    rc_broadcaster *b = eager(w.ring, 4, 1);
    int32_t one = rc_join(b, 0, 0, 0), other = rc_join(b, 0, 0, 0);
    rc_socket(b, one, w.ours, 0);
    rc_socket(b, other, w.ours, 0);
    feed_mp3(w.ring, 1, FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(hear(&w, HEARD_MAX), FRAME);
    CHECK_EQ(rc_tick(b, 1), 1);
    CHECK_EQ(hear(&w, HEARD_MAX), FRAME);
    CHECK_EQ(rc_tick(b, 1), 0);
    rc_broadcaster_free(b);
    wired_close(&w);
}

static void of_what_a_socket_does_not_take_the_caller_is_left_with_8_kib(void)
{
    wired w = wired_open(1 << 20, 0, false);
    rc_listener state;
    feed_mp3(w.ring, 65536 / FRAME, FRAME);
    CHECK_EQ(rc_tick(w.b, 1), 1);
    CHECK_EQ(rc_broadcaster_event_count(w.b), 1);
    rc_event rest = event(&w, 0);
    CHECK_EQ((int32_t)rest.listener, w.listener);
    CHECK(rest.length > 0 && rest.length <= 8192);
    CHECK_EQ(rc_inspect(w.b, w.listener, &state), 0);
    size_t count = hear(&w, HEARD_MAX);
    CHECK_EQ(state.cursor, count + rest.length);
    CHECK_EQ(state.sent_bytes, count + rest.length);
    CHECK_EQ(rc_broadcaster_sent(w.b), count + rest.length);
    CHECK(is_audio(w.heard.bytes, 0, count));
    CHECK(is_audio(rc_broadcaster_arena(w.b) + rest.offset, count, rest.length));
    wired_close(&w);
}

static void a_full_socket_leaves_8_kib_and_a_broken_one_ends_nothing(void)
{
    wired w = wired_open(1 << 20, 0, false);
    fill(&w);
    feed_mp3(w.ring, 65536 / FRAME, FRAME);
    CHECK_EQ(rc_tick(w.b, 1), 1);
    CHECK_EQ(event(&w, 0).length, 8192);
    close(w.theirs);
    w.theirs = -1;
    CHECK_EQ(rc_take(w.b, w.listener, 1), 1);
    CHECK_EQ(event(&w, 0).length, 8192);
    CHECK(is_audio(rc_broadcaster_arena(w.b) + event(&w, 0).offset, 8192, 8192));
    wired_close(&w);
}

static void a_frame_longer_than_what_is_left_goes_on_inside_of_it(void)
{
    wired w = wired_open(1 << 20, 0, false);
    fill(&w);
    feed_mp3(w.ring, 1, 60000);
    CHECK_EQ(rc_tick(w.b, 1), 1);
    CHECK_EQ(event(&w, 0).length, 8192);
    rc_socket(w.b, w.listener, -1, 0);
    CHECK_EQ(rc_take(w.b, w.listener, 1), 1);
    CHECK_EQ(event(&w, 0).offset, 8192);
    CHECK_EQ(event(&w, 0).length, 60000 - 8192);
    wired_close(&w);
}

static void check_all_is_heard(uint32_t metaint, bool chunked, uint32_t frame, int room)
{
    wired w = wired_open(1 << 20, metaint, chunked);
    CHECK_EQ(setsockopt(w.ours, SOL_SOCKET, SO_SNDBUF, &room, sizeof room), 0);
    uint32_t frames = 700000 / frame;
    for (int i = 0; i < 7; i++) {
        set_title(w.ring, i % 2 ? "StreamTitle='odd';" : "StreamTitle='even';");
        feed_mp3(w.ring, frames / 7, frame);
    }
    hear_all(&w);
    if (chunked)
        unchunk(&w.heard);
    rc_listener state;
    CHECK_EQ(rc_inspect(w.b, w.listener, &state), 0);
    CHECK_EQ(state.sent_bytes, w.heard.length);
    reading r = read_stream(&w.heard, metaint > 0 ? metaint : 1 << 30);
    CHECK_EQ(r.audio_length, frames / 7 * 7 * frame);
    CHECK(is_audio(r.audio, 0, r.audio_length));
    reading_close(&r);
    wired_close(&w);
}

static void whatever_is_left_each_byte_comes_once_and_in_order(void)
{
    static const uint32_t metaints[] = {0, 16000, 8192, 1000, 550, 100, 1};
    for (size_t i = 0; i < sizeof metaints / sizeof *metaints; i++) {
        for (int room = 4096; room <= 4096 * 32; room *= 32) {
            check_all_is_heard(metaints[i], false, 417, room);
            check_all_is_heard(metaints[i], true, 417, room);
            check_all_is_heard(metaints[i], true, 40000, room);
        }
    }
}

static void each_listener_is_left_with_what_is_its_own(void)
{
    wired w = wired_open(1 << 20, 0, false);
    int32_t chunked = rc_join(w.b, 0, 0, 0);
    rc_socket(w.b, chunked, w.ours, 1);
    fill(&w);
    feed_mp3(w.ring, 3, FRAME);
    CHECK_EQ(rc_tick(w.b, 1), 2);
    const uint8_t *arena = rc_broadcaster_arena(w.b);
    CHECK_EQ(event(&w, 0).length, 3 * FRAME);
    CHECK(is_audio(arena + event(&w, 0).offset, 0, 3 * FRAME));
    CHECK_EQ(event(&w, 1).length, 5 + 3 * FRAME + 2);
    CHECK(is_audio(arena + event(&w, 1).offset + 5, 0, 3 * FRAME));
    wired_close(&w);
}

/* A call serves one slot of those who are behind; there are 64. */
static void what_does_not_fit_into_the_arena_waits_for_the_next_call(void)
{
    enum { IN_A_SLOT = 520 };
    wired w = wired_open(1 << 20, 0, false);
    rc_broadcaster *b = eager(w.ring, 64 * IN_A_SLOT, 1000);
    for (int i = 0; i < 64 * IN_A_SLOT; i++)
        rc_socket(b, rc_join(b, 0, 0, 0), w.ours, 1);
    fill(&w);
    feed_mp3(w.ring, 65536 / FRAME, FRAME);
    int32_t served = rc_tick(b, 1);
    CHECK(served > 400 && served < IN_A_SLOT);
    for (int32_t i = 0; i < served; i++)
        rc_blocked(b, (int32_t)rc_broadcaster_events(b)[i].listener, 1, 1);
    CHECK_EQ(rc_tick(b, 1), IN_A_SLOT - served);
    rc_broadcaster_free(b);
    wired_close(&w);
}

static void a_chunk_that_a_socket_stops_in_is_left_to_its_end(void)
{
    wired w = wired_open(1 << 20, 0, true);
    feed_mp3(w.ring, 65536 / FRAME, FRAME);
    CHECK_EQ(rc_tick(w.b, 1), 1);
    take_rest(&w);
    CHECK(memcmp(w.heard.bytes, "2000\r\n", 6) == 0);
    CHECK(memcmp(w.heard.bytes + w.heard.length - 2, "\r\n", 2) == 0);
    CHECK_EQ(w.heard.length % (6 + 8192 + 2), 0);
    wired_close(&w);
}

static void where_a_listener_begins_its_preamble_goes_first_and_in_one_chunk(void)
{
    static uint8_t headers[100000];
    wired w = wired_open(1 << 20, 0, true);
    memset(headers, 'h', sizeof headers);
    CHECK_EQ(rc_ring_preamble(w.ring, headers, sizeof headers), 0);
    feed(w.ring, 1, sizeof headers, 0, 0);
    feed_mp3(w.ring, 3, FRAME);
    rc_leave(w.b, w.listener);
    w.listener = rc_join(w.b, 3600, 0, 0);
    rc_socket(w.b, w.listener, w.ours, 1);
    CHECK_EQ(rc_take(w.b, w.listener, 1), 1);
    while (hear(&w, HEARD_MAX) > 0)
        ;
    rc_event rest = event(&w, 0);
    CHECK_EQ(w.heard.length + rest.length, 7 + sizeof headers + 2);
    memcpy(w.heard.bytes + w.heard.length, rc_broadcaster_arena(w.b) + rest.offset, rest.length);
    w.heard.length += rest.length;
    hear_all(&w);
    unchunk(&w.heard);
    CHECK_EQ(w.heard.length, sizeof headers + 3 * FRAME);
    CHECK(memcmp(w.heard.bytes, headers, sizeof headers) == 0);
    CHECK(is_audio(w.heard.bytes + sizeof headers, sizeof headers, 3 * FRAME));
    wired_close(&w);
}

static void lags_and_stalls_are_left_to_the_caller(void)
{
    wired w = wired_open(1, 0, false);
    int32_t lagging = rc_join(w.b, 0, 0, 0);
    rc_socket(w.b, lagging, w.ours, 0);
    rc_broadcaster_tune(w.b, INFINITY, INFINITY, 1);
    rc_blocked(w.b, w.listener, 1, 0);
    feed_mp3(w.ring, 3 * (uint32_t)rc_ring_capacity(w.ring) / FRAME, FRAME);
    CHECK_EQ(rc_tick(w.b, 1000), 3);
    CHECK(rc_broadcaster_event_count(w.b) >= 2);
    CHECK_EQ(event(&w, 0).kind, RC_STALLED);
    CHECK_EQ(event(&w, 1).kind, RC_LAGGED);
    wired_close(&w);
}

static void a_listener_keeps_its_socket_when_it_moves(void)
{
    wired w = wired_open(1, 0, true), there = wired_open(1, 0, false);
    CHECK(rc_move(w.b, w.listener, there.b, 0) > 0);
    feed_mp3(there.ring, 2, FRAME);
    CHECK_EQ(rc_tick(there.b, 1), 2);
    CHECK_EQ(hear(&w, HEARD_MAX), 5 + 2 * FRAME + 2);
    wired_close(&w);
    wired_close(&there);
}

static void a_chunk_does_not_run_into_what_another_listener_was_sent(void)
{
    wired plain = wired_open(1, 0, false);
    wired chunked = wired_open(1, 0, true);
    int32_t other = rc_join(plain.b, 0, 0, 0);
    rc_socket(plain.b, other, chunked.ours, 1);
    feed_mp3(plain.ring, 3, FRAME);
    CHECK_EQ(rc_take(plain.b, other, 1), 1);
    CHECK_EQ(rc_take(plain.b, plain.listener, 1), 1);
    feed_mp3(plain.ring, 2, FRAME);
    CHECK_EQ(rc_take(plain.b, other, 1), 1);
    while (hear(&chunked, HEARD_MAX) > 0)
        ;
    unchunk(&chunked.heard);
    CHECK_EQ(chunked.heard.length, 5 * FRAME);
    CHECK(is_audio(chunked.heard.bytes, 0, 5 * FRAME));
    wired_close(&plain);
    wired_close(&chunked);
}

static void who_takes_the_place_of_one_that_has_left_has_no_socket(void)
{
    wired w = wired_open(1, 0, false);
    rc_broadcaster *b = eager(w.ring, 1, 16);
    int32_t first = rc_join(b, 0, 0, 0);
    rc_socket(b, first, w.ours, 0);
    rc_leave(b, first);
    CHECK(rc_join(b, 0, 0, 2) > 0);
    feed_mp3(w.ring, 1, FRAME);
    CHECK_EQ(rc_tick(b, 3), 1);
    CHECK_EQ(rc_broadcaster_event_count(b), 1);
    CHECK_EQ(hear(&w, HEARD_MAX), 0);
    rc_broadcaster_free(b);
    wired_close(&w);
}

static void a_socket_can_be_taken_away(void)
{
    wired w = wired_open(1, 0, false);
    rc_socket(w.b, w.listener, -7, 0);
    feed_mp3(w.ring, 1, FRAME);
    CHECK_EQ(rc_tick(w.b, 1), 1);
    CHECK_EQ(rc_broadcaster_event_count(w.b), 1);
    CHECK_EQ(hear(&w, HEARD_MAX), 0);
    CHECK_EQ(rc_leave(w.b, w.listener), 0);
    CHECK_EQ(rc_socket(w.b, w.listener, w.ours, 0), RC_ESTALE);
    CHECK_EQ(rc_socket(NULL, w.listener, w.ours, 0), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_event_count(NULL), RC_EINVAL);
    wired_close(&w);
}

int main(void)
{
    RUN(what_a_socket_takes_is_done_with);
    RUN(events_of_others_stay_in_their_order);
    RUN(who_is_written_to_counts_among_those_served_in_one_call);
    RUN(of_what_a_socket_does_not_take_the_caller_is_left_with_8_kib);
    RUN(a_full_socket_leaves_8_kib_and_a_broken_one_ends_nothing);
    RUN(a_frame_longer_than_what_is_left_goes_on_inside_of_it);
    RUN(whatever_is_left_each_byte_comes_once_and_in_order);
    RUN(each_listener_is_left_with_what_is_its_own);
    RUN(what_does_not_fit_into_the_arena_waits_for_the_next_call);
    RUN(a_chunk_that_a_socket_stops_in_is_left_to_its_end);
    RUN(where_a_listener_begins_its_preamble_goes_first_and_in_one_chunk);
    RUN(lags_and_stalls_are_left_to_the_caller);
    RUN(a_listener_keeps_its_socket_when_it_moves);
    RUN(a_chunk_does_not_run_into_what_another_listener_was_sent);
    RUN(who_takes_the_place_of_one_that_has_left_has_no_socket);
    RUN(a_socket_can_be_taken_away);
    return tap_done();
}
