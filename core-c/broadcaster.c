/* Membership: leaving, moving, blocking, and the list that each listener is in. */
#include "broadcaster.h"

#include "debug.h"
#include "host/pages.h"

#include <math.h>
#include <stdlib.h>

#define EVENTS_MAX (1u << 24)

static void set_defaults(rc_broadcaster *b)
{
    b->chunk_size = 16384;
    b->sends_per_second = 20000;
    b->stall_ms = 10000;
    b->now_ms = b->ticked_ms = b->next_ms = -INFINITY;
    b->next = NO_LISTENER;
    b->blocked = b->stalled = EMPTY_LIST;
    for (uint32_t i = 0; i < SLOTS; i++)
        b->slots[i] = EMPTY_LIST;
}

rc_broadcaster *rc_broadcaster_new(rc_ring *ring, rc_descriptors *descriptors,
                                   uint32_t max_listeners, uint32_t events)
{
    if (!ring || max_listeners == 0 || max_listeners > LISTENERS_MAX)
        return NULL;
    if (events == 0 || events > EVENTS_MAX)
        return NULL;
    rc_broadcaster *b = calloc(1, sizeof *b);
    if (!b)
        return NULL;
    set_defaults(b);
    b->ring = ring;
    b->descriptors = descriptors;
    b->event_max = events;
    b->events = pages_take(events, sizeof *b->events);
    b->arena = pages_take(1, ARENA_SIZE);
    if (!listeners_open(&b->listeners, max_listeners) || !b->events || !b->arena)
        goto fail;
    return b;
fail:
    rc_broadcaster_free(b);
    return NULL;
}

void rc_broadcaster_free(rc_broadcaster *b)
{
    if (!b)
        return;
    for (uint32_t i = 0; i < b->listeners.touched; i++)
        descriptors_release(b->descriptors, b->listeners.entries[i].socket);
    listeners_close(&b->listeners);
    pages_free(b->arena, 1, ARENA_SIZE);
    pages_free(b->events, b->event_max, sizeof *b->events);
    free(b);
}

int32_t rc_broadcaster_tune(rc_broadcaster *b, double chunk_size, double sends_per_second,
                            double stall_seconds)
{
    if (!b || !(chunk_size > 0) || !(sends_per_second > 0) || !(stall_seconds >= 0))
        return RC_EINVAL;
    b->chunk_size = chunk_size;
    b->sends_per_second = sends_per_second;
    b->stall_ms = stall_seconds * 1000;
    return 0;
}

int32_t rc_broadcaster_at_once(rc_broadcaster *b, int32_t at_once)
{
    if (!b)
        return RC_EINVAL;
    b->rejoined = b->rejoined || !b->at_once; /* spread turns leave cursors anywhere */
    b->at_once = at_once != 0;
    return 0;
}

const rc_event *rc_broadcaster_events(const rc_broadcaster *b)
{
    return b ? b->events : NULL;
}

const uint8_t *rc_broadcaster_arena(const rc_broadcaster *b)
{
    return b ? b->arena : NULL;
}

int32_t rc_broadcaster_event_count(const rc_broadcaster *b)
{
    return b ? (int32_t)b->event_count : RC_EINVAL;
}

double rc_broadcaster_arena_size(const rc_broadcaster *b)
{
    return b ? (double)ARENA_SIZE : RC_EINVAL;
}

void broadcaster_clock(rc_broadcaster *b, double now_ms)
{
    if (isfinite(now_ms) && now_ms > b->now_ms)
        b->now_ms = now_ms;
}

static uint32_t emptiest_slot(const rc_broadcaster *b)
{
    uint32_t best = 0;
    for (uint32_t i = 1; i < SLOTS; i++)
        if (b->slots[i].count < b->slots[best].count)
            best = i;
    return best;
}

/* Keeps the list in order. Only a listener that was moved while blocked needs a walk. */
static void insert_blocked(rc_broadcaster *b, uint32_t index)
{
    const listener *all = b->listeners.entries;
    uint32_t previous = b->blocked.last;
    while (previous != NO_LISTENER && all[previous].blocked_ms > all[index].blocked_ms)
        previous = all[previous].previous;
    list_insert(&b->listeners, &b->blocked, index, previous);
}

static void attach(rc_broadcaster *b, uint32_t index, listener_state state)
{
    listener *l = &b->listeners.entries[index];
    l->state = (uint8_t)state;
    if (state == BLOCKED)
        insert_blocked(b, index);
    else if (state == STALLED)
        list_append(&b->listeners, &b->stalled, index);
    else {
        l->slot = (uint8_t)emptiest_slot(b);
        list_append(&b->listeners, &b->slots[l->slot], index);
        b->rejoined = true;
    }
}

static void detach(rc_broadcaster *b, uint32_t index)
{
    const listener *l = &b->listeners.entries[index];
    RC_ASSERT(l->state != LEFT);
    if (b->next == index)
        b->next = l->next;
    if (l->state == BLOCKED)
        list_remove(&b->listeners, &b->blocked, index);
    else if (l->state == STALLED)
        list_remove(&b->listeners, &b->stalled, index);
    else
        list_remove(&b->listeners, &b->slots[l->slot], index);
}

void broadcaster_enlist(rc_broadcaster *b, uint32_t index, listener_state state)
{
    detach(b, index);
    attach(b, index, state);
}

int32_t broadcaster_admit(rc_broadcaster *b, const listener *like)
{
    uint32_t index = listeners_take(&b->listeners);
    if (index == NO_LISTENER)
        return RC_EFULL;
    listener *l = &b->listeners.entries[index];
    uint16_t generation = l->generation;
    *l = *like;
    l->generation = generation;
    attach(b, index, (listener_state)like->state);
    return listeners_handle(&b->listeners, index);
}

int32_t rc_leave(rc_broadcaster *b, int32_t handle)
{
    if (!b)
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    detach(b, index);
    descriptors_release(b->descriptors, b->listeners.entries[index].socket);
    b->listeners.entries[index].socket = NO_SOCKET;
    listeners_rest(&b->listeners, index);
    return 0;
}

int32_t rc_move(rc_broadcaster *from, int32_t handle, rc_broadcaster *to, double now_ms)
{
    if (!from || !to)
        return RC_EINVAL;
    uint32_t index = listeners_find(&from->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    broadcaster_clock(from, now_ms);
    broadcaster_clock(to, from->now_ms);
    listener moved = from->listeners.entries[index];
    moved.begins = true;
    moved.delay_ms = 0;
    moved.stream.cursor = ring_entry(to->ring);
    moved.stream.sent_title = 0; /* title numbers mean nothing in another ring */
    int32_t result = broadcaster_admit(to, &moved);
    if (result >= 0)
        rc_leave(from, handle);
    descriptors_hold(to->descriptors, moved.socket);
    return result;
}

int32_t rc_blocked(rc_broadcaster *b, int32_t handle, int32_t blocked, double now_ms)
{
    if (!b)
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    broadcaster_clock(b, now_ms);
    listener *l = &b->listeners.entries[index];
    if ((blocked != 0) == (l->state != LISTENING))
        return 0;
    l->blocked_ms = b->now_ms;
    broadcaster_enlist(b, index, blocked ? BLOCKED : LISTENING);
    return 0;
}

int32_t rc_socket(rc_broadcaster *b, int32_t handle, int32_t fd, int32_t chunked)
{
    if (!b)
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    listener *l = &b->listeners.entries[index];
    descriptors_release(b->descriptors, l->socket);
    l->socket = fd < 0 ? NO_SOCKET : fd;
    l->chunked = chunked != 0;
    descriptors_hold(b->descriptors, l->socket);
    return 0;
}

double rc_broadcaster_sent(const rc_broadcaster *b)
{
    return b ? (double)b->sent : RC_EINVAL;
}

int32_t rc_inspect(const rc_broadcaster *b, int32_t handle, rc_listener *out)
{
    if (!b || !out)
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    const listener *l = &b->listeners.entries[index];
    out->cursor = (double)l->stream.cursor;
    double behind = ring_lag(b->ring, l->stream.cursor), delay = l->delay_ms / 1000.0;
    out->lag_seconds = behind > delay ? behind - delay : 0;
    out->delay_seconds = delay;
    out->sent_bytes = (double)l->sent;
    out->is_blocked = l->state != LISTENING;
    out->blocked_millis = l->state == LISTENING ? 0 : b->now_ms - l->blocked_ms;
    return 0;
}
