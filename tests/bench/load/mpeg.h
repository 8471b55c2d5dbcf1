/* MPEG-1 layer III frames: the header and the length it says. */
#ifndef LOAD_MPEG_H
#define LOAD_MPEG_H

#include <stdbool.h>
#include <stdint.h>

#define MPEG_SAMPLES 1152 /* of one frame */
#define MPEG_RATE 44100   /* Hz, of the frames written here */
#define MPEG_SIDE_END 36  /* header and the side information of two channels */
#define MPEG_FRAME_MAX 1441

/* A stereo header without checksum at MPEG_RATE. False when layer III has no such bitrate. */
bool mpeg_header_put(uint8_t *out, unsigned kbits, bool padded);

/* Bytes of the frame that these four begin; 0 when they begin none. */
uint32_t mpeg_frame_length(const uint8_t *header);

#endif
