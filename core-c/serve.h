/* Service of one listener, as a turn (tick.c) asks for it. */
#ifndef RC_SERVE_H
#define RC_SERVE_H

#include "broadcaster.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum {
    UP_TO_DATE,
    BEHIND, /* served, and there is more */
    NO_ROOM /* events or arena are full: retry this listener in the next call */
} served;

/* Makes at most one send, so a caller whose sink blocks on it has nothing more to keep. */
served serve(rc_broadcaster *b, uint32_t index);

static inline bool serve_has_room(const rc_broadcaster *b)
{
    return b->served < b->event_max;
}

/* Appends an event; there must be room. */
void serve_report(rc_broadcaster *b, uint32_t index, uint32_t kind, uint32_t offset, uint32_t length);

#endif
