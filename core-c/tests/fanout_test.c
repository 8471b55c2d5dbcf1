/* The fan-out: what each listener is offered, loses and keeps. Written after tokio's broadcast. */
#include "broadcaster.h"
#include "fixture.h"
#include "invariants.h"
#include "tap.h"

#include <math.h>

#define FRAME 128 /* a page holds whole ones */

static uint32_t frames_held(const rc_ring *ring)
{
    return (uint32_t)rc_ring_capacity(ring) / FRAME;
}

static double cursor_of(const rc_broadcaster *b, int32_t handle)
{
    rc_listener info = {.cursor = -1};
    CHECK_EQ(rc_inspect(b, handle, &info), 0);
    return info.cursor;
}

static double blocked_millis(const rc_broadcaster *b, int32_t handle)
{
    rc_listener info = {0};
    CHECK_EQ(rc_inspect(b, handle, &info), 0);
    return info.blocked_millis;
}

static void close_both(rc_broadcaster *b, rc_ring *ring)
{
    check_invariants(b);
    rc_broadcaster_free(b);
    rc_ring_free(ring);
}

static void a_slow_listener_within_capacity_does_not_lag(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear slow = ear_join(b, 0, 0, 0);
    feed_mp3(ring, frames_held(ring), FRAME);
    ear_tick(b, ring, 1, &slow, 1);
    CHECK_EQ(slow.lags, 0);
    CHECK_EQ(slow.length, rc_ring_capacity(ring));
    CHECK(is_audio(slow.bytes, 0, slow.length));
    ear_close(&slow);
    close_both(b, ring);
}

static void lag_counts_the_overwritten_bytes(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear slow = ear_join(b, 0, 0, 0);
    feed_mp3(ring, frames_held(ring) + 3, FRAME);
    ear_tick(b, ring, 1, &slow, 1);
    CHECK_EQ(slow.lags, 1);
    CHECK_EQ(slow.lost, 3 * FRAME);
    CHECK_EQ(slow.length, rc_ring_capacity(ring));
    CHECK(is_audio(slow.bytes, 3 * FRAME, slow.length));
    ear_close(&slow);
    close_both(b, ring);
}

static void lag_is_per_listener(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear ears[2] = {ear_join(b, 0, 0, 0), ear_join(b, 0, 0, 0)};
    rc_blocked(b, ears[1].handle, 1, 0);
    for (uint32_t i = 1; i <= 2 * frames_held(ring); i++) {
        feed_mp3(ring, 1, FRAME);
        ear_tick(b, ring, i, ears, 2);
    }
    rc_blocked(b, ears[1].handle, 0, 1000);
    ear_tick(b, ring, 1000, ears, 2);
    CHECK_EQ(ears[0].lags, 0);
    CHECK_EQ(ears[0].length, 2 * rc_ring_capacity(ring));
    CHECK(is_audio(ears[0].bytes, 0, ears[0].length));
    CHECK_EQ(ears[1].lags, 1);
    CHECK_EQ(ears[1].lost, rc_ring_capacity(ring));
    ear_close(&ears[0]);
    ear_close(&ears[1]);
    close_both(b, ring);
}

static void lag_then_catch_up_then_lag_again(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear slow = ear_join(b, 0, 0, 0);
    for (uint32_t round = 1; round <= 3; round++) {
        feed_mp3(ring, frames_held(ring) + round, FRAME);
        ear_tick(b, ring, 10 * round, &slow, 1);
        CHECK_EQ(slow.lags, round);
        feed_mp3(ring, 1, FRAME);
        ear_tick(b, ring, 10 * round + 1, &slow, 1);
        CHECK_EQ(slow.lags, round);
    }
    CHECK_EQ(slow.lost, (1 + 2 + 3) * FRAME);
    CHECK_EQ(slow.length + slow.lost, rc_ring_head(ring));
    ear_close(&slow);
    close_both(b, ring);
}

static void a_lagged_cursor_resumes_on_a_sync_frame(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear slow = ear_join(b, 0, 0, 0);
    uint32_t written = frames_held(ring) + 3;
    for (uint32_t i = 0; i < written; i++)
        feed(ring, 1, FRAME, 26000, i % 5 == 0 ? RC_SYNC : 0);
    CHECK_EQ(rc_ring_tail(ring), 3 * FRAME);
    ear_tick(b, ring, 1, &slow, 1);
    CHECK_EQ(slow.lost, 5 * FRAME);
    CHECK(is_audio(slow.bytes, 5 * FRAME, slow.length));
    CHECK_EQ(slow.length, (written - 5) * FRAME);
    ear_close(&slow);
    close_both(b, ring);
}

static void a_lagged_cursor_without_a_sync_frame_resumes_at_the_head(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 1);
    ear slow = ear_join(b, 0, 0, 0);
    feed(ring, frames_held(ring) + 1, FRAME, 26000, 0);
    ear_tick(b, ring, 1, &slow, 1);
    CHECK_EQ(slow.lags, 1);
    CHECK_EQ(slow.sends, 0);
    CHECK_EQ(slow.lost, rc_ring_head(ring));
    ear_close(&slow);
    close_both(b, ring);
}

static void lag_and_send_fit_in_a_table_of_one_event(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 1);
    ear slow = ear_join(b, 0, 0, 0);
    feed_mp3(ring, frames_held(ring) + 1, FRAME);
    CHECK_EQ(ear_tick(b, ring, 1, &slow, 1), 2);
    CHECK_EQ(slow.lags, 1);
    CHECK_EQ(slow.length, rc_ring_capacity(ring));
    ear_close(&slow);
    close_both(b, ring);
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

static void a_blocked_listener_gets_nothing_and_loses_nothing_on_return(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear e = ear_join(b, 0, 0, 0);
    feed_mp3(ring, 3, FRAME);
    ear_tick(b, ring, 1, &e, 1);
    CHECK_EQ(rc_blocked(b, e.handle, 1, 2), 0);
    feed_mp3(ring, 5, FRAME);
    CHECK_EQ(rc_tick(b, 3), 0);
    CHECK_EQ(rc_take(b, e.handle, 4), 0);
    CHECK_EQ(blocked_millis(b, e.handle), 2);
    CHECK_EQ(rc_blocked(b, e.handle, 0, 5), 0);
    CHECK_EQ(blocked_millis(b, e.handle), 0);
    ear_tick(b, ring, 6, &e, 1);
    CHECK_EQ(e.lags, 0);
    CHECK_EQ(e.length, 8 * FRAME);
    CHECK(is_audio(e.bytes, 0, e.length));
    ear_close(&e);
    close_both(b, ring);
}

static void a_blocked_listener_that_was_overwritten_lags_on_return(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear e = ear_join(b, 0, 0, 0);
    rc_blocked(b, e.handle, 1, 0);
    feed_mp3(ring, 3 * frames_held(ring), FRAME);
    CHECK_EQ(rc_tick(b, 1), 0);
    rc_blocked(b, e.handle, 0, 2);
    ear_events(b, ring, rc_take(b, e.handle, 2), &e, 1);
    CHECK_EQ(e.lags, 1);
    CHECK_EQ(e.lost, 2 * rc_ring_capacity(ring));
    CHECK_EQ(e.length, rc_ring_capacity(ring));
    ear_close(&e);
    close_both(b, ring);
}

static void stalled_is_told_once_per_blocking(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear e = ear_join(b, 0, 0, 0);
    for (uint32_t round = 0; round < 3; round++) {
        double start = 100000.0 * round;
        rc_blocked(b, e.handle, 1, start);
        rc_blocked(b, e.handle, 1, start + 5000); /* keeps the first time */
        ear_tick(b, ring, start + 9999, &e, 1);
        CHECK_EQ(e.stalls, round);
        ear_tick(b, ring, start + 10000, &e, 1);
        ear_tick(b, ring, start + 50000, &e, 1);
        CHECK_EQ(e.stalls, round + 1);
        CHECK_EQ(blocked_millis(b, e.handle), 50000);
        rc_blocked(b, e.handle, 0, start + 60000);
    }
    ear_close(&e);
    close_both(b, ring);
}

static void the_longest_blocked_stalls_first(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 64, 2);
    ear ears[9];
    for (int i = 0; i < 9; i++)
        ears[i] = ear_join(b, 0, 0, 0);
    for (int i = 0; i < 9; i++)
        rc_blocked(b, ears[(i * 5) % 9].handle, 1, 1000 * i);
    rc_blocked(b, ears[5].handle, 0, 8000);
    rc_leave(b, ears[1].handle);
    for (int i = 0; i < 9; i++) {
        int who = (i * 5) % 9;
        CHECK_EQ(ear_tick(b, ring, 10000 + 1000 * i, ears, 9), who != 5 && who != 1);
        CHECK_EQ(ears[who].stalls, who != 5 && who != 1);
        check_invariants(b);
    }
    close_both(b, ring);
}

static void more_stalls_than_events_are_told_in_further_calls(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 64, 2);
    ear ears[10];
    for (int i = 0; i < 10; i++)
        ears[i] = ear_join(b, 0, 0, 0);
    for (int i = 0; i < 7; i++)
        rc_blocked(b, ears[i].handle, 1, 0);
    feed_mp3(ring, 1, FRAME);
    CHECK_EQ(ear_tick(b, ring, 10000, ears, 10), 10);
    for (int i = 0; i < 10; i++) {
        CHECK_EQ(ears[i].stalls, i < 7);
        CHECK_EQ(ears[i].sends, i >= 7);
        ear_close(&ears[i]);
    }
    close_both(b, ring);
}

static void a_move_goes_to_the_head_of_the_other_ring(void)
{
    rc_ring *rings[2] = {small_ring(), small_ring()};
    rc_broadcaster *from = eager(rings[0], 4, 16), *to = eager(rings[1], 4, 16);
    ear e = ear_join(from, 0, 0, 0);
    feed_mp3(rings[0], 2, FRAME);
    ear_tick(from, rings[0], 1, &e, 1);
    feed_mp3(rings[0], 1, FRAME);
    feed_mp3(rings[1], 7, FRAME);
    int32_t old = e.handle;
    e.handle = rc_move(from, old, to, 2);
    CHECK(e.handle > 0);
    CHECK_EQ(rc_leave(from, old), RC_ESTALE);
    CHECK_EQ(cursor_of(to, e.handle), 7 * FRAME);
    CHECK_EQ(rc_tick(from, 3), 0);
    CHECK_EQ(rc_tick(to, 3), 0);
    feed_mp3(rings[1], 1, FRAME);
    ear_tick(to, rings[1], 4, &e, 1);
    CHECK_EQ(e.length, 3 * FRAME);
    CHECK(is_audio(e.bytes + 2 * FRAME, 7 * FRAME, FRAME));
    rc_listener info;
    CHECK_EQ(rc_inspect(to, e.handle, &info), 0);
    CHECK_EQ(info.sent_bytes, 3 * FRAME);
    ear_close(&e);
    close_both(from, rings[0]);
    close_both(to, rings[1]);
}

static void a_move_into_a_full_broadcaster_leaves_the_listener_where_it_was(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *from = eager(ring, 1, 16), *to = eager(ring, 1, 16);
    ear e = ear_join(from, 0, 0, 0);
    CHECK(rc_join(to, 0, 0, 0) > 0);
    CHECK_EQ(rc_move(from, e.handle, to, 1), RC_EFULL);
    CHECK_EQ(rc_move(from, e.handle, from, 1), RC_EFULL);
    feed_mp3(ring, 1, FRAME);
    ear_tick(from, ring, 2, &e, 1);
    CHECK_EQ(e.length, FRAME);
    ear_close(&e);
    rc_broadcaster_free(to);
    close_both(from, ring);
}

static void a_move_to_its_own_broadcaster_skips_to_the_head(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 2, 16);
    int32_t old = rc_join(b, 0, 0, 0);
    feed_mp3(ring, 3, FRAME);
    int32_t handle = rc_move(b, old, b, 1);
    CHECK(handle > 0 && handle != old);
    CHECK_EQ(cursor_of(b, handle), 3 * FRAME);
    CHECK_EQ(rc_leave(b, old), RC_ESTALE);
    close_both(b, ring);
}

static void a_blocked_listener_stays_blocked_when_moved_and_stalls_on_time(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *from = eager(ring, 8, 16), *to = eager(ring, 8, 16);
    ear ears[3] = {ear_join(from, 0, 0, 0), ear_join(from, 0, 0, 0), ear_join(to, 0, 0, 0)};
    rc_blocked(from, ears[0].handle, 1, 1000);
    rc_blocked(to, ears[2].handle, 1, 2000);
    rc_blocked(from, ears[1].handle, 1, 3000);
    for (int i = 1; i >= 0; i--) {
        ears[i].handle = rc_move(from, ears[i].handle, to, 4000);
        check_invariants(to);
    }
    CHECK_EQ(blocked_millis(to, ears[0].handle), 3000);
    ear_tick(to, ring, 11000, ears, 3);
    CHECK(ears[0].stalls == 1 && ears[1].stalls == 0 && ears[2].stalls == 0);
    ears[0].handle = rc_move(to, ears[0].handle, from, 11000);
    ear_tick(to, ring, 13000, ears, 3);
    CHECK(ears[1].stalls == 1 && ears[2].stalls == 1);
    ear_tick(from, ring, 90000, ears, 3);
    CHECK_EQ(ears[0].stalls, 1);
    CHECK_EQ(blocked_millis(from, ears[0].handle), 89000);
    rc_broadcaster_free(to);
    close_both(from, ring);
}

static void arguments_that_make_no_sense_are_answered(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    rc_listener info;
    CHECK(rc_broadcaster_new(NULL, 1, 1) == NULL);
    CHECK(rc_broadcaster_new(ring, 0, 1) == NULL);
    CHECK(rc_broadcaster_new(ring, 1, 0) == NULL);
    CHECK(rc_broadcaster_new(ring, (1u << 20) + 1, 1) == NULL);
    CHECK(rc_broadcaster_new(ring, 1, UINT32_MAX) == NULL);
    CHECK_EQ(rc_broadcaster_tune(NULL, 1, 1, 1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, 0, 1, 1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, 1, NAN, 1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, 1, 1, -1), RC_EINVAL);
    CHECK_EQ(rc_broadcaster_tune(b, INFINITY, INFINITY, INFINITY), 0);
    CHECK_EQ(rc_join(NULL, 0, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join(b, -1, 0, 0), RC_EINVAL);
    CHECK_EQ(rc_join(b, NAN, 0, 0), RC_EINVAL);
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

static void positions_survive_2_to_the_32_bytes(void)
{
    rc_ring *ring = small_ring();
    uint64_t start = ((uint64_t)1 << 32) - 1000;
    ring_start_at(ring, start);
    rc_broadcaster *b = eager(ring, 4, 16);
    ear ears[3] = {ear_join(b, 0, 0, 0), ear_join(b, 0, 16, 0), ear_join(b, 0, 0, 0)};
    rc_blocked(b, ears[2].handle, 1, 0);
    for (uint32_t i = 1; i <= 2 * frames_held(ring); i++) {
        feed_mp3(ring, 1, FRAME);
        ear_tick(b, ring, i, ears, 3);
    }
    rc_blocked(b, ears[2].handle, 0, 1000);
    ear_tick(b, ring, 1000, ears, 3);
    CHECK_EQ(ears[0].length, 2 * rc_ring_capacity(ring));
    CHECK(is_audio(ears[0].bytes, start, ears[0].length));
    CHECK_EQ(ears[1].length, ears[0].length / 16 * 17 - 1);
    CHECK(is_audio(ears[1].bytes + 17, start + 16, 16));
    CHECK_EQ(ears[2].lost, rc_ring_capacity(ring));
    CHECK_EQ(cursor_of(b, ears[1].handle), rc_ring_head(ring));
    for (int i = 0; i < 3; i++)
        ear_close(&ears[i]);
    close_both(b, ring);
}

int main(void)
{
    RUN(a_slow_listener_within_capacity_does_not_lag);
    RUN(lag_counts_the_overwritten_bytes);
    RUN(lag_is_per_listener);
    RUN(lag_then_catch_up_then_lag_again);
    RUN(a_lagged_cursor_resumes_on_a_sync_frame);
    RUN(a_lagged_cursor_without_a_sync_frame_resumes_at_the_head);
    RUN(lag_and_send_fit_in_a_table_of_one_event);
    RUN(two_listeners_at_the_same_cursor_are_offered_the_same_span);
    RUN(a_listener_joins_burst_seconds_behind_the_head);
    RUN(take_offers_a_long_burst_in_sends_that_end_with_a_frame);
    RUN(a_frame_longer_than_a_send_is_offered_in_parts);
    RUN(leave_during_a_tick_is_safe);
    RUN(a_stale_handle_is_refused_also_after_its_place_is_reused);
    RUN(handles_that_never_were_are_stale);
    RUN(a_handle_does_not_come_back_soon);
    RUN(a_full_table_takes_again_after_a_leave);
    RUN(a_blocked_listener_gets_nothing_and_loses_nothing_on_return);
    RUN(a_blocked_listener_that_was_overwritten_lags_on_return);
    RUN(stalled_is_told_once_per_blocking);
    RUN(the_longest_blocked_stalls_first);
    RUN(more_stalls_than_events_are_told_in_further_calls);
    RUN(a_move_goes_to_the_head_of_the_other_ring);
    RUN(a_move_into_a_full_broadcaster_leaves_the_listener_where_it_was);
    RUN(a_move_to_its_own_broadcaster_skips_to_the_head);
    RUN(a_blocked_listener_stays_blocked_when_moved_and_stalls_on_time);
    RUN(positions_survive_2_to_the_32_bytes);
    RUN(arguments_that_make_no_sense_are_answered);
    return tap_done();
}
