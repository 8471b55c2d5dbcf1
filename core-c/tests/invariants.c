/* The invariants of core-c/README.md, written down as checks over the inside of the core. */
#include "invariants.h"

#include "broadcaster.h"
#include "tap.h"

/* Links agree in both directions, the count is right, and everybody in it is in `state`. */
static uint32_t check_list(const rc_broadcaster *b, const listener_list *list, uint32_t state)
{
    const listener *all = b->listeners.entries;
    uint32_t count = 0, previous = NO_LISTENER;
    for (uint32_t i = list->first; i != NO_LISTENER; i = all[i].next) {
        CHECK_EQ(all[i].previous, previous);
        CHECK_EQ(all[i].state, state);
        previous = i;
        count++;
    }
    CHECK_EQ(list->last, previous);
    CHECK_EQ(list->count, count);
    return count;
}

static void check_order(const rc_broadcaster *b)
{
    const listener *all = b->listeners.entries;
    double earlier = -1e300;
    for (uint32_t i = b->blocked.first; i != NO_LISTENER; i = all[i].next) {
        CHECK(all[i].blocked_ms >= earlier);
        earlier = all[i].blocked_ms;
    }
}

static void check_listener(const rc_broadcaster *b, const listener *l)
{
    if (l->state == LEFT)
        return;
    CHECK(l->stream.cursor <= b->ring->head);
    CHECK(l->stream.until_block <= l->stream.metaint);
    CHECK(l->stream.sent_title <= b->ring->titles.newest);
    CHECK(l->generation >= 1 && l->generation <= 2047);
}

void check_invariants(const rc_broadcaster *b)
{
    uint32_t listening = 0;
    for (uint32_t i = 0; i < SLOTS; i++)
        listening += check_list(b, &b->slots[i], LISTENING);
    CHECK_EQ(listening, listening_count(b));
    uint32_t blocked = check_list(b, &b->blocked, BLOCKED) + check_list(b, &b->stalled, STALLED);
    uint32_t left = check_list(b, &b->listeners.resting, LEFT);
    CHECK_EQ(listening + blocked + left, b->listeners.touched);
    check_order(b);
    for (uint32_t i = 0; i < b->listeners.touched; i++)
        check_listener(b, &b->listeners.entries[i]);
    CHECK(b->due >= 0 && b->due <= SLOTS + 1);
    CHECK(b->turning || b->next == NO_LISTENER);
}
