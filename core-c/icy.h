/* ICY interleaving: a listener's audio with a metadata block after every metaint bytes of it. */
#ifndef RC_ICY_H
#define RC_ICY_H

#include "ring.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a listener is in its stream. Two listeners that agree in all of it are due equal bytes. */
typedef struct {
    uint64_t cursor;
    uint64_t sent_title;  /* number of the title it was last sent; 0 if none of this ring's */
    uint32_t metaint;     /* 0: plain audio */
    uint32_t until_block; /* audio bytes before the next block; 0: the block is due first */
} icy_state;

bool icy_equal(const icy_state *a, const icy_state *b);

/* Consecutive bytes of a stream as it goes over the wire: audio in the ring, or a block. */
typedef struct {
    const uint8_t *bytes;
    uint32_t length;
} icy_piece;

/* The next piece from the cursor (< end) on, and the state behind it: audio up to the next block, or
 * the block that is due. A caller that takes a block must also take the audio after it, because the block
 * has the title of the byte that follows. Valid until the ring is written or its title set. */
icy_piece icy_next(const rc_ring *ring, icy_state *state, uint64_t end);

/* No span from `state` to `end` is longer than this once interleaved. */
size_t icy_bound(const rc_ring *ring, const icy_state *state, uint64_t end);

/* Writes the audio from the cursor to end with its blocks to out, moves the state behind it and
 * returns the bytes written. */
uint32_t icy_interleave(const rc_ring *ring, icy_state *state, uint64_t end, uint8_t *out);

/* Counts `sent` bytes of audio that another writer has sent, `before` bytes behind a block. Returns the
 * blocks among them. */
uint32_t icy_count(icy_state *state, uint32_t before, uint32_t sent);

#endif
