/* The broadcaster's view of a ring: positions as integers, and where frames begin. */
#ifndef RC_RING_H
#define RC_RING_H

#include "frames.h"
#include "preambles.h"
#include "radiocore.h"
#include "titles.h"

#include <stdint.h>

struct rc_ring {
    uint8_t *memory; /* mirrored: 2 x capacity */
    uint64_t capacity;
    uint64_t head;
    frame_index frames;
    title_log titles;
    preamble_log preambles;
};

/* Start of the oldest frame held; the head when there is none. */
uint64_t ring_tail(const rc_ring *ring);

/* Where a lagged cursor goes on: the oldest sync frame held, else the head. */
uint64_t ring_resume(const rc_ring *ring);

/* See rc_ring_seek; seconds >= 0. */
uint64_t ring_seek(const rc_ring *ring, double seconds);

/* Where a listener from another ring continues: at the head, or at the newest sync frame if a preamble is
 * in force, because only a sync frame may follow a preamble. */
uint64_t ring_entry(const rc_ring *ring);

/* Start of the newest frame before which there are `back_us` of audio up to the head; the tail when that much is not held. */
uint64_t ring_before(const rc_ring *ring, uint64_t back_us);

/* End of a span from a held position: `end` or at most `most` bytes, at a frame's end if one is in reach. */
uint64_t ring_span_end(const rc_ring *ring, uint64_t from, uint64_t end, uint64_t most);

/* Seconds of audio between a position and the head. */
double ring_lag(const rc_ring *ring, uint64_t position);

/* Bytes a second of the recent audio; 0 while unknown. */
double ring_byterate(const rc_ring *ring);

static inline uint32_t ring_offset(const rc_ring *ring, uint64_t position)
{
    return (uint32_t)(position % ring->capacity);
}

#ifdef RC_DEBUG
/* Test only: an empty ring goes on as if position bytes had been written. */
void ring_start_at(rc_ring *ring, uint64_t position);
#endif

#endif
