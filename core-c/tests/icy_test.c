/* Inline metadata: exact distances, titles at their bytes, against a reference reader. */
#include "fixture.h"
#include "invariants.h"
#include "tap.h"
#include "titles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- the reader: what a player does with a stream ---- */

typedef struct {
    uint64_t after;  /* audio bytes before the block */
    uint32_t length; /* of the text; 0 for a single zero byte */
    const uint8_t *text;
} block;

typedef struct {
    uint8_t *audio;
    size_t audio_length;
    block *blocks;
    size_t count;
} reading;

static reading read_stream(const ear *e, uint32_t metaint)
{
    size_t most = e->length / (metaint + 1) + 1;
    reading r = {malloc(e->length + 1), 0, calloc(most, sizeof(block)), 0};
    uint32_t until = metaint;
    for (size_t i = 0; r.audio && r.blocks && i < e->length;) {
        if (until > 0) {
            r.audio[r.audio_length++] = e->bytes[i++];
            until--;
            continue;
        }
        size_t size = e->bytes[i] * 16u;
        CHECK(i + 1 + size <= e->length);
        uint32_t text = 0;
        while (text < size && e->bytes[i + 1 + text] != 0)
            text++;
        for (size_t pad = text; pad < size; pad++)
            CHECK(e->bytes[i + 1 + pad] == 0);
        CHECK(size == 0 || text < size);
        CHECK(size == 0 || text / 16 + 1 == size / 16);
        CHECK(r.count < most);
        r.blocks[r.count++] = (block){r.audio_length, text, e->bytes + i + 1};
        i += 1 + size;
        until = metaint;
    }
    return r;
}

static void reading_close(reading *r)
{
    free(r->audio);
    free(r->blocks);
}

static bool says(const block *b, const char *text)
{
    return b->length == strlen(text) && memcmp(b->text, text, b->length) == 0;
}

/* ---- a ring of its own for each test ---- */

typedef struct {
    rc_ring *ring;
    rc_broadcaster *b;
    double now;
} stage;

static stage stage_open(void)
{
    stage s = {.ring = rc_ring_new(1 << 20)};
    s.b = eager(s.ring, 16, 8);
    return s;
}

static void play(stage *s, uint32_t bytes, ear *ears, size_t count)
{
    feed_mp3(s->ring, 1, bytes);
    ear_tick(s->b, s->ring, ++s->now, ears, count);
}

static void stage_close(stage *s, ear *ears, size_t count)
{
    check_invariants(s->b);
    for (size_t i = 0; i < count; i++)
        ear_close(&ears[i]);
    rc_broadcaster_free(s->b);
    rc_ring_free(s->ring);
}

/* ---- tests ---- */

static void the_first_block_carries_the_current_title(void)
{
    stage s = stage_open();
    feed_mp3(s.ring, 1, 500);
    set_title(s.ring, "StreamTitle='now';");
    feed_mp3(s.ring, 1, 500);
    ear e = ear_join(s.b, 0, 100, 0);
    play(&s, 100, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK_EQ(r.count, 5);
    CHECK_EQ(r.blocks[0].after, 100);
    CHECK(says(&r.blocks[0], "StreamTitle='now';"));
    CHECK_EQ(r.blocks[1].length, 0);
    reading_close(&r);
    stage_close(&s, &e, 1);
}

static void a_ring_without_a_title_sends_single_zero_bytes(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    play(&s, 301, &e, 1);
    CHECK_EQ(e.length, 304);
    CHECK(e.bytes[100] == 0 && e.bytes[201] == 0 && e.bytes[302] == 0);
    stage_close(&s, &e, 1);
}

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

static void a_title_belongs_to_its_position(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    set_title(s.ring, "first");
    feed_mp3(s.ring, 1, 250);
    set_title(s.ring, "second");
    feed_mp3(s.ring, 1, 250);
    ear_tick(s.b, s.ring, 1, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK_EQ(r.count, 4);
    CHECK(says(&r.blocks[0], "first"));
    CHECK_EQ(r.blocks[1].length, 0);
    CHECK(says(&r.blocks[2], "second")); /* at 300, the first block not before 250 */
    CHECK_EQ(r.blocks[3].length, 0);
    reading_close(&r);
    stage_close(&s, &e, 1);
}

static void two_titles_inside_one_span_are_both_told(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    feed_mp3(s.ring, 1, 150);
    set_title(s.ring, "one");
    feed_mp3(s.ring, 1, 100);
    set_title(s.ring, "two");
    feed_mp3(s.ring, 1, 100);
    ear_tick(s.b, s.ring, 1, &e, 1);
    CHECK_EQ(e.sends, 1);
    reading r = read_stream(&e, 100);
    CHECK_EQ(r.count, 3);
    CHECK_EQ(r.blocks[0].length, 0);
    CHECK(says(&r.blocks[1], "one") && says(&r.blocks[2], "two"));
    reading_close(&r);
    stage_close(&s, &e, 1);
}

static void a_title_between_two_blocks_is_passed_over(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    feed_mp3(s.ring, 1, 110);
    set_title(s.ring, "short");
    feed_mp3(s.ring, 1, 10);
    set_title(s.ring, "long");
    feed_mp3(s.ring, 1, 100);
    ear_tick(s.b, s.ring, 1, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK_EQ(r.count, 2);
    CHECK(says(&r.blocks[1], "long"));
    reading_close(&r);
    stage_close(&s, &e, 1);
}

static void the_last_of_two_titles_at_one_position_holds(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    feed_mp3(s.ring, 1, 50);
    set_title(s.ring, "mistake");
    set_title(s.ring, "meant");
    feed_mp3(s.ring, 1, 100);
    ear_tick(s.b, s.ring, 1, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK_EQ(r.count, 1);
    CHECK(says(&r.blocks[0], "meant"));
    reading_close(&r);
    stage_close(&s, &e, 1);
}

static void a_repeated_title_is_not_told_again(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    for (int i = 0; i < 10; i++) {
        set_title(s.ring, "same");
        play(&s, 100, &e, 1);
    }
    CHECK_EQ(e.length, 1000 + 9 + 16);
    stage_close(&s, &e, 1);
}

static void a_title_that_changes_while_a_listener_is_behind_comes_in_its_time(void)
{
    stage s = stage_open();
    ear ears[2] = {ear_join(s.b, 0, 100, 0), ear_join(s.b, 0, 100, 0)};
    set_title(s.ring, "before");
    play(&s, 150, ears, 2);
    rc_blocked(s.b, ears[1].handle, 1, s.now);
    play(&s, 150, ears, 2);
    set_title(s.ring, "after");
    play(&s, 150, ears, 2);
    rc_blocked(s.b, ears[1].handle, 0, s.now);
    ear_tick(s.b, s.ring, ++s.now, ears, 2);
    CHECK_EQ(ears[0].length, ears[1].length);
    CHECK(memcmp(ears[0].bytes, ears[1].bytes, ears[0].length) == 0);
    reading r = read_stream(&ears[1], 100);
    CHECK(says(&r.blocks[0], "before") && r.blocks[1].length == 0 && says(&r.blocks[2], "after"));
    reading_close(&r);
    stage_close(&s, ears, 2);
}

static void a_title_long_forgotten_is_replaced_by_the_oldest_kept(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    char text[32];
    feed_mp3(s.ring, 1, 10);
    for (int i = 0; i < TITLES_KEPT + 5; i++) {
        snprintf(text, sizeof text, "title %d", i);
        set_title(s.ring, text);
        feed_mp3(s.ring, 1, 200);
    }
    ear_tick(s.b, s.ring, 1, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK(says(&r.blocks[0], "title 5"));
    CHECK_EQ(r.blocks[1].length, 0);
    CHECK(says(&r.blocks[r.count - 2], "title 68"));
    reading_close(&r);
    stage_close(&s, &e, 1);
}

static void titles_of_every_length_fit_their_block(void)
{
    stage s = stage_open();
    char *text = malloc(TITLE_TEXT_MAX + 2);
    CHECK(text != NULL);
    for (uint32_t length = 1; text && length <= TITLE_TEXT_MAX; length += length < 70 ? 1 : 13) {
        ear e = ear_join(s.b, 0, 8, s.now);
        memset(text, 'a' + (int)(length % 26), length);
        text[length] = '\0';
        CHECK_EQ(set_title(s.ring, text), 0);
        play(&s, 9, &e, 1);
        reading r = read_stream(&e, 8);
        CHECK(says(&r.blocks[r.count - 1], text));
        reading_close(&r);
        rc_leave(s.b, e.handle);
        ear_close(&e);
    }
    free(text);
    stage_close(&s, NULL, 0);
}

static void a_title_too_long_or_without_text_is_refused_and_changes_nothing(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 8, 0);
    uint8_t *text = malloc(TITLE_TEXT_MAX + 1);
    CHECK(text != NULL);
    memset(text, 'x', TITLE_TEXT_MAX + 1);
    set_title(s.ring, "kept");
    CHECK_EQ(rc_ring_title(s.ring, text, TITLE_TEXT_MAX + 1), RC_EINVAL);
    CHECK_EQ(rc_ring_title(s.ring, text, 0), RC_EINVAL);
    play(&s, 9, &e, 1);
    CHECK(memcmp(e.bytes + 8, "\1kept", 6) == 0);
    CHECK_EQ(rc_ring_title(s.ring, text, TITLE_TEXT_MAX), 0);
    play(&s, 8, &e, 1);
    CHECK_EQ(e.bytes[8 + 17 + 8], 255);
    CHECK_EQ(e.length, 8 + 17 + 8 + 1 + 4080 + 1);
    free(text);
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
    rc_broadcaster_free(b);
    rc_ring_free(ring);
}

static void the_densest_metadata_fits_the_arena(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 1, 0);
    char text[TITLE_TEXT_MAX + 1];
    memset(text, 'x', TITLE_TEXT_MAX);
    text[TITLE_TEXT_MAX] = '\0';
    for (int i = 0; i < 64; i++) {
        text[0] = (char)('0' + i);
        set_title(s.ring, text);
        feed_mp3(s.ring, 1, 1024);
    }
    ear_tick(s.b, s.ring, 1, &e, 1);
    CHECK_EQ(e.sends, 1);
    reading r = read_stream(&e, 1);
    CHECK_EQ(r.audio_length, 65536);
    CHECK_EQ(r.count, 65535);
    CHECK(is_audio(r.audio, 0, r.audio_length));
    reading_close(&r);
    stage_close(&s, &e, 1);
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
    chance c = {seed};
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
    RUN(the_first_block_carries_the_current_title);
    RUN(a_ring_without_a_title_sends_single_zero_bytes);
    RUN(a_block_waits_for_the_byte_that_follows_it);
    RUN(a_title_belongs_to_its_position);
    RUN(two_titles_inside_one_span_are_both_told);
    RUN(a_title_between_two_blocks_is_passed_over);
    RUN(the_last_of_two_titles_at_one_position_holds);
    RUN(a_repeated_title_is_not_told_again);
    RUN(a_title_that_changes_while_a_listener_is_behind_comes_in_its_time);
    RUN(a_title_long_forgotten_is_replaced_by_the_oldest_kept);
    RUN(titles_of_every_length_fit_their_block);
    RUN(a_title_too_long_or_without_text_is_refused_and_changes_nothing);
    RUN(a_move_goes_on_counting_and_tells_the_new_rings_title);
    RUN(lag_goes_on_counting);
    RUN(listeners_in_one_place_share_a_span_and_others_do_not);
    RUN(an_arena_that_is_full_is_no_loss);
    RUN(the_densest_metadata_fits_the_arena);
    RUN(blocks_are_at_exact_distance_for_any_metaint_and_any_split);
    return tap_done();
}
