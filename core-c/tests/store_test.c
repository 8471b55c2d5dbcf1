/* The store of preambles: which are kept, and that audio whose preamble is forgotten is forgotten. */
#include "broadcaster.h"
#include "chain.h"
#include "reader.h"
#include "tap.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* A listener with the longest burst is sent this preamble and all audio behind it. */
static void check_oldest(stage *s, uint32_t number, uint32_t length, uint64_t position)
{
    ear e = ear_join(s->b, INFINITY, 0, s->now);
    take_all(s, &e);
    CHECK(heard_preamble_then(&e, number, length, position));
    CHECK_EQ(e.length, length + rc_ring_head(s->ring) - (double)position);
    rc_leave(s->b, e.handle);
    ear_close(&e);
}

static void the_newest_64_are_kept_and_audio_before_them_is_forgotten(void)
{
    stage s = stage_open();
    for (uint32_t number = 1; number <= 64; number++)
        play_chain(s.ring, number, 2);
    CHECK_EQ(rc_ring_tail(s.ring), 0);
    check_oldest(&s, 1, HEADERS, HEADERS);
    play_chain(s.ring, 65, 2);
    CHECK_EQ(rc_ring_tail(s.ring), HEADERS + 2 * PAGE);
    check_oldest(&s, 2, HEADERS, 2 * HEADERS + 2 * PAGE);
    stage_close(&s, NULL, 0);
}

static void repeats_and_preambles_at_one_position_push_out_no_other(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 2);
    play_chain(s.ring, 2, 2);
    for (uint32_t i = 0; i < 200; i++)
        set_preamble(s.ring, 3 + i, RC_PREAMBLE_MAX);
    for (uint32_t i = 0; i < 200; i++)
        play_chain(s.ring, 300, 2);
    CHECK_EQ(rc_ring_tail(s.ring), 0);
    check_oldest(&s, 1, HEADERS, HEADERS);
    stage_close(&s, NULL, 0);
}

static void the_largest_preambles_share_a_mebibyte(void)
{
    stage s = {.ring = rc_ring_new(8 << 20)};
    s.b = eager(s.ring, 16, 8);
    for (uint32_t number = 1; number <= 20; number++) {
        begin_chain(s.ring, number, RC_PREAMBLE_MAX);
        play_pages(s.ring, 2);
        uint64_t oldest = number > 4 ? number - 3 : 1;
        uint64_t begin = (oldest - 1) * (RC_PREAMBLE_MAX + 2 * PAGE);
        CHECK_EQ(rc_ring_tail(s.ring), begin);
        check_oldest(&s, (uint32_t)oldest, RC_PREAMBLE_MAX, begin + RC_PREAMBLE_MAX);
    }
    stage_close(&s, NULL, 0);
}

static void a_preamble_too_long_is_refused_and_changes_nothing(void)
{
    stage s = stage_open();
    play_chain(s.ring, 1, 2);
    CHECK_EQ(set_preamble(s.ring, 2, RC_PREAMBLE_MAX + 1), RC_EINVAL);
    play_pages(s.ring, 2);
    check_oldest(&s, 1, HEADERS, HEADERS);
    stage_close(&s, NULL, 0);
}

/* Listeners of one slot, by turns 3 s and 1 s behind: one turn serves them all. */
static void join_one_slot(rc_broadcaster *b, ear *ears, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        ears[i] = ear_join(b, i % 2 ? 1 : 3, 0, 0);
        for (uint32_t other = 1; other < SLOTS; other++) /* fill up the other slots for now */
            CHECK(rc_join(b, 0, 0, 0) > 0);
    }
    for (uint32_t i = 0; i < b->listeners.touched; i++)
        if (b->listeners.entries[i].slot != b->listeners.entries[0].slot)
            CHECK_EQ(rc_leave(b, listeners_handle(&b->listeners, i)), 0);
}

static void an_arena_full_of_preambles_is_no_loss(void)
{
    enum { EARS = 40 }; /* by turns behind two preambles: no two in a row share, 16 copies fit */
    stage s = {.ring = rc_ring_new(2 << 20)};
    s.b = eager(s.ring, EARS * SLOTS, 2 * EARS);
    ear ears[EARS];
    uint64_t starts[2];
    for (uint32_t number = 0; number < 2; number++) {
        begin_chain(s.ring, number, RC_PREAMBLE_MAX);
        starts[number] = (uint64_t)rc_ring_head(s.ring);
        play_pages(s.ring, 20);
    }
    join_one_slot(s.b, ears, EARS);
    uint32_t calls = 0;
    for (int32_t n = rc_tick(s.b, 1); n > 0; n = rc_tick(s.b, 1), calls++)
        ear_events(s.b, s.ring, n, ears, EARS);
    CHECK_EQ(calls, 3 + 6); /* 16, 16 and 8 preambles, then audio with a copy of 4 x 64 KiB in it */
    for (uint32_t i = 0; i < EARS; i++)
        CHECK(heard_preamble_then(&ears[i], i % 2, RC_PREAMBLE_MAX, starts[i % 2] + 10 * PAGE));
    stage_close(&s, ears, EARS);
}

/* ---- any lengths in any order ---- */

typedef struct {
    uint64_t position;
    uint32_t number, length;
} remembered;

/* What is kept are the newest, whole; the newest three always, and no audio lacks its own. */
static void check_kept(const rc_ring *ring, const remembered *all, uint32_t count)
{
    const preamble_log *log = &ring->preambles;
    uint64_t kept = log->next - log->first, bytes = 0;
    CHECK(kept <= PREAMBLES_KEPT && kept >= (count < 3 ? count : 3));
    CHECK(rc_ring_tail(ring) >= (double)preambles_known_from(log));
    for (uint32_t i = count - (uint32_t)kept; i < count; i++) {
        const preamble *p = preambles_before(log, all[i].position + 1);
        bytes += all[i].length;
        CHECK_EQ(p ? p->length : 0, all[i].length);
        if (p)
            CHECK(is_preamble(preambles_data(log, p), all[i].number, p->length));
    }
    CHECK(bytes <= PREAMBLE_STORE_SIZE);
}

static void random_lengths(uint64_t seed)
{
    enum { MOST = 300 };
    static remembered all[MOST];
    chance c = {.state = seed};
    rc_ring *ring = rc_ring_new(1 << 16);
    for (uint32_t count = 0; count < MOST;) {
        uint32_t longest = draw(&c, 4) ? 9000 : RC_PREAMBLE_MAX;
        uint32_t length = count % 7 == 6 ? 0 : 1 + draw(&c, longest);
        all[count] = (remembered){(uint64_t)rc_ring_head(ring), count, length};
        CHECK_EQ(set_preamble(ring, count, length), 0);
        feed(ring, 1 + draw(&c, 3), 2 + draw(&c, 400), 26000, RC_SYNC);
        count++;
        if (draw(&c, 8) == 0)
            check_kept(ring, all, count);
    }
    check_kept(ring, all, MOST);
    rc_ring_free(ring);
}

static void what_is_kept_is_whole_for_any_lengths_in_any_order(void)
{
    for (uint64_t seed = 1; seed <= 8; seed++)
        random_lengths(seed * 0x9E3779B97F4A7C15u);
}

int main(void)
{
    RUN(the_newest_64_are_kept_and_audio_before_them_is_forgotten);
    RUN(repeats_and_preambles_at_one_position_push_out_no_other);
    RUN(the_largest_preambles_share_a_mebibyte);
    RUN(a_preamble_too_long_is_refused_and_changes_nothing);
    RUN(an_arena_full_of_preambles_is_no_loss);
    RUN(what_is_kept_is_whole_for_any_lengths_in_any_order);
    return tap_done();
}
