/* A crowd of equal listeners at 128 kbit/s, and what one moment of the clock offers them. */
#ifndef CROWD_H
#define CROWD_H

#include "broadcaster.h"

/* Frames of 10 ms: one per tick. */
#define TICK_MS 10
#define FRAME 160

typedef struct {
    rc_ring *ring;
    rc_broadcaster *b;
    double now;
} crowd;

crowd crowd_open(uint32_t listeners, uint32_t events, double sends_per_second);
void crowd_close(crowd *s);

/* What one moment of the clock offered, over all its calls. */
typedef struct {
    uint32_t sends;
    uint64_t bytes;
    uint32_t longest;
} moment;

/* Works off everything that is due now. */
moment crowd_tick(crowd *s);

/* Writes a frame and ticks when it has played. */
moment crowd_play(crowd *s);

#endif
