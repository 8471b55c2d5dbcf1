/* Titles: each is told where it belongs, once, and in a block that fits it. */
#include "reader.h"
#include "tap.h"
#include "titles.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void titles_at_one_position_push_out_no_other(void)
{
    stage s = stage_open();
    ear e = ear_join(s.b, 0, 100, 0);
    char text[32];
    set_title(s.ring, "old");
    feed_mp3(s.ring, 1, 200);
    for (int i = 0; i <= TITLES_KEPT; i++) {
        snprintf(text, sizeof text, "title %d", i);
        set_title(s.ring, text);
    }
    play(&s, 100, &e, 1);
    reading r = read_stream(&e, 100);
    CHECK(says(&r.blocks[0], "old") && says(&r.blocks[1], text));
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
    CHECK(says(&r.blocks[r.count - 2], text));
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

int main(void)
{
    RUN(the_first_block_carries_the_current_title);
    RUN(a_ring_without_a_title_sends_single_zero_bytes);
    RUN(a_title_belongs_to_its_position);
    RUN(two_titles_inside_one_span_are_both_told);
    RUN(a_title_between_two_blocks_is_passed_over);
    RUN(the_last_of_two_titles_at_one_position_holds);
    RUN(titles_at_one_position_push_out_no_other);
    RUN(a_repeated_title_is_not_told_again);
    RUN(a_title_that_changes_while_a_listener_is_behind_comes_in_its_time);
    RUN(a_title_long_forgotten_is_replaced_by_the_oldest_kept);
    RUN(titles_of_every_length_fit_their_block);
    RUN(a_title_too_long_or_without_text_is_refused_and_changes_nothing);
    return tap_done();
}
