/* Silent frames of a constant bitrate, stamped and numbered from 0. */
#ifndef LOAD_FRAMES_H
#define LOAD_FRAMES_H

#include <stddef.h>
#include <stdint.h>

typedef struct {
    unsigned kbits;
    uint32_t rest; /* of a byte that the frames so far fell short of the bitrate, in 1/MPEG_RATE */
    uint32_t written;
} frames;

/* Writes the next frame, at most MPEG_FRAME_MAX bytes, and returns its length. */
size_t frames_next(frames *f, uint64_t now_us, uint8_t *out);

/* Microseconds of audio before frame `number`. */
uint64_t frames_us(uint64_t number);

#endif
