/* The ring: what it holds, where its frames begin, and how far back in seconds. */
#include "ring.h"

#include "fixture.h"
#include "tap.h"

#include <math.h>
#include <string.h>

static void a_ring_begins_empty(void)
{
    rc_ring *ring = small_ring();
    CHECK_EQ(rc_ring_head(ring), 0);
    CHECK_EQ(rc_ring_tail(ring), 0);
    CHECK_EQ(rc_ring_seek(ring, 10), 0);
    CHECK_EQ(rc_ring_lag(ring, 0), 0);
    CHECK_EQ(rc_ring_write(ring, NULL, 0, NULL, 0), 0);
    rc_ring_free(ring);
}

static void capacity_is_rounded_up_to_whole_pages(void)
{
    rc_ring *page = small_ring();
    double size = rc_ring_capacity(page);
    rc_ring *two = rc_ring_new(size + 1);
    CHECK(size >= 4096);
    CHECK_EQ(rc_ring_capacity(two), 2 * size);
    rc_ring_free(two);
    rc_ring_free(page);
}

static void a_capacity_out_of_range_is_refused(void)
{
    const double wrong[] = {0, -1, 0.5, 1073741825.0, NAN, INFINITY, -INFINITY};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CHECK(rc_ring_new(wrong[i]) == NULL);
}

static void a_span_across_the_wrap_is_contiguous_and_right(void)
{
    rc_ring *ring = rc_ring_new(3 * 4096);
    uint64_t capacity = (uint64_t)rc_ring_capacity(ring);
    for (int i = 0; i < 200; i++) {
        feed_mp3(ring, 1, 417);
        uint64_t tail = (uint64_t)rc_ring_tail(ring), head = (uint64_t)rc_ring_head(ring);
        CHECK(is_audio(rc_ring_memory(ring) + tail % capacity, tail, (size_t)(head - tail)));
    }
    CHECK(rc_ring_head(ring) > 3 * rc_ring_capacity(ring));
    rc_ring_free(ring);
}

static void the_tail_is_the_oldest_frame_held_whole(void)
{
    rc_ring *ring = small_ring();
    uint32_t capacity = (uint32_t)rc_ring_capacity(ring), length = 1000;
    uint32_t fit = capacity / length;
    feed_mp3(ring, fit, length);
    CHECK_EQ(rc_ring_tail(ring), 0);
    feed_mp3(ring, 1, length);
    CHECK_EQ(rc_ring_tail(ring), length);
    feed_mp3(ring, 1, capacity - length);
    CHECK_EQ(rc_ring_tail(ring), fit * length);
    CHECK_EQ(rc_ring_head(ring) - rc_ring_tail(ring), capacity);
    rc_ring_free(ring);
}

static void one_byte_more_than_the_capacity_costs_the_oldest_frame(void)
{
    rc_ring *ring = small_ring();
    uint32_t capacity = (uint32_t)rc_ring_capacity(ring);
    feed_mp3(ring, 1, 1000);
    feed_mp3(ring, 1, capacity - 1000);
    CHECK_EQ(rc_ring_tail(ring), 0);
    feed_mp3(ring, 1, 1);
    CHECK_EQ(rc_ring_tail(ring), 1000);
    rc_ring_free(ring);
}

static void a_write_as_large_as_the_ring_is_held_whole(void)
{
    rc_ring *ring = small_ring();
    uint32_t capacity = (uint32_t)rc_ring_capacity(ring);
    feed_mp3(ring, 1, 100);
    feed_mp3(ring, 1, capacity);
    CHECK_EQ(rc_ring_tail(ring), 100);
    CHECK(is_audio(rc_ring_memory(ring) + 100, 100, capacity));
    rc_ring_free(ring);
}

static void a_write_larger_than_the_ring_is_refused_and_nothing_is_written(void)
{
    rc_ring *ring = small_ring();
    feed_mp3(ring, 1, 100);
    rc_frame frame = {(uint32_t)rc_ring_capacity(ring) + 1, 26000, RC_SYNC};
    CHECK_EQ(write_frames(ring, &frame, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_head(ring), 100);
    CHECK(is_audio(rc_ring_memory(ring), 0, 100));
    rc_ring_free(ring);
}

static void lengths_that_do_not_add_up_are_refused(void)
{
    rc_ring *ring = small_ring();
    uint8_t data[8] = {0};
    rc_frame frames[2] = {{4, 26000, RC_SYNC}, {3, 26000, RC_SYNC}};
    rc_frame wide[2] = {{UINT32_MAX, 0, 0}, {9, 0, 0}}; /* 8 modulo 2^32 */
    CHECK_EQ(rc_ring_write(ring, data, 8, frames, 2), RC_EINVAL);
    CHECK_EQ(rc_ring_write(ring, data, 6, frames, 2), RC_EINVAL);
    CHECK_EQ(rc_ring_write(ring, data, 8, frames, 0), RC_EINVAL);
    CHECK_EQ(rc_ring_write(ring, data, 8, wide, 2), RC_EINVAL);
    CHECK_EQ(rc_ring_head(ring), 0);
    CHECK_EQ(rc_ring_write(ring, data, 7, frames, 2), 7);
    rc_ring_free(ring);
}

static void a_frame_without_bytes_or_with_unknown_flags_is_refused(void)
{
    rc_ring *ring = small_ring();
    uint8_t data[8] = {0};
    rc_frame empty[2] = {{8, 26000, RC_SYNC}, {0, 26000, RC_SYNC}};
    rc_frame odd = {8, 26000, 2};
    CHECK_EQ(rc_ring_write(ring, data, 8, empty, 2), RC_EINVAL);
    CHECK_EQ(rc_ring_write(ring, data, 8, &odd, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_head(ring), 0);
    rc_ring_free(ring);
}

static void frames_too_small_for_the_index_move_the_tail(void)
{
    rc_ring *ring = small_ring();
    uint32_t entries = (uint32_t)rc_ring_capacity(ring) / 64;
    rc_frame frames[1024];
    for (uint32_t i = 0; i < 1024; i++)
        frames[i] = (rc_frame){1, 1000000, RC_SYNC};
    CHECK_EQ(write_frames(ring, frames, 1024), 1024);
    CHECK_EQ(rc_ring_tail(ring), 1024 - entries);
    CHECK_EQ(rc_ring_seek(ring, 1e9), 1024 - entries);
    CHECK_EQ(rc_ring_lag(ring, 1020), 4);
    rc_ring_free(ring);
}

static void burst_is_seconds_not_bytes(void)
{
    const uint32_t lengths[] = {104, 417, 1044}; /* 32, 128 and 320 kbit/s */
    for (size_t i = 0; i < 3; i++) {
        rc_ring *ring = rc_ring_new(1 << 20);
        feed_mp3(ring, 200, lengths[i]);
        /* 2 s are 76.9 frames: the next frame start further back is 77 frames away */
        CHECK_EQ(rc_ring_seek(ring, 2), (200 - 77) * lengths[i]);
        CHECK_EQ(rc_ring_seek(ring, 77 * 0.026), (200 - 77) * lengths[i]);
        CHECK_EQ(rc_ring_seek(ring, 0), 199 * lengths[i]);
        rc_ring_free(ring);
    }
}

static void seek_lands_on_a_sync_frame(void)
{
    rc_ring *ring = rc_ring_new(1 << 16);
    for (int i = 0; i < 10; i++) {
        feed(ring, 1, 200, 100000, RC_SYNC);
        feed(ring, 4, 100, 100000, 0);
    }
    CHECK_EQ(rc_ring_seek(ring, 0), 9 * 600);
    CHECK_EQ(rc_ring_seek(ring, 0.5), 9 * 600);
    CHECK_EQ(rc_ring_seek(ring, 0.6), 8 * 600);
    CHECK_EQ(rc_ring_seek(ring, 4.9), 0);
    rc_ring_free(ring);
}

static void seek_never_goes_behind_the_tail(void)
{
    rc_ring *ring = small_ring();
    feed(ring, 1, 100, 26000, RC_SYNC);
    for (int i = 0; i < 400; i++) {
        feed(ring, 1, 97, 26000, i % 7 == 0 ? RC_SYNC : 0);
        double tail = rc_ring_tail(ring), seconds[] = {0, 0.1, 0.5, 1, 1e6, INFINITY};
        for (size_t s = 0; s < 6; s++)
            CHECK(rc_ring_seek(ring, seconds[s]) >= tail);
        CHECK(rc_ring_seek(ring, 1e6) < tail + 7 * 97);
    }
    rc_ring_free(ring);
}

static void seek_without_a_sync_frame_is_the_head(void)
{
    rc_ring *ring = small_ring();
    feed(ring, 1, 100, 26000, RC_SYNC);
    feed(ring, 2, (uint32_t)rc_ring_capacity(ring) / 2, 26000, 0);
    CHECK_EQ(rc_ring_seek(ring, 0), rc_ring_head(ring));
    CHECK_EQ(rc_ring_seek(ring, 10), rc_ring_head(ring));
    CHECK_EQ(ring_resume(ring), rc_ring_head(ring));
    rc_ring_free(ring);
}

static void seek_counts_frames_that_play_no_time(void)
{
    rc_ring *ring = small_ring();
    feed(ring, 3, 100, 0, RC_SYNC); /* Ogg header pages */
    feed(ring, 3, 100, 500000, 0);
    CHECK_EQ(rc_ring_seek(ring, 0), 200);
    CHECK_EQ(rc_ring_seek(ring, 1.5), 200);
    CHECK_EQ(rc_ring_seek(ring, 2), 0);
    rc_ring_free(ring);
}

static void lag_is_the_audio_from_a_positions_frame_to_the_head(void)
{
    rc_ring *ring = small_ring();
    uint32_t half = (uint32_t)rc_ring_capacity(ring) / 2;
    feed(ring, 3, half, 1500000, RC_SYNC);
    CHECK_EQ(rc_ring_lag(ring, half), 3);
    CHECK_EQ(rc_ring_lag(ring, 2 * half - 1), 3);
    CHECK_EQ(rc_ring_lag(ring, 2 * half), 1.5);
    CHECK_EQ(rc_ring_lag(ring, 3 * half), 0);
    CHECK_EQ(rc_ring_lag(ring, 1e15), 0);
    CHECK_EQ(rc_ring_lag(ring, 0), 3);
    CHECK_EQ(rc_ring_lag(ring, -5), 3);
    rc_ring_free(ring);
}

static void positions_survive_2_to_the_32_bytes(void)
{
    const double starts[] = {4294967296.0 - 5000, 4294967296.0 * 1000 + 123};
    for (size_t s = 0; s < 2; s++) {
        rc_ring *ring = rc_ring_new(2 * 4096);
        uint64_t capacity = (uint64_t)rc_ring_capacity(ring);
        ring_start_at(ring, (uint64_t)starts[s]);
        CHECK_EQ(rc_ring_tail(ring), starts[s]);
        feed_mp3(ring, 100, 417);
        double head = starts[s] + 41700, tail = head - (double)(capacity / 417 * 417);
        CHECK_EQ(rc_ring_head(ring), head);
        CHECK_EQ(rc_ring_tail(ring), tail);
        CHECK_EQ(rc_ring_seek(ring, 0.130), head - 5 * 417);
        CHECK_EQ(rc_ring_lag(ring, head - 417), 0.026);
        uint64_t at = (uint64_t)tail;
        CHECK(is_audio(rc_ring_memory(ring) + at % capacity, at, (size_t)(head - tail)));
        rc_ring_free(ring);
    }
}

static void the_byterate_is_that_of_the_last_seconds(void)
{
    rc_ring *ring = rc_ring_new(1 << 20);
    CHECK_EQ(ring_byterate(ring), 0);
    feed(ring, 1, 100, 0, RC_SYNC);
    CHECK_EQ(ring_byterate(ring), 0);
    feed(ring, 100, 400, 100000, RC_SYNC);
    CHECK_EQ(ring_byterate(ring), 4000);
    feed(ring, 100, 800, 100000, RC_SYNC);
    CHECK_EQ(ring_byterate(ring), 8000);
    rc_ring_free(ring);
}

static void the_byterate_of_a_short_ring_is_that_of_what_it_holds(void)
{
    rc_ring *ring = small_ring();
    uint32_t entries = (uint32_t)rc_ring_capacity(ring) / 64;
    feed(ring, 2 * entries, 10, 1000, RC_SYNC); /* the index is full: no entry to spare */
    feed(ring, 1, 1000, 1000, RC_SYNC);
    CHECK_EQ(ring_byterate(ring), ((entries - 1) * 10 + 1000) * 1e6 / (entries * 1000));
    rc_ring_free(ring);
}

static void arguments_that_make_no_sense_are_answered(void)
{
    rc_ring *ring = small_ring();
    uint8_t byte = 0;
    rc_frame frame = {1, 1, 1};
    CHECK_EQ(rc_ring_write(NULL, &byte, 1, &frame, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_write(ring, NULL, 1, &frame, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_write(ring, &byte, 1, NULL, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_write(ring, &byte, 0, NULL, 1), RC_EINVAL);
    CHECK(rc_ring_memory(NULL) == NULL);
    CHECK_EQ(rc_ring_capacity(NULL), RC_EINVAL);
    CHECK_EQ(rc_ring_head(NULL), RC_EINVAL);
    CHECK_EQ(rc_ring_tail(NULL), RC_EINVAL);
    CHECK_EQ(rc_ring_seek(NULL, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_seek(ring, NAN), RC_EINVAL);
    CHECK_EQ(rc_ring_seek(ring, -1), RC_EINVAL);
    CHECK_EQ(rc_ring_lag(NULL, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_lag(ring, NAN), RC_EINVAL);
    CHECK_EQ(rc_ring_title(NULL, &byte, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_title(ring, NULL, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_preamble(NULL, &byte, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_preamble(ring, NULL, 1), RC_EINVAL);
    CHECK_EQ(rc_ring_preamble(ring, NULL, 0), 0);
    CHECK_EQ(rc_ring_break(NULL), RC_EINVAL);
    CHECK_EQ(rc_abi(), RC_ABI);
    rc_ring_free(ring);
    rc_ring_free(NULL);
}

int main(void)
{
    RUN(a_ring_begins_empty);
    RUN(capacity_is_rounded_up_to_whole_pages);
    RUN(a_capacity_out_of_range_is_refused);
    RUN(a_span_across_the_wrap_is_contiguous_and_right);
    RUN(the_tail_is_the_oldest_frame_held_whole);
    RUN(one_byte_more_than_the_capacity_costs_the_oldest_frame);
    RUN(a_write_as_large_as_the_ring_is_held_whole);
    RUN(a_write_larger_than_the_ring_is_refused_and_nothing_is_written);
    RUN(lengths_that_do_not_add_up_are_refused);
    RUN(a_frame_without_bytes_or_with_unknown_flags_is_refused);
    RUN(frames_too_small_for_the_index_move_the_tail);
    RUN(burst_is_seconds_not_bytes);
    RUN(seek_lands_on_a_sync_frame);
    RUN(seek_never_goes_behind_the_tail);
    RUN(seek_without_a_sync_frame_is_the_head);
    RUN(seek_counts_frames_that_play_no_time);
    RUN(lag_is_the_audio_from_a_positions_frame_to_the_head);
    RUN(positions_survive_2_to_the_32_bytes);
    RUN(the_byterate_is_that_of_the_last_seconds);
    RUN(the_byterate_of_a_short_ring_is_that_of_what_it_holds);
    RUN(arguments_that_make_no_sense_are_answered);
    return tap_done();
}
