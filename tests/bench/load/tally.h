/* What the whole crowd has heard. */
#ifndef LOAD_TALLY_H
#define LOAD_TALLY_H

#include "histogram.h"

#include <stdbool.h>
#include <stdint.h>

/* Each only grows: a window is the difference of two copies. */
typedef struct {
    uint64_t wire_bytes;       /* as received behind the heads: with chunks and titles */
    uint64_t audio_bytes;      /* without both */
    uint64_t lead_bytes;       /* before a listener's first stamped frame: some begin anywhere */
    uint64_t garbage_bytes;    /* after it, what is no frame, or no chunk, or no title */
    uint64_t frames;           /* stamped */
    uint64_t unstamped_frames; /* the server's own */
    uint64_t lost_frames, lost_bytes;
    uint64_t repeated_frames;  /* numbered below what was due */
    uint64_t titles;
} counts;

typedef struct {
    counts counts;
    histogram latency;
    bool measuring;  /* whether the frames being heard belong to the latency */
    uint64_t now_us; /* when the bytes being heard were read */
} tally;

#endif
