/* Many listeners in one thread, and what became of them. */
#ifndef LOAD_CROWD_H
#define LOAD_CROWD_H

#include "listener.h"
#include "tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint16_t port;
    const char *request;
    size_t asked, stalled;
    double ramp_seconds;
    uint32_t first_address, addresses; /* behind 127.0.0.1; the listeners are spread over them */
    double churn;                      /* so many leave and others join, each second */
} crowd_plan;

typedef struct {
    crowd_plan plan;
    int poll;
    uint64_t began_us;
    size_t begun;          /* connect() was called for so many */
    size_t heard, pending; /* pending: neither heard nor over */
    uint64_t last_first_us;
    bool measuring;
    uint64_t churn_us; /* since when listeners come and go; 0: all stay */
    size_t left;       /* of their own accord; as many came in their places */
    size_t next;       /* the place whose listener is to leave next */
    uint16_t refused_status; /* of the first refusal */
    int failed_errno;        /* of the first failure, 0: closed before an answer */
    tally *tally;
    histogram *first_audio; /* from connect() */
    histogram *joins;       /* the same of those who came while measuring */
    uint8_t *buffer;        /* what any of them receives */
    listener *listeners;
} crowd;

/* False when there is no memory for it. */
bool crowd_open(crowd *c, crowd_plan plan);
void crowd_close(crowd *c);

/* One turn: begins who is due, serves who has something, waits at most `wait_ms`. */
void crowd_turn(crowd *c, int wait_ms);

/* From now on listeners leave and others join, as planned. */
void crowd_churn(crowd *c);

/* Nobody leaves any more, and the measuring is over. */
void crowd_calm(crowd *c);

/* Listeners that are at this stage. */
size_t crowd_count(const crowd *c, listener_stage stage);

#endif
