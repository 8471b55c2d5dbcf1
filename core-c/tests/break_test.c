/* Breaks: nobody who joins hears what was before, everybody who is there hears all of it. */
#include "chain.h"
#include "reader.h"
#include "tap.h"

#include <math.h>

static void a_burst_does_not_reach_behind_a_break(void)
{
    stage s = stage_open();
    feed_mp3(s.ring, 100, 417);
    CHECK_EQ(rc_ring_break(s.ring), 0);
    feed_mp3(s.ring, 10, 417);
    const double bursts[] = {0.26, 0.27, 2, 1e6, INFINITY};
    for (int i = 0; i < 5; i++)
        CHECK_EQ(rc_ring_seek(s.ring, bursts[i]), 100 * 417);
    CHECK_EQ(rc_ring_seek(s.ring, 0.05), 108 * 417);
    ear e = ear_join(s.b, 2, 0, 0);
    ear_tick(s.b, s.ring, 1, &e, 1);
    CHECK(heard_audio(&e, 100 * 417));
    CHECK_EQ(e.length, 10 * 417);
    stage_close(&s, &e, 1);
}

static void behind_a_break_a_burst_begins_with_the_first_sync_frame(void)
{
    stage s = stage_open();
    feed_mp3(s.ring, 100, 417);
    rc_ring_break(s.ring);
    feed(s.ring, 3, 100, 26000, 0);
    CHECK_EQ(rc_ring_seek(s.ring, 0), rc_ring_head(s.ring));
    CHECK_EQ(rc_ring_seek(s.ring, 2), rc_ring_head(s.ring));
    feed_mp3(s.ring, 1, 417);
    CHECK_EQ(rc_ring_seek(s.ring, 2), 100 * 417 + 300);
    stage_close(&s, NULL, 0);
}

static void one_who_joins_at_a_break_waits_for_what_comes(void)
{
    stage s = stage_open();
    feed_mp3(s.ring, 100, 417);
    rc_ring_break(s.ring);
    CHECK_EQ(rc_ring_seek(s.ring, 5), rc_ring_head(s.ring));
    ear e = ear_join(s.b, 5, 0, 0);
    CHECK_EQ(ear_tick(s.b, s.ring, ++s.now, &e, 1), 0);
    play(&s, 300, &e, 1);
    CHECK(heard_audio(&e, 100 * 417));
    CHECK_EQ(e.length, 300);
    stage_close(&s, &e, 1);
}

static void those_who_are_there_read_on_across_a_break(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 0, 0);
    play(&s, 417, &e, 1);
    feed_mp3(s.ring, 10, 417);
    rc_ring_break(s.ring);
    play_chain(s.ring, 1, 10);
    ear_tick(s.b, s.ring, ++s.now, &e, 1);
    CHECK(heard_audio(&e, 0));
    CHECK_EQ(e.length, 11 * 417 + HEADERS + 10 * PAGE);
    stage_close(&s, &e, 1);
}

static void a_break_ends_the_preamble(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    rc_ring_break(s.ring);
    ear early = ear_join(s.b, 5, 0, 0);
    feed_mp3(s.ring, 10, 417);
    ear ears[2] = {early, ear_join(s.b, 5, 0, 0)};
    ear_tick(s.b, s.ring, 1, ears, 2);
    for (int i = 0; i < 2; i++) {
        CHECK(heard_audio(&ears[i], HEADERS + 20 * PAGE));
        CHECK_EQ(ears[i].length, 10 * 417);
    }
    stage_close(&s, ears, 2);
}

static void one_who_joins_at_a_break_hears_the_preamble_behind_it_in_the_audio_only(void)
{
    for (uint32_t number = 1; number <= 2; number++) { /* also the same one again */
        stage s = stage_open();
        play_chain(s.ring, 1, 20);
        rc_ring_break(s.ring);
        ear early = ear_join(s.b, 5, 0, 0);
        play_chain(s.ring, number, 20);
        ear ears[2] = {early, ear_join(s.b, 5, 0, 0)};
        ear_tick(s.b, s.ring, 1, ears, 2);
        CHECK(heard_audio(&ears[0], HEADERS + 20 * PAGE));
        CHECK_EQ(ears[0].length, HEADERS + 20 * PAGE);
        CHECK(heard_preamble_then(&ears[1], number, HEADERS, 2 * HEADERS + 20 * PAGE));
        CHECK_EQ(ears[1].length, HEADERS + 20 * PAGE);
        stage_close(&s, ears, 2);
    }
}

static void only_the_last_break_counts_and_two_at_one_position_are_one(void)
{
    stage s = stage_open();
    for (int i = 1; i <= 3; i++) {
        feed_mp3(s.ring, 10, 417);
        rc_ring_break(s.ring);
        rc_ring_break(s.ring);
        feed_mp3(s.ring, 10, 417);
        CHECK_EQ(rc_ring_seek(s.ring, 100), (20 * i - 10) * 417);
    }
    stage_close(&s, NULL, 0);
}

static void a_break_long_overwritten_is_none(void)
{
    stage s = {.ring = small_ring()};
    s.b = eager(s.ring, 4, 8);
    uint32_t held = (uint32_t)rc_ring_capacity(s.ring) / 128;
    feed_mp3(s.ring, 5, 128);
    rc_ring_break(s.ring);
    feed_mp3(s.ring, 3 * held, 128);
    CHECK_EQ(rc_ring_seek(s.ring, 100), rc_ring_tail(s.ring));
    stage_close(&s, NULL, 0);
}

static void a_lagged_listener_goes_on_before_the_break_if_that_is_still_held(void)
{
    stage s = {.ring = small_ring()};
    s.b = eager(s.ring, 4, 8);
    uint32_t held = (uint32_t)rc_ring_capacity(s.ring) / 128;
    ear e = ear_join(s.b, 0, 0, 0);
    feed_mp3(s.ring, held, 128);
    rc_ring_break(s.ring);
    feed_mp3(s.ring, 3, 128);
    ear_tick(s.b, s.ring, 1, &e, 1);
    CHECK_EQ(e.lost, 3 * 128);
    CHECK(heard_audio(&e, 3 * 128));
    stage_close(&s, &e, 1);
}

int main(void)
{
    RUN(a_burst_does_not_reach_behind_a_break);
    RUN(behind_a_break_a_burst_begins_with_the_first_sync_frame);
    RUN(one_who_joins_at_a_break_waits_for_what_comes);
    RUN(those_who_are_there_read_on_across_a_break);
    RUN(a_break_ends_the_preamble);
    RUN(one_who_joins_at_a_break_hears_the_preamble_behind_it_in_the_audio_only);
    RUN(only_the_last_break_counts_and_two_at_one_position_are_one);
    RUN(a_break_long_overwritten_is_none);
    RUN(a_lagged_listener_goes_on_before_the_break_if_that_is_still_held);
    return tap_done();
}
