/* Listeners that stay behind the head, and where a listener may begin in the past. */
#include "broadcaster.h"
#include "chain.h"
#include "fixture.h"
#include "tap.h"

#include <math.h>

enum { FRAME = 417, MEBIBYTE = 1 << 20 };

static const double SECONDS = 0.026; /* of a frame of feed_mp3 */

static rc_listener state_of(const rc_broadcaster *b, int32_t handle)
{
    rc_listener info;
    CHECK_EQ(rc_inspect(b, handle, &info), 0);
    return info;
}

/* Joins 10 s back and stays 8 s behind: two seconds of burst. */
static ear join_behind(rc_broadcaster *b, rc_ring *ring)
{
    double position = rc_ring_seek(ring, 10);
    return (ear){.handle = rc_join_at(b, position, 0, 0, 8, 0)};
}

static void a_delayed_listener_gets_its_burst_and_stays_behind(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 1000, FRAME);
    ear e = join_behind(b, ring);
    uint64_t from = (uint64_t)state_of(b, e.handle).cursor;
    ear_tick(b, ring, 1, &e, 1);
    CHECK_EQ(rc_ring_lag(ring, (double)(from + e.length)), ceil(8 / SECONDS) * SECONDS);
    for (int i = 0; i < 500; i++) {
        size_t before = e.length;
        feed_mp3(ring, 1, FRAME);
        ear_tick(b, ring, 2 + i, &e, 1);
        CHECK_EQ(e.length, before + FRAME);
    }
    CHECK(is_audio(e.bytes, from, e.length));
    CHECK_EQ(state_of(b, e.handle).delay_seconds, 8);
    CHECK(state_of(b, e.handle).lag_seconds < SECONDS);
    CHECK_EQ(e.lags, 0);
    ear_close(&e);
    close_both(b, ring);
}

static void its_lag_counts_from_its_own_place(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 1000, FRAME);
    ear e = join_behind(b, ring);
    CHECK(fabs(state_of(b, e.handle).lag_seconds - 2) < SECONDS);
    rc_blocked(b, e.handle, 1, 0);
    feed_mp3(ring, 100, FRAME);
    CHECK(fabs(state_of(b, e.handle).lag_seconds - 4.6) < SECONDS);
    ear_tick(b, ring, 1, &e, 1);
    CHECK_EQ(e.length, 0);
    ear_close(&e);
    close_both(b, ring);
}

/* Blocked until the ring has overtaken it, with a delay that the ring does not hold. */
static void an_overtaken_delay_shrinks_to_what_is_held(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 2000, FRAME);
    ear e = {.handle = rc_join_at(b, 0, 0, 0, 50, 0)};
    rc_blocked(b, e.handle, 1, 0);
    feed_mp3(ring, 2000, 800);
    rc_blocked(b, e.handle, 0, 1);
    ear_tick(b, ring, 2, &e, 1);
    double held = rc_ring_lag(ring, rc_ring_tail(ring));
    CHECK_EQ(e.lags, 1);
    CHECK_EQ(e.lost, rc_ring_tail(ring));
    CHECK(fabs(state_of(b, e.handle).delay_seconds - (held - 10)) < 0.001);
    CHECK(fabs((double)e.length - 10 / SECONDS * 800) < 801);
    ear_close(&e);
    close_both(b, ring);
}

static void a_moved_listener_has_no_delay(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE), *other = rc_ring_new(MEBIBYTE);
    rc_broadcaster *b = eager(ring, 4, 16), *to = eager(other, 4, 16);
    feed_mp3(ring, 1000, FRAME);
    feed_mp3(other, 1000, FRAME);
    ear e = join_behind(b, ring);
    e.handle = rc_move(b, e.handle, to, 1);
    CHECK_EQ(state_of(to, e.handle).delay_seconds, 0);
    CHECK_EQ(state_of(to, e.handle).lag_seconds, 0);
    close_both(b, ring);
    close_both(to, other);
}

static void frames_are_found_by_any_of_their_bytes(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    feed_mp3(ring, 10, FRAME);
    CHECK_EQ(rc_ring_frame(ring, 3 * FRAME), 3 * FRAME);
    CHECK_EQ(rc_ring_frame(ring, 4 * FRAME - 1), 3 * FRAME);
    CHECK_EQ(rc_ring_frame(ring, 10 * FRAME), 10 * FRAME);
    CHECK_EQ(rc_ring_frame(ring, 10 * FRAME + 1), RC_ESTALE);
    CHECK_EQ(rc_ring_frame(ring, -1), RC_ESTALE);
    CHECK_EQ(rc_ring_frame(ring, NAN), RC_ESTALE);
    rc_ring_break(ring);
    CHECK_EQ(rc_ring_frame(ring, 9 * FRAME), RC_ESTALE);
    CHECK_EQ(rc_ring_frame(ring, 10 * FRAME), 10 * FRAME);
    feed_mp3(ring, 3000, FRAME);
    CHECK_EQ(rc_ring_frame(ring, rc_ring_tail(ring) - 1), RC_ESTALE);
    CHECK_EQ(rc_ring_frame(ring, rc_ring_tail(ring)), rc_ring_tail(ring));
    CHECK_EQ(rc_ring_frame(NULL, 0), RC_ESTALE);
    rc_ring_free(ring);
}

static void the_preamble_of_a_past_place_is_known(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    feed_mp3(ring, 1, FRAME);
    play_chain(ring, 1, 4);
    double second = rc_ring_head(ring);
    play_chain(ring, 2, 4);
    CHECK_EQ(rc_ring_preamble_at(ring, 0), 0);
    CHECK_EQ(rc_ring_preamble_at(ring, FRAME), 0);
    CHECK_EQ(rc_ring_preamble_at(ring, FRAME + HEADERS), HEADERS);
    CHECK_EQ(rc_ring_preamble_at(ring, second), 0);
    CHECK_EQ(rc_ring_preamble_at(ring, rc_ring_head(ring)), HEADERS);
    CHECK_EQ(rc_ring_preamble_at(ring, -1), RC_ESTALE);
    CHECK_EQ(rc_ring_preamble_at(NULL, 0), RC_ESTALE);
    rc_ring_free(ring);
}

int main(void)
{
    RUN(a_delayed_listener_gets_its_burst_and_stays_behind);
    RUN(its_lag_counts_from_its_own_place);
    RUN(an_overtaken_delay_shrinks_to_what_is_held);
    RUN(a_moved_listener_has_no_delay);
    RUN(frames_are_found_by_any_of_their_bytes);
    RUN(the_preamble_of_a_past_place_is_known);
    return tap_done();
}
