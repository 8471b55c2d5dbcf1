/* Turns: a tick goes on where it stopped, and nobody is starved, doubled or forgotten. */
#include "crowd.h"
#include "fixture.h"
#include "tap.h"

#include <math.h>

static void a_tick_never_exceeds_its_events_and_goes_on_fairly(void)
{
    enum { N = 100 };
    crowd s = crowd_open(N, 7, 20000);
    uint32_t turns[N] = {0};
    feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    int32_t seen = 0;
    for (int32_t n = rc_tick(s.b, s.now); n > 0; n = rc_tick(s.b, s.now), seen += n > 0)
        for (int32_t i = 0; i < n; i++) {
            CHECK(n <= 7);
            turns[rc_broadcaster_events(s.b)[i].listener & 0xFFFFF]++;
        }
    CHECK_EQ(seen, N / 7);
    for (int i = 0; i < N; i++)
        CHECK_EQ(turns[i], 1);
    crowd_close(&s);
}

static void calling_once_per_moment_starves_nobody(void)
{
    enum { N = 100 };
    crowd s = crowd_open(N, 10, 20000);
    uint32_t turns[N] = {0};
    for (int round = 0; round < 100; round++) {
        feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
        s.now += TICK_MS;
        int32_t n = rc_tick(s.b, s.now);
        CHECK_EQ(n, 10);
        for (int32_t i = 0; i < n; i++)
            turns[rc_broadcaster_events(s.b)[i].listener & 0xFFFFF]++;
    }
    for (int i = 0; i < N; i++)
        CHECK_EQ(turns[i], 10);
    crowd_close(&s);
}

static void a_turn_broken_off_costs_nobody_the_next_one(void)
{
    enum { N = 640 }; /* ten in a slot */
    crowd s = crowd_open(N, 5, 1e9);
    feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    CHECK_EQ(rc_tick(s.b, s.now), 5);
    uint32_t first = rc_broadcaster_events(s.b)[0].listener, times = 0;
    feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    for (int32_t n = rc_tick(s.b, s.now); n > 0; n = rc_tick(s.b, s.now))
        for (int32_t i = 0; i < n; i++)
            times += rc_broadcaster_events(s.b)[i].listener == first;
    CHECK_EQ(times, 1);
    crowd_close(&s);
}

static void one_far_behind_catches_up_without_holding_the_others(void)
{
    crowd s = crowd_open(20, 4096, 20000);
    rc_broadcaster *b = s.b;
    int32_t far = listeners_handle(&b->listeners, 3);
    rc_blocked(b, far, 1, s.now);
    for (int i = 0; i < 2000; i++)
        CHECK_EQ(crowd_play(&s).sends, 19);
    rc_blocked(b, far, 0, s.now);
    feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    uint32_t far_sends = 0, far_bytes = 0, others = 0;
    for (int32_t n = rc_tick(b, s.now); n > 0; n = rc_tick(b, s.now)) {
        uint32_t now = 0;
        for (int32_t i = 0; i < n; i++) {
            const rc_event *e = &rc_broadcaster_events(b)[i];
            CHECK(e->length <= 65536 && e->length % FRAME == 0);
            now += e->listener == (uint32_t)far;
            far_bytes += e->listener == (uint32_t)far ? e->length : 0;
            others += e->listener != (uint32_t)far;
        }
        CHECK(now <= 1);
        far_sends += now;
    }
    CHECK_EQ(far_bytes, 2001 * FRAME);
    CHECK_EQ(far_sends, 5);
    CHECK_EQ(others, 19);
    crowd_close(&s);
}

static void one_far_behind_that_blocks_again_is_not_offered_more(void)
{
    crowd s = crowd_open(5, 1, 20000);
    feed(s.ring, 2000, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    uint32_t sends = 0;
    for (int32_t n = rc_tick(s.b, s.now); n > 0; n = rc_tick(s.b, s.now), sends++)
        rc_blocked(s.b, (int32_t)rc_broadcaster_events(s.b)[0].listener, 1, s.now);
    CHECK_EQ(sends, 5);
    crowd_close(&s);
}

static void a_listener_that_joins_during_a_tick_waits_for_the_next_at_most(void)
{
    crowd s = crowd_open(64, 1, 20000);
    feed(s.ring, 3, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    CHECK_EQ(rc_tick(s.b, s.now), 1);
    rc_leave(s.b, listeners_handle(&s.b->listeners, 0));
    int32_t late = rc_join(s.b, 0, 0, s.now);
    crowd_tick(&s);
    s.now += TICK_MS;
    crowd_tick(&s);
    rc_listener info;
    CHECK_EQ(rc_inspect(s.b, late, &info), 0);
    CHECK_EQ(info.cursor, rc_ring_head(s.ring));
    CHECK_EQ(info.sent_bytes, FRAME);
    crowd_close(&s);
}

static void blocked_listeners_cost_the_others_no_latency(void)
{
    crowd s = crowd_open(2000, 4096, 20000); /* a period of 100 ms with all of them */
    for (uint32_t i = 100; i < 2000; i++)
        rc_blocked(s.b, listeners_handle(&s.b->listeners, i), 1, s.now);
    crowd_play(&s);
    for (int i = 0; i < 50; i++)
        CHECK_EQ(crowd_play(&s).sends, 100);
    crowd_close(&s);
}

static void a_late_tick_serves_everyone_once(void)
{
    crowd s = crowd_open(4000, 4096, 20000);
    for (int i = 0; i < 100; i++)
        crowd_play(&s);
    feed(s.ring, 200, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += 2000;
    moment m = crowd_tick(&s);
    CHECK_EQ(m.sends, 4000);
    CHECK(m.longest <= 220 * FRAME);
    crowd_close(&s);
}

static void in_a_pause_nothing_falls_due_and_behind_it_a_slot_does(void)
{
    enum { N = 128, SENDS_PER_SECOND = 200 }; /* two in a slot, a slot every 10 ms */
    crowd s = crowd_open(N, 4096, SENDS_PER_SECOND);
    for (int i = 0; i < 300; i++) {
        feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
        double pause = rc_pause(s.b);
        CHECK(pause > 0 && pause <= 10);
        s.now += 0.9 * pause;
        CHECK_EQ(crowd_tick(&s).sends, 0);
        s.now += 0.2 * pause;
        CHECK_EQ(crowd_tick(&s).sends, N / SLOTS);
    }
    crowd_close(&s);
}

static void there_is_no_pause_before_a_tick_that_was_full(void)
{
    crowd s = crowd_open(100, 7, 1e9);
    feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    CHECK_EQ(rc_tick(s.b, s.now), 7);
    CHECK(rc_pause(s.b) == 0);
    crowd_close(&s);
}

static void with_nobody_there_the_pause_has_no_end(void)
{
    crowd s = crowd_open(1, 7, 20000);
    int32_t only = listeners_handle(&s.b->listeners, 0);
    CHECK(isfinite(rc_pause(s.b)));
    rc_blocked(s.b, only, 1, s.now);
    CHECK(isinf(rc_pause(s.b)));
    rc_leave(s.b, only);
    CHECK(isinf(rc_pause(s.b)));
    CHECK(isinf(rc_pause(NULL)));
    crowd_close(&s);
}

int main(void)
{
    RUN(a_tick_never_exceeds_its_events_and_goes_on_fairly);
    RUN(calling_once_per_moment_starves_nobody);
    RUN(a_turn_broken_off_costs_nobody_the_next_one);
    RUN(one_far_behind_catches_up_without_holding_the_others);
    RUN(one_far_behind_that_blocks_again_is_not_offered_more);
    RUN(a_listener_that_joins_during_a_tick_waits_for_the_next_at_most);
    RUN(blocked_listeners_cost_the_others_no_latency);
    RUN(a_late_tick_serves_everyone_once);
    RUN(in_a_pause_nothing_falls_due_and_behind_it_a_slot_does);
    RUN(there_is_no_pause_before_a_tick_that_was_full);
    RUN(with_nobody_there_the_pause_has_no_end);
    return tap_done();
}
