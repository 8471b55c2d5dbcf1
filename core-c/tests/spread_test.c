/* Load and latency: how large the spans get, and how even one tick is to the next. */
#include "crowd.h"
#include "fixture.h"
#include "tap.h"

#include <math.h>

static void few_listeners_get_each_frame_in_the_next_tick(void)
{
    crowd s = crowd_open(150, 4096, 20000);
    for (int i = 0; i < 500; i++) {
        moment m = crowd_play(&s);
        CHECK_EQ(m.sends, 150);
        CHECK_EQ(m.longest, FRAME);
    }
    crowd_close(&s);
}

static void many_listeners_are_spread_over_time(void)
{
    crowd s = crowd_open(10000, 4096, 20000);
    uint32_t most = 0, total = 0;
    for (int i = 0; i < 600; i++) {
        moment m = crowd_play(&s);
        if (i < 100) /* until the first turn of all slots is over */
            continue;
        most = m.sends > most ? m.sends : most;
        total += m.sends;
    }
    double mean = total / 500.0;
    CHECK(mean > 195 && mean < 205); /* 20000 a second */
    CHECK(most < 2 * mean);
    crowd_close(&s);
}

static void a_source_that_writes_seldom_wakes_no_crowd(void)
{
    crowd s = crowd_open(10000, 4096, 20000);
    uint32_t most = 0;
    for (int i = 0; i < 600; i++, s.now += TICK_MS) {
        if (i % 10 == 0)
            feed(s.ring, 10, FRAME, TICK_MS * 1000, RC_SYNC);
        moment m = crowd_tick(&s);
        most = i >= 100 && m.sends > most ? m.sends : most;
    }
    CHECK(most > 0 && most < 400);
    crowd_close(&s);
}

static void everyone_has_a_turn_within_one_period(void)
{
    enum { N = 2000 };
    crowd s = crowd_open(N, 64, 4000); /* a period of 500 ms */
    static double last[N];
    double longest = 0;
    for (int i = 0; i < N; i++)
        last[i] = s.now;
    for (int i = 0; i < 400; i++) {
        feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
        s.now += TICK_MS;
        for (int32_t n = rc_tick(s.b, s.now); n > 0; n = rc_tick(s.b, s.now))
            for (int32_t k = 0; k < n; k++) {
                double *since = &last[rc_broadcaster_events(s.b)[k].listener & 0xFFFFF];
                longest = s.now - *since > longest ? s.now - *since : longest;
                *since = s.now;
            }
    }
    CHECK(longest >= 500 && longest <= 520);
    for (int i = 0; i < N; i++)
        CHECK(s.now - last[i] <= 520);
    crowd_close(&s);
}

static void spans_approach_chunk_size_with_many_listeners(void)
{
    crowd s = crowd_open(10000, 4096, 1000); /* a budget far too small: chunk_size decides */
    uint64_t bytes = 0;
    uint32_t sends = 0, longest = 0;
    for (int i = 0; i < 500; i++) {
        moment m = crowd_play(&s);
        if (i < 150)
            continue;
        bytes += m.bytes;
        sends += m.sends;
        longest = m.longest > longest ? m.longest : longest;
    }
    double mean = (double)bytes / sends;
    CHECK(mean > 0.97 * 16384 && mean < 1.03 * 16384);
    CHECK(longest < 1.05 * 16384);
    crowd_close(&s);
}

static void spans_grow_with_the_number_of_listeners(void)
{
    uint32_t before = 0;
    for (uint32_t listeners = 100; listeners <= 6400; listeners *= 4) {
        crowd s = crowd_open(listeners, 4096, 10000);
        moment m = {0};
        for (int i = 0; i < 200; i++)
            m = crowd_play(&s);
        CHECK(m.longest > before || listeners == 100);
        before = m.longest;
        crowd_close(&s);
    }
    CHECK(before > 9600 && before < 10900); /* 640 ms */
}

static void a_clock_that_goes_back_counts_as_standing(void)
{
    crowd s = crowd_open(4000, 4096, 20000);
    for (int i = 0; i < 100; i++)
        crowd_play(&s);
    feed(s.ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    CHECK_EQ(rc_tick(s.b, s.now), 0);
    CHECK_EQ(rc_tick(s.b, s.now - 1000), 0);
    CHECK_EQ(rc_tick(s.b, -INFINITY), 0);
    CHECK_EQ(rc_tick(s.b, INFINITY), 0);
    CHECK_EQ(rc_tick(s.b, NAN), 0);
    int32_t handle = listeners_handle(&s.b->listeners, 0);
    rc_blocked(s.b, handle, 1, s.now - 5000);
    rc_listener info;
    CHECK_EQ(rc_inspect(s.b, handle, &info), 0);
    CHECK_EQ(info.blocked_millis, 0);
    uint32_t sends = 0; /* a turn of all takes as long as ever */
    for (int i = 0; i < 20; i++)
        sends += crowd_play(&s).sends;
    CHECK(sends > 3900 && sends < 4100);
    crowd_close(&s);
}

static void audio_of_unknown_duration_is_not_held_back_for_long(void)
{
    crowd s = crowd_open(100, 4096, 1); /* would be a period of 100 s */
    uint32_t sends = 0;
    for (int i = 0; i < 101; i++) {
        feed(s.ring, 1, FRAME, 0, RC_SYNC);
        s.now += TICK_MS;
        sends += crowd_tick(&s).sends;
    }
    CHECK(sends >= 100);
    crowd_close(&s);
}

static void leaving_and_joining_keeps_the_slots_level(void)
{
    crowd s = crowd_open(6400, 4096, 20000);
    chance c = {.state = 42};
    for (int i = 0; i < 20000; i++) {
        int32_t handle = listeners_handle(&s.b->listeners, draw(&c, 6400));
        if (rc_leave(s.b, handle) == 0)
            CHECK(rc_join(s.b, 0, 0, s.now) > 0);
    }
    for (int i = 0; i < SLOTS; i++)
        CHECK(s.b->slots[i].count >= 99 && s.b->slots[i].count <= 101);
    crowd_close(&s);
}

int main(void)
{
    RUN(few_listeners_get_each_frame_in_the_next_tick);
    RUN(many_listeners_are_spread_over_time);
    RUN(a_source_that_writes_seldom_wakes_no_crowd);
    RUN(everyone_has_a_turn_within_one_period);
    RUN(spans_approach_chunk_size_with_many_listeners);
    RUN(spans_grow_with_the_number_of_listeners);
    RUN(a_clock_that_goes_back_counts_as_standing);
    RUN(audio_of_unknown_duration_is_not_held_back_for_long);
    RUN(leaving_and_joining_keeps_the_slots_level);
    return tap_done();
}
