/* Blocked, stalled and moved listeners: nothing is lost that the ring still holds. */
#include "broadcaster.h"
#include "fixture.h"
#include "invariants.h"
#include "tap.h"

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

static double is_blocked(const rc_broadcaster *b, int32_t handle)
{
    rc_listener info = {0};
    CHECK_EQ(rc_inspect(b, handle, &info), 0);
    return info.is_blocked;
}

static void a_blocked_listener_gets_nothing_and_loses_nothing_on_return(void)
{
    rc_ring *ring = small_ring();
    rc_broadcaster *b = eager(ring, 4, 16);
    ear e = ear_join(b, 0, 0, 0);
    feed_mp3(ring, 3, FRAME);
    ear_tick(b, ring, 1, &e, 1);
    CHECK_EQ(is_blocked(b, e.handle), 0);
    CHECK_EQ(rc_blocked(b, e.handle, 1, 2), 0);
    CHECK(is_blocked(b, e.handle) == 1 && blocked_millis(b, e.handle) == 0);
    feed_mp3(ring, 5, FRAME);
    CHECK_EQ(rc_tick(b, 3), 0);
    CHECK_EQ(rc_take(b, e.handle, 4), 0);
    CHECK_EQ(blocked_millis(b, e.handle), 2);
    CHECK_EQ(rc_blocked(b, e.handle, 0, 5), 0);
    CHECK_EQ(is_blocked(b, e.handle), 0);
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

int main(void)
{
    RUN(a_blocked_listener_gets_nothing_and_loses_nothing_on_return);
    RUN(a_blocked_listener_that_was_overwritten_lags_on_return);
    RUN(stalled_is_told_once_per_blocking);
    RUN(the_longest_blocked_stalls_first);
    RUN(more_stalls_than_events_are_told_in_further_calls);
    RUN(a_move_goes_to_the_head_of_the_other_ring);
    RUN(a_move_into_a_full_broadcaster_leaves_the_listener_where_it_was);
    RUN(a_move_to_its_own_broadcaster_skips_to_the_head);
    RUN(a_blocked_listener_stays_blocked_when_moved_and_stalls_on_time);
    return tap_done();
}
