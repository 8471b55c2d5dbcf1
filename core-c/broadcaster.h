/* The broadcaster's state, shared by joining (join.c), membership (broadcaster.c), turns (tick.c) and service (serve.c). */
#ifndef RC_BROADCASTER_H
#define RC_BROADCASTER_H

#include "descriptors.h"
#include "listeners.h"
#include "ring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SLOTS 64
#define ARENA_SIZE ((size_t)4 << 20)

/* The last interleaved span of this call, for the next listener in the same place. */
typedef struct {
    icy_state before, after;
    uint32_t offset, length; /* length 0: none yet */
} icy_cohort;

/* The last preamble copied in this call, shared by listeners that start behind it. */
typedef struct {
    const preamble *copied; /* NULL: none yet */
    uint32_t offset;
} preamble_copy;

struct rc_broadcaster {
    rc_ring *ring;
    rc_descriptors *descriptors; /* may be NULL */
    listener_table listeners;
    listener_list slots[SLOTS]; /* listening; one turn of all slots takes one period */
    listener_list blocked;      /* by blocked_ms, oldest first */
    listener_list stalled;      /* blocked, RC_STALLED reported */

    rc_event *events;
    uint32_t event_count, event_max;
    uint32_t served; /* in this call: events, and sends that sockets took whole; at most event_max */
    uint8_t *arena;
    size_t arena_used;
    icy_cohort cohort;
    preamble_copy opening;

    uint64_t sent; /* to all listeners, including those that have left */

    double chunk_size, sends_per_second, stall_ms;
    double now_ms;    /* latest time seen; never goes back */
    double ticked_ms; /* time of the last tick */

    double due;    /* turns owed, at most one of every slot and the rest of a broken one */
    uint32_t slot; /* whose turn it is */
    bool turning;  /* its turn has begun: next is where it goes on */
    bool again;    /* a listener in it is still behind after its send: the slot gets another turn */
    uint32_t next;

    bool at_once;         /* all listeners fall due together when something is written */
    bool rejoined;        /* a listener may be behind although nothing has been written since */
    uint64_t turned_head; /* the head when they last did */
    double next_ms;       /* when they may again, were it by the clock alone */
};

/* Listeners in slots. */
static inline uint32_t listening_count(const rc_broadcaster *b)
{
    const listener_table *t = &b->listeners;
    return t->touched - t->resting.count - b->blocked.count - b->stalled.count;
}

/* Advances the clock; a time that is not finite or not later is ignored. */
void broadcaster_clock(rc_broadcaster *b, double now_ms);

/* Adds a copy of `like` to the table and to the list of its state. Returns its handle, or RC_EFULL. */
int32_t broadcaster_admit(rc_broadcaster *b, const listener *like);

/* Moves a listener to the list of another state. */
void broadcaster_enlist(rc_broadcaster *b, uint32_t index, listener_state state);

#endif
