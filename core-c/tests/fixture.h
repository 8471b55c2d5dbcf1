/* Rings of audio that can be told from its position, and ears that collect what is sent. */
#ifndef FIXTURE_H
#define FIXTURE_H

#include "radiocore.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What every test writes at a position: a wrong byte, or a right one in the wrong place, shows. */
uint8_t audio_at(uint64_t position);
bool is_audio(const uint8_t *bytes, uint64_t position, size_t length);

/* rc_ring_write of audio in heap blocks of the exact size, so that an over-read faults. */
int32_t write_frames(rc_ring *ring, const rc_frame *frames, uint32_t count);

/* Writes count equal frames, one call each. */
void feed(rc_ring *ring, uint32_t count, uint32_t length, uint32_t duration_us, uint32_t flags);

/* The same, all sync, 26 ms each: an MP3 frame. */
void feed_mp3(rc_ring *ring, uint32_t count, uint32_t length);

int32_t set_title(rc_ring *ring, const char *text);

/* A ring of one page: the smallest there is. */
rc_ring *small_ring(void);

/* A broadcaster that holds nobody back: every listener has its turn in every tick. */
rc_broadcaster *eager(rc_ring *ring, uint32_t max_listeners, uint32_t events);

/* Checks the invariants once more and frees both. */
void close_both(rc_broadcaster *b, rc_ring *ring);

/* ---- ears ---- */

typedef struct {
    int32_t handle;
    uint8_t *bytes;
    size_t length;
    uint32_t sends, lags, stalls;
    uint64_t lost; /* sum of the lags */
} ear;

ear ear_join(rc_broadcaster *b, double burst_seconds, uint32_t metaint, double now_ms);
void ear_close(ear *e);

/* What one event says, added to the ear it names; false when it names none of them. */
bool ear_event(rc_broadcaster *b, const rc_ring *ring, const rc_event *event, ear *ears,
               size_t count);

/* Works off the first n events. */
void ear_events(rc_broadcaster *b, const rc_ring *ring, int32_t n, ear *ears, size_t count);

/* Ticks until nothing more is due; returns the events seen. */
uint32_t ear_tick(rc_broadcaster *b, const rc_ring *ring, double now_ms, ear *ears, size_t count);

/* ---- chance: the same in every run, or what a fuzzer says ---- */

typedef struct {
    uint64_t state;
    const uint8_t *bytes, *end; /* drawn from these in place of `state`; NULL for none */
} chance;

uint32_t draw(chance *c, uint32_t below);

/* All its bytes were drawn. */
bool is_spent(const chance *c);

#endif
