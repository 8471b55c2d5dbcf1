/* Lag: what a slow listener loses, and where it goes on. Written after tokio's broadcast. */
#include "broadcaster.h"
#include "fixture.h"
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
    RUN(positions_survive_2_to_the_32_bytes);
    return tap_done();
}
