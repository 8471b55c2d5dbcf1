/* Few listeners: everybody is served when something has been written, within a budget, and nobody is left behind. */
#include "crowd.h"
#include "fixture.h"
#include "tap.h"

#include <math.h>

enum { N = 100, SENDS_PER_SECOND = 2000 }; /* a period of 50 ms */

static crowd at_once(uint32_t events)
{
    crowd s = crowd_open(N, events, SENDS_PER_SECOND);
    CHECK_EQ(rc_broadcaster_at_once(s.b, 1), 0);
    s.now += 1000;
    crowd_tick(&s);
    s.now += 1000;
    return s;
}

static void write_frames_of_ms(crowd *s, uint32_t count)
{
    feed(s->ring, count, FRAME, TICK_MS * 1000, RC_SYNC);
}

static void what_one_write_brings_is_one_send_to_everybody_in_the_same_moment(void)
{
    crowd s = at_once(4096);
    for (int i = 0; i < 20; i++, s.now += 104) {
        write_frames_of_ms(&s, 10);
        moment m = crowd_tick(&s);
        CHECK_EQ(m.sends, N);
        CHECK_EQ(m.longest, 10 * FRAME);
        CHECK_EQ(crowd_tick(&s).sends, 0);
    }
    crowd_close(&s);
}

static void nothing_is_due_while_nothing_is_written(void)
{
    crowd s = at_once(4096);
    CHECK(isinf(rc_pause(s.b)));
    s.now += 100000;
    CHECK_EQ(crowd_tick(&s).sends, 0);
    CHECK(isinf(rc_pause(s.b)));
    crowd_close(&s);
}

static void a_source_that_writes_all_the_time_is_sent_within_the_budget(void)
{
    crowd s = at_once(4096);
    uint32_t sends = 0, longest = 0;
    for (int i = 0; i < 1000; i++, s.now += 1) {
        feed(s.ring, 1, FRAME, 1000, RC_SYNC);
        moment m = crowd_tick(&s);
        sends += m.sends;
        longest = m.longest > longest ? m.longest : longest;
        CHECK(m.sends == 0 || m.sends == N);
    }
    CHECK(sends > 0.95 * SENDS_PER_SECOND && sends <= SENDS_PER_SECOND + 2 * N);
    CHECK(longest <= 51 * FRAME);
    crowd_close(&s);
}

static void what_waits_for_the_budget_is_due_after_the_pause(void)
{
    crowd s = at_once(4096);
    write_frames_of_ms(&s, 1);
    CHECK_EQ(crowd_tick(&s).sends, N);
    s.now += 5;
    write_frames_of_ms(&s, 1);
    CHECK_EQ(crowd_tick(&s).sends, 0);
    double pause = rc_pause(s.b);
    CHECK(pause > 0 && pause <= 50);
    s.now += pause;
    CHECK_EQ(crowd_tick(&s).sends, N);
    CHECK(isinf(rc_pause(s.b)));
    crowd_close(&s);
}

/* Else each of them would wait behind the one before, for ever. */
static void a_turn_that_came_late_does_not_make_those_after_it_late(void)
{
    crowd s = at_once(4096);
    for (int i = 0; i < 20; i++, s.now += 52) {
        write_frames_of_ms(&s, 5);
        int late = i == 3 ? 14 : 0;
        s.now += late;
        CHECK_EQ(crowd_tick(&s).sends, N);
        s.now -= late;
    }
    crowd_close(&s);
}

static void one_that_comes_back_is_served_though_nothing_is_written(void)
{
    crowd s = at_once(4096);
    int32_t slow = listeners_handle(&s.b->listeners, 3);
    rc_blocked(s.b, slow, 1, s.now);
    write_frames_of_ms(&s, 10);
    CHECK_EQ(crowd_tick(&s).sends, N - 1);
    s.now += 200;
    rc_blocked(s.b, slow, 0, s.now);
    CHECK(isfinite(rc_pause(s.b)));
    moment m = crowd_tick(&s);
    CHECK_EQ(m.sends, 1);
    CHECK_EQ(m.bytes, 10 * FRAME);
    crowd_close(&s);
}

static void a_turn_that_was_full_goes_on_and_forgets_nobody(void)
{
    crowd s = at_once(7);
    write_frames_of_ms(&s, 1);
    CHECK_EQ(rc_tick(s.b, s.now), 7);
    CHECK(rc_pause(s.b) == 0);
    write_frames_of_ms(&s, 1);
    s.now += 1;
    moment m = crowd_tick(&s);
    CHECK_EQ(m.sends, N - 7);
    CHECK_EQ(m.longest, 2 * FRAME);
    s.now += rc_pause(s.b);
    CHECK_EQ(crowd_tick(&s).sends, 7);
    crowd_close(&s);
}

/* The crowd grows and shrinks while audio comes: each byte once, and none very late. */
static void spreading_and_back_loses_nothing_and_holds_nobody_up(void)
{
    crowd s = at_once(4096);
    uint64_t bytes = 0, written = 0;
    for (int i = 0; i < 200; i++, s.now += 104) {
        CHECK_EQ(rc_broadcaster_at_once(s.b, i / 10 % 2 == 0), 0);
        write_frames_of_ms(&s, 10);
        written += 10 * FRAME;
        for (int part = 0; part < 10; part++, s.now += 5)
            bytes += crowd_tick(&s).bytes;
        s.now -= 50;
        CHECK(N * written - bytes <= N * 10 * FRAME);
    }
    s.now += 1000;
    bytes += crowd_tick(&s).bytes;
    CHECK_EQ(bytes, N * written);
    crowd_close(&s);
}

static void nothing_that_makes_no_sense_is_taken(void)
{
    CHECK_EQ(rc_broadcaster_at_once(NULL, 1), RC_EINVAL);
}

int main(void)
{
    RUN(what_one_write_brings_is_one_send_to_everybody_in_the_same_moment);
    RUN(nothing_is_due_while_nothing_is_written);
    RUN(a_source_that_writes_all_the_time_is_sent_within_the_budget);
    RUN(what_waits_for_the_budget_is_due_after_the_pause);
    RUN(a_turn_that_came_late_does_not_make_those_after_it_late);
    RUN(one_that_comes_back_is_served_though_nothing_is_written);
    RUN(a_turn_that_was_full_goes_on_and_forgets_nobody);
    RUN(spreading_and_back_loses_nothing_and_holds_nobody_up);
    RUN(nothing_that_makes_no_sense_is_taken);
    return tap_done();
}
