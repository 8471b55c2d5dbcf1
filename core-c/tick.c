/* Service: who has a turn now, and the events that say what each of them is due. */
#include "broadcaster.h"

#include "debug.h"
#include "host/send.h"

#include <math.h>
#include <string.h>

#define SEND_AUDIO_MAX 65536u

/* Longest period while the byterate is unknown and chunk_size cannot be turned into time. */
#define BLIND_PERIOD_MS 1000.0

typedef enum {
    UP_TO_DATE,
    BEHIND, /* served, and there is more */
    NO_ROOM /* events or arena are full: come back to this listener */
} served;

static bool has_room(const rc_broadcaster *b)
{
    return b->served < b->event_max;
}

static void tell(rc_broadcaster *b, uint32_t index, uint32_t kind, uint32_t offset, uint32_t length)
{
    RC_ASSERT(has_room(b));
    b->served++;
    b->events[b->event_count++] = (rc_event){
        .listener = (uint32_t)listeners_handle(&b->listeners, index),
        .kind = kind,
        .offset = offset,
        .length = length,
    };
}

/* ---- one listener ---- */

static void resume(rc_broadcaster *b, uint32_t index)
{
    listener *l = &b->listeners.entries[index];
    uint64_t position = ring_resume(b->ring);
    uint64_t lost = position - l->stream.cursor;
    l->stream.cursor = position;
    l->begins = true;
    tell(b, index, RC_LAGGED, 0, lost > UINT32_MAX ? UINT32_MAX : (uint32_t)lost);
}

/* Offered is sent. */
static void grant(rc_broadcaster *b, uint32_t index, uint32_t kind, uint32_t offset, uint32_t length)
{
    tell(b, index, kind, offset, length);
    b->listeners.entries[index].sent += length;
    b->sent += length;
}

/* The ring stands still during a call: one copy serves everyone who begins behind the same one. */
static bool copy_preamble(rc_broadcaster *b, const preamble *p)
{
    if (b->opening.copied == p)
        return true;
    if (p->length > ARENA_SIZE - b->arena_used)
        return false;
    b->opening = (preamble_copy){p, (uint32_t)b->arena_used};
    memcpy(b->arena + b->arena_used, preambles_data(&b->ring->preambles, p), p->length);
    b->arena_used += p->length;
    return true;
}

static served offer_preamble(rc_broadcaster *b, uint32_t index, const preamble *p)
{
    if (!copy_preamble(b, p))
        return NO_ROOM;
    grant(b, index, RC_SEND_ARENA, b->opening.offset, p->length);
    b->listeners.entries[index].begins = false;
    return BEHIND;
}

static void offer_plain(rc_broadcaster *b, uint32_t index, uint64_t end)
{
    listener *l = &b->listeners.entries[index];
    uint32_t length = (uint32_t)(end - l->stream.cursor);
    grant(b, index, RC_SEND_RING, ring_offset(b->ring, l->stream.cursor), length);
    l->stream.cursor = end;
}

static bool interleave(rc_broadcaster *b, const icy_state *stream, uint64_t end)
{
    icy_cohort *cohort = &b->cohort;
    if (icy_bound(stream, end) > ARENA_SIZE - b->arena_used)
        return false;
    cohort->before = cohort->after = *stream;
    cohort->offset = (uint32_t)b->arena_used;
    cohort->length = icy_interleave(b->ring, &cohort->after, end, b->arena + b->arena_used);
    b->arena_used += cohort->length;
    return true;
}

/* The ring and its titles stand still during a call, so equal states mean equal bytes up to one end. */
static bool offer_icy(rc_broadcaster *b, uint32_t index, uint64_t end)
{
    listener *l = &b->listeners.entries[index];
    const icy_cohort *cohort = &b->cohort;
    bool shared =
        cohort->length > 0 && cohort->after.cursor == end && icy_equal(&cohort->before, &l->stream);
    if (!shared && !interleave(b, &l->stream, end))
        return false;
    grant(b, index, RC_SEND_ARENA, cohort->offset, cohort->length);
    l->stream = cohort->after;
    return true;
}

static served offer_audio(rc_broadcaster *b, uint32_t index)
{
    const icy_state *stream = &b->listeners.entries[index].stream;
    uint64_t end = ring_span_end(b->ring, stream->cursor, SEND_AUDIO_MAX);
    if (stream->metaint == 0)
        offer_plain(b, index, end);
    else if (!offer_icy(b, index, end))
        return NO_ROOM;
    b->listeners.entries[index].begins = false;
    return end < b->ring->head ? BEHIND : UP_TO_DATE;
}

/* Straight to the socket; the caller is offered what it does not take. */
static served write_out(rc_broadcaster *b, uint32_t index, const preamble *p)
{
    listener *l = &b->listeners.entries[index];
    wire w;
    wire_begin(&w, l->chunked);
    if (p)
        wire_preamble(&w, &l->stream, preambles_data(&b->ring->preambles, p), p->length);
    else
        wire_audio(&w, &l->stream, b->ring);
    if (w.length > ARENA_SIZE - b->arena_used)
        return NO_ROOM;
    uint32_t offset = (uint32_t)b->arena_used;
    uint32_t left = send_wire(b, l, &w);
    l->begins = false;
    if (left > 0)
        tell(b, index, RC_SEND_ARENA, offset, left);
    else
        b->served++;
    return p || l->stream.cursor < b->ring->head ? BEHIND : UP_TO_DATE;
}

/* At most one send, so that a sink that blocks on it has nothing more to keep. The preamble is looked
 * up now and not at join: as long as the cursor was the head, another one could begin there. */
static served send_next(rc_broadcaster *b, uint32_t index)
{
    const listener *l = &b->listeners.entries[index];
    const preamble *p = NULL;
    if (l->begins)
        p = preambles_before(&b->ring->preambles, l->stream.cursor);
    if (l->socket != NO_SOCKET)
        return write_out(b, index, p);
    return p ? offer_preamble(b, index, p) : offer_audio(b, index);
}

static served serve(rc_broadcaster *b, uint32_t index)
{
    const icy_state *stream = &b->listeners.entries[index].stream;
    if (stream->cursor < ring_tail(b->ring)) {
        if (!has_room(b))
            return NO_ROOM;
        resume(b, index);
    }
    if (stream->cursor == b->ring->head)
        return UP_TO_DATE;
    return has_room(b) ? send_next(b, index) : NO_ROOM;
}

/* ---- whose turn it is ---- */

/* Time between two turns of a slot: as short as the budget of sends allows, and never so long that
 * a span outgrows chunk_size. */
static double period_ms(const rc_broadcaster *b)
{
    double wanted = listening_count(b) * 1000.0 / b->sends_per_second;
    double byterate = ring_byterate(b->ring);
    double longest = byterate > 0 ? b->chunk_size * 1000 / byterate : BLIND_PERIOD_MS;
    return wanted < longest ? wanted : longest;
}

/* Spread slots fall due by the clock, not by arrivals: a source that writes seldom wakes no crowd. */
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

/* Until all may fall due again: a source that writes all the time costs no more than the budget. A write
 * that comes a little early does not wait; it would make all that follow wait too. */
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
        if (!has_room(b))
            return false;
        tell(b, index, RC_STALLED, 0, 0);
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

/* A slot with someone behind keeps its turn, but into the next call when this one has sent. */
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
