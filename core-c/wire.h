/* One write to a listener's socket, laid out without a copy: pieces of audio and titles, and HTTP/1.1 chunk
 * framing where the connection uses it. */
#ifndef RC_WIRE_H
#define RC_WIRE_H

#include "icy.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WIRE_PIECES_MAX 64
#define WIRE_SEGMENTS_MAX 8

/* Audio bytes of a segment. If a socket stops inside one, the caller has to buffer its rest. */
#define WIRE_SEGMENT_MAX 8192u

#define CHUNK_HEAD_MAX 10 /* eight digits, CR, LF */

/* The unit that must be completed once begun, since chunks and blocks are prefixed with their length. Ends on
 * a frame boundary if one is in reach. */
typedef struct {
    icy_state after;  /* where the listener is when it has all of it */
    size_t end;       /* bytes of the wire up to its end */
    uint32_t offered; /* bytes of it, without the chunk around them */
} wire_segment;

/* Laid out as the system's struct iovec; host/send.c asserts that. */
typedef struct {
    const uint8_t *bytes;
    size_t length;
} wire_piece;

typedef struct {
    bool is_chunked;
    wire_piece pieces[WIRE_PIECES_MAX];
    uint32_t piece_count;
    wire_segment segments[WIRE_SEGMENTS_MAX];
    uint32_t segment_count;
    char chunk_heads[WIRE_SEGMENTS_MAX][CHUNK_HEAD_MAX];
    size_t length;
} wire;

void wire_begin(wire *w, bool is_chunked);

/* Lays out the audio from the stream's cursor (< end) on, up to `end` or eight segments of it; less when
 * titles stand so close that the pieces run out. */
void wire_audio(wire *w, const icy_state *stream, const rc_ring *ring, uint64_t end);

/* Lays out bytes that metaint does not count, as one segment. */
void wire_preamble(wire *w, const icy_state *stream, const uint8_t *bytes, uint32_t length);

/* Copies the bytes between two offsets of the wire. */
void wire_copy(const wire *w, size_t from, size_t end, uint8_t *out);

#endif
