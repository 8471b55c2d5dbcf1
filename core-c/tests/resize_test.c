/* A ring that changes its size while listeners read from it. */
#include "chain.h"
#include "fixture.h"
#include "tap.h"

#include <math.h>

enum { FRAME = 417, MEBIBYTE = 1 << 20 };

static void a_larger_ring_keeps_all_and_holds_more(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 5000, FRAME);
    double tail = rc_ring_tail(ring);
    ear ears[] = {{.handle = rc_join_at(b, tail, 100, 0, 0, 0)}, {0}};
    CHECK_EQ(rc_ring_resize(ring, 4 * MEBIBYTE), 0);
    CHECK_EQ(rc_ring_capacity(ring), 4 * MEBIBYTE);
    CHECK_EQ(rc_ring_tail(ring), tail);
    CHECK_EQ(rc_ring_head(ring), 5000 * FRAME);
    feed_mp3(ring, 5000, FRAME);
    CHECK_EQ(rc_ring_tail(ring), tail);
    ears[1].handle = rc_join_at(b, tail, 0, 0, 0, 0);
    ear_tick(b, ring, 1, ears, 2);
    CHECK_EQ(ears[1].length, rc_ring_head(ring) - tail);
    CHECK(is_audio(ears[1].bytes, (uint64_t)tail, ears[1].length));
    CHECK(is_audio(ears[0].bytes, (uint64_t)tail, 100));
    CHECK_EQ(ears[0].lags, 0);
    ear_close(&ears[0]);
    ear_close(&ears[1]);
    close_both(b, ring);
}

static void a_smaller_ring_keeps_the_newest_that_fits(void)
{
    rc_ring *ring = rc_ring_new(4 * MEBIBYTE);
    rc_broadcaster *b = eager(ring, 4, 16);
    feed_mp3(ring, 9000, FRAME);
    CHECK_EQ(rc_ring_tail(ring), 0);
    CHECK_EQ(rc_ring_resize(ring, MEBIBYTE), 0);
    double tail = rc_ring_tail(ring);
    CHECK(9000 * FRAME - tail <= MEBIBYTE && 9000 * FRAME - tail > MEBIBYTE - FRAME);
    ear e = {.handle = rc_join_at(b, tail, 0, 0, 0, 0)};
    ear_tick(b, ring, 1, &e, 1);
    CHECK(is_audio(e.bytes, (uint64_t)tail, e.length));
    CHECK_EQ(e.length, 9000 * FRAME - tail);
    ear_close(&e);
    close_both(b, ring);
}

static void titles_and_preambles_stay(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    rc_broadcaster *b = eager(ring, 4, 16);
    play_chain(ring, 7, 4);
    CHECK_EQ(rc_ring_resize(ring, 2 * MEBIBYTE), 0);
    ear e = ear_join(b, INFINITY, 0, 0);
    ear_tick(b, ring, 1, &e, 1);
    CHECK(heard_preamble_then(&e, 7, HEADERS, HEADERS));
    ear_close(&e);
    close_both(b, ring);
}

static void impossible_sizes_change_nothing(void)
{
    rc_ring *ring = rc_ring_new(MEBIBYTE);
    feed_mp3(ring, 10, FRAME);
    CHECK_EQ(rc_ring_resize(ring, 0), RC_EINVAL);
    CHECK_EQ(rc_ring_resize(ring, -1), RC_EINVAL);
    CHECK_EQ(rc_ring_resize(ring, NAN), RC_EINVAL);
    CHECK_EQ(rc_ring_resize(ring, (double)(1u << 30) + 1), RC_EINVAL);
    CHECK_EQ(rc_ring_resize(NULL, MEBIBYTE), RC_EINVAL);
    CHECK_EQ(rc_ring_capacity(ring), MEBIBYTE);
    CHECK_EQ(rc_ring_tail(ring), 0);
    rc_ring_free(ring);
}

int main(void)
{
    RUN(a_larger_ring_keeps_all_and_holds_more);
    RUN(a_smaller_ring_keeps_the_newest_that_fits);
    RUN(titles_and_preambles_stay);
    RUN(impossible_sizes_change_nothing);
    return tap_done();
}
