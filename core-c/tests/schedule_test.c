/* The schedule: who has a turn in which tick, how large the spans get, how even the load is. */
#include "broadcaster.h"
#include "fixture.h"
#include "invariants.h"
#include "tap.h"

#include <math.h>

/* 128 kbit/s in frames of 10 ms: one per tick. */
#define TICK_MS 10
#define FRAME 160

typedef struct {
    rc_ring *ring;
    rc_broadcaster *b;
    double now;
} stage;

static stage stage_open(uint32_t listeners, uint32_t events, double sends_per_second)
{
    stage s = {.ring = rc_ring_new(1 << 20), .now = 1000};
    s.b = rc_broadcaster_new(s.ring, listeners, events);
    CHECK_EQ(rc_broadcaster_tune(s.b, 16384, sends_per_second, INFINITY), 0);
    for (uint32_t i = 0; i < listeners; i++)
        CHECK(rc_join(s.b, 0, 0, s.now) > 0);
    CHECK_EQ(rc_tick(s.b, s.now), 0);
    return s;
}

static void stage_close(stage *s)
{
    check_invariants(s->b);
    rc_broadcaster_free(s->b);
    rc_ring_free(s->ring);
}

/* What one moment of the clock offered, over all its calls. */
typedef struct {
    uint32_t sends;
    uint64_t bytes;
    uint32_t longest;
} moment;

static moment tick(stage *s)
{
    moment m = {0};
    for (int32_t n = rc_tick(s->b, s->now); n > 0; n = rc_tick(s->b, s->now))
        for (int32_t i = 0; i < n; i++) {
            uint32_t length = rc_broadcaster_events(s->b)[i].length;
            m.sends++;
            m.bytes += length;
            m.longest = length > m.longest ? length : m.longest;
        }
    return m;
}

static moment play(stage *s)
{
    feed(s->ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    s->now += TICK_MS;
    return tick(s);
}

static void few_listeners_get_each_frame_in_the_next_tick(void)
{
    stage s = stage_open(150, 4096, 20000);
    for (int i = 0; i < 500; i++) {
        moment m = play(&s);
        CHECK_EQ(m.sends, 150);
        CHECK_EQ(m.longest, FRAME);
    }
    stage_close(&s);
}

static void many_listeners_are_spread_over_time(void)
{
    stage s = stage_open(10000, 4096, 20000);
    uint32_t most = 0, total = 0;
    for (int i = 0; i < 600; i++) {
        moment m = play(&s);
        if (i < 100) /* until the first turn of all slots is over */
            continue;
        most = m.sends > most ? m.sends : most;
        total += m.sends;
    }
    double mean = total / 500.0;
    CHECK(mean > 195 && mean < 205); /* 20000 a second */
    CHECK(most < 2 * mean);
    stage_close(&s);
}

static void a_source_that_writes_seldom_wakes_no_crowd(void)
{
    stage s = stage_open(10000, 4096, 20000);
    uint32_t most = 0;
    for (int i = 0; i < 600; i++, s.now += TICK_MS) {
        if (i % 10 == 0)
            feed(s.ring, 10, FRAME, TICK_MS * 1000, RC_SYNC);
        moment m = tick(&s);
        most = i >= 100 && m.sends > most ? m.sends : most;
    }
    CHECK(most > 0 && most < 400);
    stage_close(&s);
}

static void everyone_has_a_turn_within_one_period(void)
{
    enum { N = 2000 };
    stage s = stage_open(N, 64, 4000); /* a period of 500 ms */
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
    stage_close(&s);
}

static void spans_approach_chunk_size_with_many_listeners(void)
{
    stage s = stage_open(10000, 4096, 1000); /* a budget far too small: chunk_size decides */
    uint64_t bytes = 0;
    uint32_t sends = 0, longest = 0;
    for (int i = 0; i < 500; i++) {
        moment m = play(&s);
        if (i < 150)
            continue;
        bytes += m.bytes;
        sends += m.sends;
        longest = m.longest > longest ? m.longest : longest;
    }
    double mean = (double)bytes / sends;
    CHECK(mean > 0.97 * 16384 && mean < 1.03 * 16384);
    CHECK(longest < 1.05 * 16384);
    stage_close(&s);
}

static void spans_grow_with_the_number_of_listeners(void)
{
    uint32_t before = 0;
    for (uint32_t listeners = 100; listeners <= 6400; listeners *= 4) {
        stage s = stage_open(listeners, 4096, 10000);
        moment m = {0};
        for (int i = 0; i < 200; i++)
            m = play(&s);
        CHECK(m.longest > before || listeners == 100);
        before = m.longest;
        stage_close(&s);
    }
    CHECK(before > 9600 && before < 10900); /* 640 ms */
}

static void a_tick_never_exceeds_its_events_and_goes_on_fairly(void)
{
    enum { N = 100 };
    stage s = stage_open(N, 7, 20000);
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
    stage_close(&s);
}

static void calling_once_per_moment_starves_nobody(void)
{
    enum { N = 100 };
    stage s = stage_open(N, 10, 20000);
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
    stage_close(&s);
}

static void a_turn_broken_off_costs_nobody_the_next_one(void)
{
    enum { N = 640 }; /* ten in a slot */
    stage s = stage_open(N, 5, 1e9);
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
    stage_close(&s);
}

static void one_far_behind_catches_up_without_holding_the_others(void)
{
    stage s = stage_open(20, 4096, 20000);
    rc_broadcaster *b = s.b;
    int32_t far = listeners_handle(&b->listeners, 3);
    rc_blocked(b, far, 1, s.now);
    for (int i = 0; i < 2000; i++)
        CHECK_EQ(play(&s).sends, 19);
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
    stage_close(&s);
}

static void one_far_behind_that_blocks_again_is_not_offered_more(void)
{
    stage s = stage_open(5, 1, 20000);
    feed(s.ring, 2000, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    uint32_t sends = 0;
    for (int32_t n = rc_tick(s.b, s.now); n > 0; n = rc_tick(s.b, s.now), sends++)
        rc_blocked(s.b, (int32_t)rc_broadcaster_events(s.b)[0].listener, 1, s.now);
    CHECK_EQ(sends, 5);
    stage_close(&s);
}

static void a_listener_that_joins_during_a_tick_waits_for_the_next_at_most(void)
{
    stage s = stage_open(64, 1, 20000);
    feed(s.ring, 3, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += TICK_MS;
    CHECK_EQ(rc_tick(s.b, s.now), 1);
    rc_leave(s.b, listeners_handle(&s.b->listeners, 0));
    int32_t late = rc_join(s.b, 0, 0, s.now);
    tick(&s);
    s.now += TICK_MS;
    tick(&s);
    rc_listener info;
    CHECK_EQ(rc_inspect(s.b, late, &info), 0);
    CHECK_EQ(info.cursor, rc_ring_head(s.ring));
    CHECK_EQ(info.sent_bytes, FRAME);
    stage_close(&s);
}

static void blocked_listeners_cost_the_others_no_latency(void)
{
    stage s = stage_open(2000, 4096, 20000); /* a period of 100 ms with all of them */
    for (uint32_t i = 100; i < 2000; i++)
        rc_blocked(s.b, listeners_handle(&s.b->listeners, i), 1, s.now);
    play(&s);
    for (int i = 0; i < 50; i++)
        CHECK_EQ(play(&s).sends, 100);
    stage_close(&s);
}

static void a_clock_that_goes_back_counts_as_standing(void)
{
    stage s = stage_open(4000, 4096, 20000);
    for (int i = 0; i < 100; i++)
        play(&s);
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
        sends += play(&s).sends;
    CHECK(sends > 3900 && sends < 4100);
    stage_close(&s);
}

static void a_late_tick_serves_everyone_once(void)
{
    stage s = stage_open(4000, 4096, 20000);
    for (int i = 0; i < 100; i++)
        play(&s);
    feed(s.ring, 200, FRAME, TICK_MS * 1000, RC_SYNC);
    s.now += 2000;
    moment m = tick(&s);
    CHECK_EQ(m.sends, 4000);
    CHECK(m.longest <= 220 * FRAME);
    stage_close(&s);
}

static void audio_of_unknown_duration_is_not_held_back_for_long(void)
{
    stage s = stage_open(100, 4096, 1); /* would be a period of 100 s */
    uint32_t sends = 0;
    for (int i = 0; i < 101; i++) {
        feed(s.ring, 1, FRAME, 0, RC_SYNC);
        s.now += TICK_MS;
        sends += tick(&s).sends;
    }
    CHECK(sends >= 100);
    stage_close(&s);
}

static void leaving_and_joining_keeps_the_slots_level(void)
{
    stage s = stage_open(6400, 4096, 20000);
    chance c = {42};
    for (int i = 0; i < 20000; i++) {
        int32_t handle = listeners_handle(&s.b->listeners, draw(&c, 6400));
        if (rc_leave(s.b, handle) == 0)
            CHECK(rc_join(s.b, 0, 0, s.now) > 0);
    }
    for (int i = 0; i < SLOTS; i++)
        CHECK(s.b->slots[i].count >= 99 && s.b->slots[i].count <= 101);
    stage_close(&s);
}

int main(void)
{
    RUN(few_listeners_get_each_frame_in_the_next_tick);
    RUN(many_listeners_are_spread_over_time);
    RUN(a_source_that_writes_seldom_wakes_no_crowd);
    RUN(everyone_has_a_turn_within_one_period);
    RUN(spans_approach_chunk_size_with_many_listeners);
    RUN(spans_grow_with_the_number_of_listeners);
    RUN(a_tick_never_exceeds_its_events_and_goes_on_fairly);
    RUN(calling_once_per_moment_starves_nobody);
    RUN(a_turn_broken_off_costs_nobody_the_next_one);
    RUN(one_far_behind_catches_up_without_holding_the_others);
    RUN(one_far_behind_that_blocks_again_is_not_offered_more);
    RUN(a_listener_that_joins_during_a_tick_waits_for_the_next_at_most);
    RUN(blocked_listeners_cost_the_others_no_latency);
    RUN(a_clock_that_goes_back_counts_as_standing);
    RUN(a_late_tick_serves_everyone_once);
    RUN(audio_of_unknown_duration_is_not_held_back_for_long);
    RUN(leaving_and_joining_keeps_the_slots_level);
    return tap_done();
}
