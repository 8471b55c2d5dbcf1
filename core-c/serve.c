/* Service of one listener: writes to its socket, or the event that says which bytes it is due. */
#include "serve.h"

#include "debug.h"
#include "host/send.h"

#include <string.h>

#define SEND_AUDIO_MAX 65536u

/* Seconds by which a delayed listener stays ahead of the tail after it was overtaken. */
#define DELAY_MARGIN 10

void serve_report(rc_broadcaster *b, uint32_t index, uint32_t kind, uint32_t offset, uint32_t length)
{
    RC_ASSERT(serve_has_room(b));
    b->served++;
    b->events[b->event_count++] = (rc_event){
        .listener = (uint32_t)listeners_handle(&b->listeners, index),
        .kind = kind,
        .offset = offset,
        .length = length,
    };
}

/* A delay that the ring does not hold would be overtaken again and again. */
static void shorten_delay(listener *l, double held_seconds)
{
    double most = (held_seconds - DELAY_MARGIN) * 1000;
    if (l->delay_ms > most)
        l->delay_ms = most > 0 ? (uint32_t)most : 0;
}

static void resume(rc_broadcaster *b, uint32_t index)
{
    listener *l = &b->listeners.entries[index];
    uint64_t position = ring_resume(b->ring);
    uint64_t lost = position - l->stream.cursor;
    shorten_delay(l, ring_lag(b->ring, position));
    l->stream.cursor = position;
    l->begins = true;
    serve_report(b, index, RC_LAGGED, 0, lost > UINT32_MAX ? UINT32_MAX : (uint32_t)lost);
}

/* Offered bytes count as sent. */
static void grant(rc_broadcaster *b, uint32_t index, uint32_t kind, uint32_t offset, uint32_t length)
{
    serve_report(b, index, kind, offset, length);
    b->listeners.entries[index].sent += length;
    b->sent += length;
}

/* The ring does not change during a call, so listeners that start behind the same preamble share one copy. */
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
    if (icy_bound(b->ring, stream, end) > ARENA_SIZE - b->arena_used)
        return false;
    cohort->before = cohort->after = *stream;
    cohort->offset = (uint32_t)b->arena_used;
    cohort->length = icy_interleave(b->ring, &cohort->after, end, b->arena + b->arena_used);
    b->arena_used += cohort->length;
    return true;
}

/* The ring and its titles do not change during a call, so equal states up to one end mean equal bytes. */
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

static served offer_audio(rc_broadcaster *b, uint32_t index, uint64_t due)
{
    const icy_state *stream = &b->listeners.entries[index].stream;
    uint64_t end = ring_span_end(b->ring, stream->cursor, due, SEND_AUDIO_MAX);
    if (stream->metaint == 0)
        offer_plain(b, index, end);
    else if (!offer_icy(b, index, end))
        return NO_ROOM;
    b->listeners.entries[index].begins = false;
    return end < due ? BEHIND : UP_TO_DATE;
}

/* Moves the listener past the segment in which the socket stopped, and copies the rest of that segment to the arena.
 * Returns the bytes of the rest. */
static uint32_t account(rc_broadcaster *b, listener *l, const wire *w, size_t taken)
{
    const wire_segment *last = w->segments;
    uint32_t offered = last->offered;
    while (last->end <= taken && last->end < w->length)
        offered += (++last)->offered;
    l->stream = last->after;
    l->sent += offered;
    b->sent += offered;
    if (taken >= last->end)
        return 0;
    wire_copy(w, taken, last->end, b->arena + b->arena_used);
    b->arena_used += last->end - taken;
    return (uint32_t)(last->end - taken);
}

/* Writes to the socket; what it does not take is offered to the caller. */
static served write_out(rc_broadcaster *b, uint32_t index, const preamble *p, uint64_t due)
{
    listener *l = &b->listeners.entries[index];
    wire w;
    wire_begin(&w, l->chunked);
    if (p)
        wire_preamble(&w, &l->stream, preambles_data(&b->ring->preambles, p), p->length);
    else
        wire_audio(&w, &l->stream, b->ring, due);
    if (w.length > ARENA_SIZE - b->arena_used)
        return NO_ROOM;
    uint32_t offset = (uint32_t)b->arena_used;
    uint32_t left = account(b, l, &w, send_wire(l->socket, &w));
    l->begins = false;
    if (left > 0)
        serve_report(b, index, RC_SEND_ARENA, offset, left);
    else
        b->served++;
    return p || l->stream.cursor < due ? BEHIND : UP_TO_DATE;
}

/* At most one send: if the sink blocks on it, nothing more is pending. The preamble is looked up now and
 * not at join, because another may be set while the cursor is at the head. */
static served send_next(rc_broadcaster *b, uint32_t index, uint64_t due)
{
    const listener *l = &b->listeners.entries[index];
    const preamble *p = NULL;
    if (l->begins)
        p = preambles_before(&b->ring->preambles, l->stream.cursor);
    if (l->socket != NO_SOCKET)
        return write_out(b, index, p, due);
    return p ? offer_preamble(b, index, p) : offer_audio(b, index, due);
}

/* Where the audio ends that the listener is due. */
static uint64_t due_end(const rc_ring *ring, const listener *l)
{
    return l->delay_ms == 0 ? ring->head : ring_before(ring, l->delay_ms * (uint64_t)1000);
}

served serve(rc_broadcaster *b, uint32_t index)
{
    const listener *l = &b->listeners.entries[index];
    if (l->stream.cursor < ring_tail(b->ring)) {
        if (!serve_has_room(b))
            return NO_ROOM;
        resume(b, index);
    }
    uint64_t due = due_end(b->ring, l);
    if (l->stream.cursor >= due)
        return UP_TO_DATE;
    return serve_has_room(b) ? send_next(b, index, due) : NO_ROOM;
}
