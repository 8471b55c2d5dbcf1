/* One of a crowd: from connect() to the end, in a few cache lines. */
#ifndef LOAD_LISTENER_H
#define LOAD_LISTENER_H

#include "chunks.h"
#include "ear.h"
#include "head.h"
#include "icy.h"
#include "tally.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    LISTENER_ABSENT,
    LISTENER_CONNECTING,
    LISTENER_ASKING,   /* its answer's head is not complete */
    LISTENER_ADMITTED, /* no audio yet */
    LISTENER_HEARING,
    LISTENER_STALLED,
    LISTENER_REFUSED, /* these three are over */
    LISTENER_FAILED,
    LISTENER_CLOSED,
} listener_stage;

typedef struct {
    uint64_t began_us; /* connect() */
    int fd;
    uint8_t stage;
    bool stalls; /* stops reading at its first audio */
    bool late;   /* its first audio came in the measuring window: its burst is no latency */
    chunks chunks;
    icy icy;
    union {
        head head; /* until it is admitted */
        ear ear;
    };
} listener;

static_assert(sizeof(listener) <= 200, "thousands of these share a cache");

bool listener_over(const listener *l);

/* Takes what was received; returns whether its first audio is in there. */
bool listener_hear(listener *l, span received, tally *t);

/* The server has closed, or the connection broke. */
void listener_end(listener *l);

#endif
