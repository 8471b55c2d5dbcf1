/* Listeners that begin anew: blocked, lagged or moved, they are sent the preamble they need, once. */
#include "chain.h"
#include "reader.h"
#include "tap.h"

static void one_who_blocks_on_the_preamble_misses_nothing(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    ear e = ear_join(s.b, 1, 0, 0);
    ear_events(s.b, s.ring, rc_take(s.b, e.handle, 0), &e, 1);
    rc_blocked(s.b, e.handle, 1, 0);
    play_chain(s.ring, 2, 20);
    ear_tick(s.b, s.ring, 1, &e, 1);
    CHECK_EQ(e.length, HEADERS);
    rc_blocked(s.b, e.handle, 0, 2);
    ear_tick(s.b, s.ring, 2, &e, 1);
    CHECK(heard_preamble_then(&e, 1, HEADERS, HEADERS + 10 * PAGE));
    CHECK_EQ(e.length, HEADERS + 10 * PAGE + HEADERS + 20 * PAGE);
    stage_close(&s, &e, 1);
}

static void a_lagged_listener_is_sent_the_preamble_of_where_it_goes_on(void)
{
    for (uint32_t chains = 1; chains <= 2; chains++) {
        stage s = {.ring = small_ring()};
        s.b = eager(s.ring, 4, 1); /* lag, preamble and audio one by one */
        uint32_t pages = (uint32_t)rc_ring_capacity(s.ring) / PAGE;
        play_chain(s.ring, 1, 2);
        ear e = ear_join(s.b, 1, 0, 0);
        take_all(&s, &e);
        if (chains == 2)
            begin_chain(s.ring, 2, HEADERS);
        play_pages(s.ring, 2 * pages);
        size_t before = e.length;
        ear_tick(s.b, s.ring, ++s.now, &e, 1);
        uint64_t resumed = HEADERS + 2 * PAGE + e.lost;
        CHECK_EQ(e.lags, 1);
        CHECK(is_preamble(e.bytes + before, chains, HEADERS));
        CHECK_EQ(e.length - before - HEADERS, rc_ring_head(s.ring) - (double)resumed);
        CHECK(is_audio(e.bytes + before + HEADERS, resumed, e.length - before - HEADERS));
        stage_close(&s, &e, 1);
    }
}

static void a_moved_listener_begins_at_a_sync_frame_behind_the_other_rings_preamble(void)
{
    stage one = stage_open(), two = stage_open();
    play_chain(one.ring, 1, 20);
    play_chain(two.ring, 2, 10); /* the last page is not sync */
    ear e = ear_join(one.b, 1, 0, 0);
    take_all(&one, &e);
    size_t before = e.length;
    e.handle = rc_move(one.b, e.handle, two.b, 1);
    ear_tick(two.b, two.ring, 1, &e, 1);
    CHECK(is_preamble(e.bytes + before, 2, HEADERS));
    CHECK(is_audio(e.bytes + before + HEADERS, HEADERS + 8 * PAGE, 2 * PAGE));
    CHECK_EQ(e.length, before + HEADERS + 2 * PAGE);
    stage_close(&one, &e, 1);
    stage_close(&two, NULL, 0);
}

static void one_who_moves_to_a_ring_without_a_preamble_is_sent_none(void)
{
    stage one = stage_open(), two = stage_open();
    play_chain(one.ring, 1, 20);
    play_pages(two.ring, 10);
    ear e = ear_join(one.b, 0, 0, 0); /* moved before it was sent anything */
    e.handle = rc_move(one.b, e.handle, two.b, 1);
    play_pages(two.ring, 2);
    ear_tick(two.b, two.ring, 1, &e, 1);
    CHECK(heard_audio(&e, 10 * PAGE));
    CHECK_EQ(e.length, 2 * PAGE);
    stage_close(&one, &e, 1);
    stage_close(&two, NULL, 0);
}

static void one_whose_preamble_is_forgotten_before_it_began_has_lagged(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 2);
    ear e = ear_join(s.b, 1, 0, 0);
    rc_blocked(s.b, e.handle, 1, 0);
    for (uint32_t number = 2; number <= 70; number++)
        play_chain(s.ring, number, 2);
    rc_blocked(s.b, e.handle, 0, 0);
    take_all(&s, &e);
    CHECK_EQ(e.lags, 1);
    CHECK_EQ(e.lost, 6 * (HEADERS + 2 * PAGE));
    CHECK(heard_preamble_then(&e, 7, HEADERS, 7 * HEADERS + 6 * 2 * PAGE));
    stage_close(&s, &e, 1);
}

int main(void)
{
    RUN(one_who_blocks_on_the_preamble_misses_nothing);
    RUN(a_lagged_listener_is_sent_the_preamble_of_where_it_goes_on);
    RUN(a_moved_listener_begins_at_a_sync_frame_behind_the_other_rings_preamble);
    RUN(one_who_moves_to_a_ring_without_a_preamble_is_sent_none);
    RUN(one_whose_preamble_is_forgotten_before_it_began_has_lagged);
    return tap_done();
}
