/* A naive listener on a naive ring: it knows what it must hear next, byte by byte. */
#ifndef MODEL_EAR_H
#define MODEL_EAR_H

#include "model.h"

typedef struct {
    rc_ring *ring;
    rc_broadcaster *b;
    model m;
} side;

typedef struct {
    int32_t handle; /* 0: not there */
    int side;
    uint64_t cursor, sent;
    uint32_t metaint, until, delay_ms;
    const char *told;
    bool begins, blocked, stalled;
    double since;
} model_ear;

/* Checks one event for it and takes note of it. */
void expect_event(side *s, model_ear *e, const rc_event *event, double now_ms);

#endif
