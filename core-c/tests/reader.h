/* A reader of inline metadata, as a player has one, and a stage of one mount to test it on. */
#ifndef READER_H
#define READER_H

#include "fixture.h"

typedef struct {
    uint64_t after;  /* audio bytes before the block */
    uint32_t length; /* of the text; 0 for a single zero byte */
    const uint8_t *text;
} block;

typedef struct {
    uint8_t *audio;
    size_t audio_length;
    block *blocks;
    size_t count;
} reading;

/* Takes the blocks out of what an ear has heard; blocks point into the ear's bytes. Padding and
 * lengths are checked on the way. */
reading read_stream(const ear *e, uint32_t metaint);
void reading_close(reading *r);

bool says(const block *b, const char *text);

typedef struct {
    rc_ring *ring;
    rc_broadcaster *b;
    double now;
} stage;

stage stage_open(void);

/* Writes one frame and ticks a millisecond later. */
void play(stage *s, uint32_t bytes, ear *ears, size_t count);

/* Everything one listener can have now. */
void take_all(stage *s, ear *e);
void stage_close(stage *s, ear *ears, size_t count);

#endif
