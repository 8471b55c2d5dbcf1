/* Joining, leaving and handles: who is there, and what each is offered. */
#include "broadcaster.h"
#include "fixture.h"
#include "invariants.h"
#include "tap.h"

#include <math.h>

#define FRAME 128 /* a page holds whole ones */

static double cursor_of(const rc_broadcaster *b, int32_t handle)
{
    rc_listener info = {.cursor = -1};
    CHECK_EQ(rc_inspect(b, handle, &info), 0);
    return info.cursor;
}

static void two_listeners_at_the_same_cursor_are_offered_the_same_span(void)
{
    for (uint32_t metaint = 0; metaint <= 100; metaint += 100) {
        rc_ring *ring = small_ring();
        rc_broadcaster *b = eager(ring, 4, 16);
        set_title(ring, "StreamTitle='one';");
        rc_join(b, 0, metaint, 0);
        rc_join(b, 0, metaint, 0);
        feed_mp3(ring, 3, FRAME);
        CHECK_EQ(rc_tick(b, 1), 2);
        const rc_event *events = rc_broadcaster_events(b);
        CHECK(events[0].listener != events[1].listener);
        CHECK_EQ(events[0].kind, metaint ? RC_SEND_ARENA : RC_SEND_RING);
        CHECK_EQ(events[0].kind, events[1].kind);
        CHECK_EQ(events[0].offset, events[1].offset);
        CHECK_EQ(events[0].length, events[1].length);
        close_both(b, ring);
    }
}

static void what_was_sent_is_counted_for_those_who_left_too(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    int32_t plain = rc_join(b, 0, 0, 0);
    int32_t titled = rc_join(b, 0, 100, 0);
    CHECK_EQ(rc_broadcaster_sent(b), 0);
    feed_mp3(ring, 3, FRAME);
    CHECK_EQ(rc_tick(b, 1), 2);
    CHECK_EQ(rc_broadcaster_sent(b), 2 * 3 * FRAME + 3);
    CHECK_EQ(rc_leave(b, plain), 0);
    CHECK_EQ(rc_leave(b, titled), 0);
    CHECK_EQ(rc_broadcaster_sent(b), 2 * 3 * FRAME + 3);
    CHECK_EQ(rc_broadcaster_sent(NULL), RC_EINVAL);
    close_both(b, ring);
}

/* The caller has sent `sent` bytes of audio: what follows begins at `position`, its first block `until` bytes later. */
static void joins_behind(uint32_t metaint, uint32_t sent, size_t until, uint32_t blocks)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 6, FRAME);
    ear e = {.handle = rc_join_at(b, 2 * FRAME, metaint, sent, 0, 0)};
    CHECK(e.handle > 0);
    CHECK_EQ(rc_broadcaster_sent(b), sent + blocks);
    ear_tick(b, ring, 1, &e, 1);
    size_t first = until < e.length ? until : e.length;
    CHECK(is_audio(e.bytes, 2 * FRAME, first));
    if (first < e.length)
        CHECK_EQ(e.bytes[first], 0);
    rc_listener info;
    CHECK_EQ(rc_inspect(b, e.handle, &info), 0);
    CHECK_EQ(info.cursor, 6 * FRAME);
    CHECK_EQ(info.sent_bytes, sent + blocks + e.length);
    ear_close(&e);
    close_both(b, ring);
}

static void a_listener_may_join_at_a_frame_behind_audio_of_the_callers(void)
{
    joins_behind(0, 0, SIZE_MAX, 0);
    joins_behind(0, 500, SIZE_MAX, 0);
    joins_behind(100, 0, 100, 0);
    joins_behind(100, 1, 99, 0);
    joins_behind(100, 99, 1, 0);
    joins_behind(100, 100, 0, 0);
    joins_behind(100, 101, 99, 1);
    joins_behind(100, 300, 0, 2);
}

static void a_listener_joins_burst_seconds_behind_the_head(void)
{
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 1000, 417);
    ear e = ear_join(b, 2, 0, 0);
    rc_listener info;
    CHECK_EQ(rc_inspect(b, e.handle, &info), 0);
    CHECK_EQ(info.cursor, rc_ring_seek(ring, 2));
    CHECK(info.lag_seconds >= 2 && info.lag_seconds < 2.026);
    CHECK_EQ(info.sent_bytes, 0);
    CHECK_EQ(info.blocked_millis, 0);
    ear_events(b, ring, rc_take(b, e.handle, 0), &e, 1);
    CHECK_EQ(e.length, 77 * 417);
    CHECK(is_audio(e.bytes, 923 * 417, e.length));
    CHECK_EQ(rc_take(b, e.handle, 0), 0);
    CHECK_EQ(rc_inspect(b, e.handle, &info), 0);
    CHECK_EQ(info.sent_bytes, e.length);
    CHECK_EQ(info.lag_seconds, 0);
    ear_close(&e);
    close_both(b, ring);
}

static void take_offers_a_long_burst_in_sends_that_end_with_a_frame(void)
{
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 2000, 417);
    ear e = ear_join(b, 40, 0, 0);
    double start = cursor_of(b, e.handle);
    uint32_t calls = 0;
    for (int32_t n = rc_take(b, e.handle, 0); n > 0; n = rc_take(b, e.handle, 0), calls++) {
        CHECK_EQ(n, 1);
        CHECK(rc_broadcaster_events(b)[0].length <= 65536);
        CHECK_EQ(rc_broadcaster_events(b)[0].length % 417, 0);
        ear_events(b, ring, n, &e, 1);
    }
    CHECK_EQ(calls, ceil((rc_ring_head(ring) - start) / 65469));
    CHECK_EQ(e.length, rc_ring_head(ring) - start);
    CHECK(is_audio(e.bytes, (uint64_t)start, e.length));
    ear_close(&e);
    close_both(b, ring);
}

static void a_frame_longer_than_a_send_is_offered_in_parts(void)
{
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 4, 16);
    ear e = ear_join(b, 0, 0, 0);
    feed(ring, 2, 150000, 26000, RC_SYNC);
    ear_tick(b, ring, 1, &e, 1);
    CHECK_EQ(e.sends, 6);
    CHECK_EQ(e.length, 300000);
    CHECK(is_audio(e.bytes, 0, e.length));
    ear_close(&e);
    close_both(b, ring);
}

static void leave_during_a_tick_is_safe(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 256, 3);
    int32_t handles[200];
    ear ears[200];
    for (int i = 0; i < 200; i++) {
        ears[i] = ear_join(b, 0, i % 2 ? 100 : 0, 0);
        handles[i] = ears[i].handle;
    }
    feed_mp3(ring, 2, FRAME);
    uint32_t gone = 0;
    for (int32_t n = rc_tick(b, 1); n > 0; n = rc_tick(b, 1)) {
        CHECK(n <= 3);
        ear_events(b, ring, n, ears, 200);
        CHECK_EQ(rc_leave(b, (int32_t)rc_broadcaster_events(b)[n - 1].listener), 0);
        if (b->next != NO_LISTENER) /* the very one the tick would go on with */
            gone += rc_leave(b, listeners_handle(&b->listeners, b->next)) == 0;
        check_invariants(b);
    }
    CHECK(gone > 5);
    for (int i = 0; i < 200; i++) {
        if (rc_leave(b, handles[i]) == 0)
            CHECK(is_audio(ears[i].bytes, 0, 100) && ears[i].sends == 1);
        ear_close(&ears[i]);
    }
    close_both(b, ring);
}

static void a_stale_handle_is_refused_also_after_its_place_is_reused(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 1, 16);
    rc_listener info;
    int32_t first = rc_join(b, 0, 0, 0);
    CHECK_EQ(rc_join(b, 0, 0, 0), RC_EFULL);
    CHECK_EQ(rc_leave(b, first), 0);
    for (int again = 0; again < 2; again++) {
        CHECK_EQ(rc_leave(b, first), RC_ESTALE);
        CHECK_EQ(rc_take(b, first, 0), RC_ESTALE);
        CHECK_EQ(rc_blocked(b, first, 1, 0), RC_ESTALE);
        CHECK_EQ(rc_move(b, first, b, 0), RC_ESTALE);
        CHECK_EQ(rc_inspect(b, first, &info), RC_ESTALE);
        int32_t second = rc_join(b, 0, 0, 0);
        CHECK_EQ(second & 0xFFFFF, first & 0xFFFFF);
        CHECK(second != first && second > 0);
        CHECK_EQ(rc_leave(b, first), RC_ESTALE);
        CHECK_EQ(rc_leave(b, second), 0);
    }
    close_both(b, ring);
}

static void handles_that_never_were_are_stale(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 8, 16);
    const int32_t never[] = {0, 1, 7, 8, -1, INT32_MIN, INT32_MAX, 1 << 20, (1 << 20) + 1};
    for (size_t i = 0; i < sizeof never / sizeof *never; i++)
        CHECK_EQ(rc_leave(b, never[i]), RC_ESTALE);
    CHECK_EQ(rc_join(b, 0, 0, 0), 1 << 20);
    CHECK_EQ(rc_leave(b, (1 << 20) + 1), RC_ESTALE);
    close_both(b, ring);
}

static void a_handle_does_not_come_back_soon(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 1000, 16);
    int32_t first = rc_join(b, 0, 0, 0);
    CHECK_EQ(rc_leave(b, first), 0);
    uint32_t others = 0;
    for (int32_t h = rc_join(b, 0, 0, 0); h != first && others < 1000000; h = rc_join(b, 0, 0, 0)) {
        CHECK(h > 0);
        rc_leave(b, h);
        others++;
    }
    CHECK(others > 500000 && others < 1000000);
    CHECK(b->listeners.touched < 300);
    close_both(b, ring);
}

static void a_full_table_takes_again_after_a_leave(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 600, 16);
    int32_t handles[600];
    for (int i = 0; i < 600; i++)
        handles[i] = rc_join(b, 0, 0, 0);
    CHECK_EQ(rc_join(b, 0, 0, 0), RC_EFULL);
    for (int i = 0; i < 600; i += 2)
        CHECK_EQ(rc_leave(b, handles[i]), 0);
    for (int i = 0; i < 300; i++)
        CHECK(rc_join(b, 0, 0, 0) > 0);
    CHECK_EQ(rc_join(b, 0, 0, 0), RC_EFULL);
    close_both(b, ring);
}

static void arguments_that_make_no_sense_are_answered(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    rc_listener info;
    CHECK(rc_broadcaster_new(NULL, NULL, 1, 1) == NULL);
    CHECK(rc_broadcaster_new(ring, NULL, 0, 1) == NULL);
    CHECK(rc_broadcaster_new(ring, NULL, 1, 0) == NULL);
    CHECK(rc_broadcaster_new(ring, NULL, (1u << 20) + 1, 1) == NULL);
    CHECK(rc_broadcaster_new(ring, NULL, 1, UINT32_MAX) == NULL);
    CHECK_EQ(rc_broadcaster_tune(NULL, 1, 1, 1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, 0, 1, 1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, 1, NAN, 1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, 1, 1, -1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, INFINITY, INFINITY, INFINITY), 0);
    CHECK_EQ(rc_join(NULL, 0, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join(b, -1, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join(b, NAN, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join_at(NULL, 0, 0, 0, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join_at(b, -1, 0, 0, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join_at(b, rc_ring_head(ring) + 1, 0, 0, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join_at(b, NAN, 0, 0, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join_at(b, 0, 0, 0, -1, 0), RC_EINVAL);
    CHECK_EQ(rc_join_at(b, 0, 0, 0, NAN, 0), RC_EINVAL);
    CHECK_EQ(rc_join_at(b, 0, 0, 0, RC_DELAY_MAX + 1, 0), RC_EINVAL);
    int32_t handle = rc_join(b, INFINITY, UINT32_MAX, NAN);
    CHECK(handle > 0);
    CHECK_EQ(rc_inspect(b, handle, NULL), RC_EINVAL);
    CHECK_EQ(rc_inspect(NULL, handle, &info), RC_EINVAL);
    CHECK_EQ(rc_move(b, handle, NULL, 0), RC_EINVAL);
    CHECK_EQ(rc_move(NULL, handle, b, 0), RC_EINVAL);
    CHECK_EQ(rc_leave(NULL, handle), RC_EINVAL);
    CHECK_EQ(rc_blocked(NULL, handle, 1, 0), RC_EINVAL);
    CHECK_EQ(rc_take(NULL, handle, 0), RC_EINVAL);
    CHECK_EQ(rc_tick(NULL, 0), RC_EINVAL);
    CHECK(rc_broadcaster_events(NULL) == NULL && rc_broadcaster_arena(NULL) == NULL);
    CHECK_EQ(rc_broadcaster_arena_size(NULL), RC_EINVAL);
    CHECK(rc_broadcaster_arena_size(b) > 0);
    rc_broadcaster_free(NULL);
    close_both(b, ring);
}

int main(void)
{
    RUN(two_listeners_at_the_same_cursor_are_offered_the_same_span);
    RUN(what_was_sent_is_counted_for_those_who_left_too);
    RUN(a_listener_may_join_at_a_frame_behind_audio_of_the_callers);
    RUN(a_listener_joins_burst_seconds_behind_the_head);
    RUN(take_offers_a_long_burst_in_sends_that_end_with_a_frame);
    RUN(a_frame_longer_than_a_send_is_offered_in_parts);
    RUN(leave_during_a_tick_is_safe);
    RUN(a_stale_handle_is_refused_also_after_its_place_is_reused);
    RUN(handles_that_never_were_are_stale);
    RUN(a_handle_does_not_come_back_soon);
    RUN(a_full_table_takes_again_after_a_leave);
    RUN(arguments_that_make_no_sense_are_answered);
    return tap_done();
}
