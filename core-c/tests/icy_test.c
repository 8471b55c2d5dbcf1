/* Interleaving: exact distances for any metaint and any split, shared spans, a full arena. */
#include "reader.h"
#include "tap.h"
#include "titles.h"

#include <stdio.h>
#include <string.h>

static void a_block_waits_for_the_byte_that_follows_it(void)
{
    stage s = stage_open();
    set_title(s.ring, "old");
    ear e = ear_join(s.b, 0, 100, 0);
    play(&s, 100, &e, 1);
    CHECK_EQ(e.length, 100);
    set_title(s.ring, "new");
    play(&s, 1, &e, 1);
    CHECK_EQ(e.length, 100 + 17 + 1);
    CHECK(memcmp(e.bytes + 100, "\1new", 4) == 0);
    stage_close(&s, &e, 1);
}

static void a_move_goes_on_counting_and_tells_the_new_rings_title(void)
{
    stage one = stage_open(), two = stage_open();
    set_title(one.ring, "one");
    for (int i = 0; i < 3; i++)
        set_title(two.ring, i % 2 ? "not yet" : "two");
    feed_mp3(two.ring, 1, 1000);
    ear e = ear_join(one.b, 0, 100, 0);
    play(&one, 230, &e, 1);
    e.handle = rc_move(one.b, e.handle, two.b, 5);
    play(&two, 200, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK_EQ(r.audio_length, 430);
    CHECK(is_audio(r.audio, 0, 230) && is_audio(r.audio + 230, 1000, 200));
    CHECK_EQ(r.count, 4);
    CHECK(says(&r.blocks[0], "one") && r.blocks[1].length == 0);
    CHECK_EQ(r.blocks[2].after, 300);
    CHECK(says(&r.blocks[2], "two") && r.blocks[3].length == 0);
    reading_close(&r);
    stage_close(&one, &e, 1);
    stage_close(&two, NULL, 0);
}

/* The caller's bytes for the next frame count from the last block on, and its blocks are zero bytes. */
static void what_a_caller_sends_in_place_of_a_frame_counts(uint32_t sent, uint32_t blocks)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    play(&s, 130, &e, 1);
    feed_mp3(s.ring, 2, 10);
    rc_listener was, is;
    CHECK_EQ(rc_inspect(s.b, e.handle, &was), 0);
    double before = rc_broadcaster_sent(s.b);
    CHECK_EQ(rc_replace(s.b, e.handle, was.cursor + 10, sent), 30);
    CHECK_EQ(rc_inspect(s.b, e.handle, &is), 0);
    CHECK_EQ(is.cursor, 140);
    CHECK_EQ(is.sent_bytes, was.sent_bytes + sent + blocks);
    CHECK_EQ(rc_broadcaster_sent(s.b), before + sent + blocks);
    size_t heard = e.length;
    ear_tick(s.b, s.ring, ++s.now, &e, 1);
    play(&s, 300, &e, 1);
    size_t until = (100 - (30 + sent) % 100) % 100;
    CHECK(is_audio(e.bytes + heard, 140, until < 10 ? until : 10));
    CHECK_EQ(e.bytes[heard + until], 0);
    CHECK_EQ(rc_replace(s.b, e.handle, 0, 1), RC_EINVAL);
    rc_blocked(s.b, e.handle, 1, s.now);
    CHECK_EQ(rc_replace(s.b, e.handle, 440, 1), RC_EINVAL);
    CHECK_EQ(rc_replace(s.b, e.handle, 100000, 1), RC_EINVAL);
    rc_leave(s.b, e.handle);
    CHECK_EQ(rc_replace(s.b, e.handle, 440, 1), RC_ESTALE);
    CHECK_EQ(rc_replace(NULL, e.handle, 440, 1), RC_EINVAL);
    stage_close(&s, &e, 1);
}

static void a_caller_may_replace_the_next_frame(void)
{
    what_a_caller_sends_in_place_of_a_frame_counts(20, 0);
    what_a_caller_sends_in_place_of_a_frame_counts(70, 0);
    what_a_caller_sends_in_place_of_a_frame_counts(71, 1);
    what_a_caller_sends_in_place_of_a_frame_counts(250, 2);
}

static void lag_goes_on_counting(void)
{
    stage s = {.ring = small_ring()};
    s.b = eager(s.ring, 4, 8);
    ear e = ear_join(s.b, 0, 100, 0);
    play(&s, 150, &e, 1);
    feed_mp3(s.ring, 1, 77);
    feed_mp3(s.ring, 1, (uint32_t)rc_ring_capacity(s.ring));
    ear_tick(s.b, s.ring, ++s.now, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK_EQ(e.lost, 77);
    CHECK_EQ(r.audio_length, 150 + rc_ring_capacity(s.ring));
    CHECK(is_audio(r.audio + 150, 227, r.audio_length - 150));
    CHECK_EQ(r.blocks[1].after, 200);
    reading_close(&r);
    stage_close(&s, &e, 1);
}

static void listeners_in_one_place_share_a_span_and_others_do_not(void)
{
    stage s = stage_open();
    set_title(s.ring, "title");
    const uint32_t metaints[] = {100, 100, 100, 50, 100};
    for (int i = 0; i < 5; i++)
        CHECK(rc_join(s.b, 0, metaints[i], 0) > 0);
    feed_mp3(s.ring, 1, 300);
    CHECK_EQ(rc_tick(s.b, 1), 5);
    const rc_event *events = rc_broadcaster_events(s.b);
    CHECK(events[0].offset == events[1].offset && events[1].offset == events[2].offset);
    CHECK_EQ(events[3].offset, events[0].length);
    CHECK_EQ(events[4].offset, events[0].length + events[3].length);
    stage_close(&s, NULL, 0);
}

static void an_arena_that_is_full_is_no_loss(void)
{
    rc_ring *ring = rc_ring_new(1 << 20);
    rc_broadcaster *b = eager(ring, 256, 256);
    ear ears[200];
    for (uint32_t i = 0; i < 200; i++) /* no two share: 200 x 64 KiB is three arenas */
        ears[i] = ear_join(b, 0, 1000 + i, 0);
    set_title(ring, "title");
    feed_mp3(ring, 64, 1024);
    uint32_t calls = 0;
    for (int32_t n = rc_tick(b, 1); n > 0; n = rc_tick(b, 1), calls++)
        ear_events(b, ring, n, ears, 200);
    CHECK(calls >= 4 && calls <= 6);
    for (uint32_t i = 0; i < 200; i++) {
        reading r = read_stream(&ears[i], 1000 + i);
        CHECK_EQ(ears[i].sends, 1);
        CHECK_EQ(r.audio_length, 65536);
        CHECK(is_audio(r.audio, 0, r.audio_length));
        reading_close(&r);
        ear_close(&ears[i]);
    }
    close_both(b, ring);
}

static void the_densest_metadata_fits_the_arena(void)
{
    enum { EARS = 16 }; /* each is due 256 titles of 4 KiB: 3 fit in one call */
    rc_ring *ring = rc_ring_new(1 << 16);
    rc_broadcaster *b = eager(ring, EARS, 2 * EARS);
    ear ears[EARS];
    char text[TITLE_TEXT_MAX + 1];
    for (uint32_t i = 0; i < EARS; i++)
        ears[i] = ear_join(b, 0, 1 + i, 0);
    memset(text, 'x', TITLE_TEXT_MAX);
    text[TITLE_TEXT_MAX] = '\0';
    for (int i = 0; i < TITLES_KEPT; i++) {
        text[0] = (char)('0' + i % 64);
        text[1] = (char)('0' + i / 64);
        set_title(ring, text);
        feed_mp3(ring, 1, 64);
    }
    ear_tick(b, ring, 1, ears, EARS);
    for (uint32_t i = 0; i < EARS; i++) {
        reading r = read_stream(&ears[i], 1 + i);
        CHECK_EQ(ears[i].sends, 1);
        CHECK_EQ(r.audio_length, TITLES_KEPT * 64);
        CHECK_EQ(r.count, (TITLES_KEPT * 64 - 1) / (1 + i));
        CHECK(is_audio(r.audio, 0, r.audio_length));
        reading_close(&r);
        ear_close(&ears[i]);
    }
    close_both(b, ring);
}

/* ---- any metaint, any split ---- */

typedef struct {
    uint64_t position;
    char text[64];
} change;

static const char *title_at(const change *changes, size_t count, uint64_t position)
{
    const char *text = "";
    for (size_t i = 0; i < count && changes[i].position <= position; i++)
        text = changes[i].text;
    return text;
}

static void check_reading(const ear *e, uint32_t metaint, uint64_t start, const change *changes,
                          size_t count)
{
    reading r = read_stream(e, metaint);
    const char *told = "";
    CHECK(is_audio(r.audio, start, r.audio_length));
    CHECK_EQ(r.count, r.audio_length ? (r.audio_length - 1) / metaint : 0);
    for (size_t i = 0; i < r.count; i++) {
        const char *holds = title_at(changes, count, start + r.blocks[i].after);
        CHECK_EQ(r.blocks[i].after, (i + 1) * metaint);
        CHECK(says(&r.blocks[i], strcmp(holds, told) ? holds : ""));
        told = holds;
    }
    reading_close(&r);
}

static void random_stream(uint64_t seed)
{
    static const uint32_t metaints[] = {1, 2, 16, 17, 416, 417, 418, 1000, 8192, 16000, 70000};
    enum { EARS = 11, STEPS = 120 };
    chance c = {.state = seed};
    stage s = stage_open();
    ear ears[EARS];
    change changes[STEPS];
    size_t count = 0;
    feed_mp3(s.ring, 1 + draw(&c, 20), 417);
    uint64_t start = (uint64_t)rc_ring_seek(s.ring, 0.1);
    for (int i = 0; i < EARS; i++)
        ears[i] = ear_join(s.b, 0.1, metaints[i], 0);
    for (int step = 0; step < STEPS; step++) {
        if (draw(&c, 4) == 0 && count < TITLES_KEPT) {
            changes[count].position = (uint64_t)rc_ring_head(s.ring);
            snprintf(changes[count].text, sizeof changes->text, "%d%.*s", step, (int)draw(&c, 40),
                     "........................................");
            set_title(s.ring, changes[count++].text);
        }
        feed_mp3(s.ring, 1 + draw(&c, 3), 1 + draw(&c, 2000));
        int who = (int)draw(&c, EARS);
        if (draw(&c, 3) == 0)
            ear_events(s.b, s.ring, rc_take(s.b, ears[who].handle, s.now), ears, EARS);
        if (draw(&c, 3) == 0)
            ear_events(s.b, s.ring, rc_tick(s.b, ++s.now), ears, EARS);
    }
    ear_tick(s.b, s.ring, ++s.now, ears, EARS);
    for (int i = 0; i < EARS; i++)
        check_reading(&ears[i], metaints[i], start, changes, count);
    stage_close(&s, ears, EARS);
}

static void blocks_are_at_exact_distance_for_any_metaint_and_any_split(void)
{
    for (uint64_t seed = 1; seed <= 16; seed++)
        random_stream(seed * 0x9E3779B97F4A7C15u);
}

int main(void)
{
    RUN(a_block_waits_for_the_byte_that_follows_it);
    RUN(a_move_goes_on_counting_and_tells_the_new_rings_title);
    RUN(a_caller_may_replace_the_next_frame);
    RUN(lag_goes_on_counting);
    RUN(listeners_in_one_place_share_a_span_and_others_do_not);
    RUN(an_arena_that_is_full_is_no_loss);
    RUN(the_densest_metadata_fits_the_arena);
    RUN(blocks_are_at_exact_distance_for_any_metaint_and_any_split);
    return tap_done();
}
