/* Turns: which listeners are due now. */
#include "serve.h"

#include <math.h>

/* Longest period while the byterate is unknown and chunk_size cannot be turned into time. */
#define BLIND_PERIOD_MS 1000.0

/* Time between two turns of a slot: as short as the budget of sends allows, and never so long that
 * a span outgrows chunk_size. */
static double period_ms(const rc_broadcaster *b)
{
    double wanted = listening_count(b) * 1000.0 / b->sends_per_second;
    double byterate = ring_byterate(b->ring);
    double longest = byterate > 0 ? b->chunk_size * 1000 / byterate : BLIND_PERIOD_MS;
    return wanted < longest ? wanted : longest;
}

/* Spread slots fall due by the clock, not by writes, so that a write does not wake all listeners at once. */
static double spread_due(const rc_broadcaster *b, double passed_ms, double all)
{
    double period = period_ms(b);
    double due = passed_ms < period ? b->due + passed_ms * SLOTS / period : all;
    return due < all ? due : all;
}

static bool is_someone_behind(const rc_broadcaster *b)
{
    return b->rejoined || b->ring->head != b->turned_head;
}

/* Time until all may fall due again, which keeps frequent writes within the budget. A write up to half a
 * period early does not wait, or every later one would wait too. */
static double rest_ms(const rc_broadcaster *b)
{
    double rest = b->next_ms - period_ms(b) / 2 - b->now_ms;
    return rest > 0 ? rest : 0;
}

static double at_once_due(rc_broadcaster *b, double all)
{
    if (!is_someone_behind(b) || rest_ms(b) > 0)
        return b->due;
    b->turned_head = b->ring->head;
    b->next_ms = (b->next_ms > b->now_ms ? b->next_ms : b->now_ms) + period_ms(b);
    b->rejoined = false;
    return all;
}

static void accrue(rc_broadcaster *b)
{
    double passed = b->now_ms - b->ticked_ms;
    double all = SLOTS + b->turning; /* the rest of a turn broken off is not a whole one */
    b->ticked_ms = b->now_ms;
    b->due = b->at_once ? at_once_due(b, all) : spread_due(b, passed, all);
}

static bool tell_stalled(rc_broadcaster *b)
{
    while (b->blocked.first != NO_LISTENER) {
        uint32_t index = b->blocked.first;
        if (b->now_ms - b->listeners.entries[index].blocked_ms < b->stall_ms)
            break;
        if (!serve_has_room(b))
            return false;
        serve_report(b, index, RC_STALLED, 0, 0);
        broadcaster_enlist(b, index, STALLED);
    }
    return true;
}

/* Goes through the slot from where it stopped; false when there is no room for the rest. */
static bool turn_slot(rc_broadcaster *b)
{
    if (!b->turning) {
        b->next = b->slots[b->slot].first;
        b->turning = true;
        b->again = false;
    }
    while (b->next != NO_LISTENER) {
        served result = serve(b, b->next);
        if (result == NO_ROOM)
            return false;
        b->again = b->again || result == BEHIND;
        b->next = b->listeners.entries[b->next].next;
    }
    b->turning = false;
    return true;
}

/* A slot with a listener still behind keeps its turn; once this call has sent something, until the next call. */
static void serve_slots(rc_broadcaster *b)
{
    while (b->due >= 1) {
        if (!turn_slot(b))
            return;
        if (b->again && b->served > 0)
            return;
        if (b->again)
            continue;
        b->slot = (b->slot + 1) % SLOTS;
        b->due -= 1;
    }
}

double rc_pause(const rc_broadcaster *b)
{
    if (!b || listening_count(b) == 0)
        return INFINITY;
    if (b->turning || b->due >= 1)
        return 0;
    if (b->at_once)
        return is_someone_behind(b) ? rest_ms(b) : INFINITY;
    return (1 - b->due) * period_ms(b) / SLOTS;
}

static void begin(rc_broadcaster *b, double now_ms)
{
    broadcaster_clock(b, now_ms);
    b->event_count = b->served = 0;
    b->arena_used = 0;
    b->cohort.length = 0;
    b->opening.copied = NULL;
}

int32_t rc_tick(rc_broadcaster *b, double now_ms)
{
    if (!b)
        return RC_EINVAL;
    begin(b, now_ms);
    accrue(b);
    if (tell_stalled(b))
        serve_slots(b);
    return (int32_t)b->served;
}

int32_t rc_take(rc_broadcaster *b, int32_t handle, double now_ms)
{
    if (!b)
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    begin(b, now_ms);
    if (b->listeners.entries[index].state == LISTENING)
        serve(b, index);
    return (int32_t)b->served;
}
