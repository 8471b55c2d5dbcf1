/* Preambles: who is sent which, when, and who hears it in the audio instead. */
#include "broadcaster.h"
#include "chain.h"
#include "reader.h"
#include "tap.h"

static double sent_to(const stage *s, const ear *e)
{
    rc_listener info = {.sent_bytes = -1};
    CHECK_EQ(rc_inspect(s->b, e->handle, &info), 0);
    return info.sent_bytes;
}

static void one_who_joins_is_sent_the_preamble_and_then_the_burst(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    ear e = ear_join(s.b, 0.4, 0, 0);
    take_all(&s, &e);
    CHECK(heard_preamble_then(&e, 1, HEADERS, HEADERS + 16 * PAGE));
    CHECK_EQ(e.length, HEADERS + 4 * PAGE);
    stage_close(&s, &e, 1);
}

static void a_preamble_is_a_send_of_its_own_and_counts_as_sent(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    ear e = ear_join(s.b, 1, 0, 0);
    CHECK_EQ(rc_take(s.b, e.handle, 0), 1);
    CHECK_EQ(rc_broadcaster_events(s.b)[0].kind, RC_SEND_ARENA);
    CHECK_EQ(rc_broadcaster_events(s.b)[0].length, HEADERS);
    CHECK_EQ(sent_to(&s, &e), HEADERS);
    CHECK_EQ(rc_take(s.b, e.handle, 0), 1);
    CHECK_EQ(rc_broadcaster_events(s.b)[0].kind, RC_SEND_RING);
    CHECK_EQ(sent_to(&s, &e), HEADERS + 10 * PAGE);
    CHECK_EQ(rc_take(s.b, e.handle, 0), 0);
    stage_close(&s, &e, 1);
}

static void those_who_begin_behind_one_preamble_share_one_copy(void)
{
    enum { EARS = 3 * SLOTS };
    stage s = stage_open();
    rc_broadcaster *b = eager(s.ring, EARS, EARS);
    ear ears[EARS];
    play_chain(s.ring, 1, 20);
    for (uint32_t i = 0; i < EARS; i++)
        ears[i] = ear_join(b, i < SLOTS ? 1 : 2, 0, 0);
    CHECK_EQ(rc_tick(b, 0), 3);
    const rc_event *events = rc_broadcaster_events(b);
    CHECK(events[0].offset == events[1].offset && events[1].offset == events[2].offset);
    ear_events(b, s.ring, 3, ears, EARS);
    ear_tick(b, s.ring, 0, ears, EARS);
    for (uint32_t i = 0; i < EARS; i++) {
        CHECK_EQ(ears[i].length, HEADERS + (i < SLOTS ? 10 : 20) * PAGE);
        ear_close(&ears[i]);
    }
    rc_broadcaster_free(b);
    stage_close(&s, NULL, 0);
}

static void one_who_is_there_hears_a_new_preamble_in_the_audio_only(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    ear e = ear_join(s.b, 0.4, 0, 0);
    take_all(&s, &e);
    play_chain(s.ring, 2, 20);
    ear_tick(s.b, s.ring, ++s.now, &e, 1);
    CHECK(heard_preamble_then(&e, 1, HEADERS, HEADERS + 16 * PAGE));
    CHECK_EQ(e.length, HEADERS + 4 * PAGE + HEADERS + 20 * PAGE);
    stage_close(&s, &e, 1);
}

static void a_burst_that_begins_in_an_earlier_chain_comes_with_its_preamble(void)
{
    stage s = stage_open();
    for (uint32_t chain = 1; chain <= 3; chain++)
        play_chain(s.ring, chain, 20);
    const double bursts[] = {5, 3, 1};
    for (uint32_t chain = 1; chain <= 3; chain++) {
        ear e = ear_join(s.b, bursts[chain - 1], 0, 0);
        take_all(&s, &e);
        CHECK(heard_preamble_then(&e, chain, HEADERS, chain * HEADERS + (20 * chain - 10) * PAGE));
        ear_close(&e);
    }
    stage_close(&s, NULL, 0);
}

static void one_who_waits_at_the_head_hears_what_begins_there_in_the_audio_only(void)
{
    for (int has_old = 0; has_old <= 1; has_old++) {
        stage s = stage_open();
        if (has_old)
            begin_chain(s.ring, 1, HEADERS); /* and never any audio: nothing to start at */
        double head = rc_ring_head(s.ring);
        ear e = ear_join(s.b, 5, 0, 0);
        take_all(&s, &e);
        CHECK_EQ(e.length, 0);
        play_chain(s.ring, 2, 2);
        take_all(&s, &e);
        CHECK(heard_audio(&e, (uint64_t)head));
        CHECK_EQ(e.length, HEADERS + 2 * PAGE);
        stage_close(&s, &e, 1);
    }
}

static void one_who_joins_between_the_header_pages_and_the_audio_is_sent_the_preamble(void)
{
    stage s = stage_open();
    begin_chain(s.ring, 1, HEADERS);
    ear e = ear_join(s.b, 5, 0, 0);
    take_all(&s, &e);
    CHECK_EQ(e.length, 0);
    play_pages(s.ring, 2);
    take_all(&s, &e);
    CHECK(heard_preamble_then(&e, 1, HEADERS, HEADERS));
    stage_close(&s, &e, 1);
}

static void from_where_none_holds_nobody_is_sent_one(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    CHECK_EQ(set_preamble(s.ring, 0, 0), 0);
    play_pages(s.ring, 20);
    ear ears[2] = {ear_join(s.b, 3, 0, 0), ear_join(s.b, 1, 0, 0)};
    ear_tick(s.b, s.ring, 1, ears, 2);
    CHECK(heard_preamble_then(&ears[0], 1, HEADERS, HEADERS + 10 * PAGE));
    CHECK(heard_audio(&ears[1], HEADERS + 30 * PAGE));
    CHECK_EQ(ears[1].length, 10 * PAGE);
    stage_close(&s, ears, 2);
}

static void a_repeated_preamble_begins_no_chain(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    CHECK_EQ(set_preamble(s.ring, 1, HEADERS), 0);
    play_pages(s.ring, 1);
    ear e = ear_join(s.b, 0, 0, 0);
    take_all(&s, &e);
    CHECK(heard_preamble_then(&e, 1, HEADERS, HEADERS + 20 * PAGE));
    stage_close(&s, &e, 1);
}

static void the_last_of_two_preambles_at_one_position_holds(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 20);
    CHECK_EQ(set_preamble(s.ring, 7, 1000), 0);
    play_chain(s.ring, 2, 20);
    ear e = ear_join(s.b, 1, 0, 0);
    take_all(&s, &e);
    CHECK(heard_preamble_then(&e, 2, HEADERS, 2 * HEADERS + 30 * PAGE));
    stage_close(&s, &e, 1);
}

static void metadata_does_not_count_the_preamble(void)
{
    stage s = stage_open();
    set_title(s.ring, "title");
    play_chain(s.ring, 1, 20);
    ear e = ear_join(s.b, 2, 150, 0);
    take_all(&s, &e);
    CHECK(is_preamble(e.bytes, 1, HEADERS));
    ear rest = {.bytes = e.bytes + HEADERS, .length = e.length - HEADERS};
    reading r = read_stream(&rest, 150);
    CHECK_EQ(r.audio_length, 20 * PAGE);
    CHECK(is_audio(r.audio, HEADERS, r.audio_length));
    CHECK_EQ(r.count, 13);
    CHECK(says(&r.blocks[0], "title"));
    reading_close(&r);
    stage_close(&s, &e, 1);
}

int main(void)
{
    RUN(one_who_joins_is_sent_the_preamble_and_then_the_burst);
    RUN(a_preamble_is_a_send_of_its_own_and_counts_as_sent);
    RUN(those_who_begin_behind_one_preamble_share_one_copy);
    RUN(one_who_is_there_hears_a_new_preamble_in_the_audio_only);
    RUN(a_burst_that_begins_in_an_earlier_chain_comes_with_its_preamble);
    RUN(one_who_waits_at_the_head_hears_what_begins_there_in_the_audio_only);
    RUN(one_who_joins_between_the_header_pages_and_the_audio_is_sent_the_preamble);
    RUN(from_where_none_holds_nobody_is_sent_one);
    RUN(a_repeated_preamble_begins_no_chain);
    RUN(the_last_of_two_preambles_at_one_position_holds);
    RUN(metadata_does_not_count_the_preamble);
    return tap_done();
}
