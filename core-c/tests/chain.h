/* Chains, as in Ogg: each with a preamble that can be told from its number, and audio behind it. */
#ifndef CHAIN_H
#define CHAIN_H

#include "fixture.h"

/* rc_ring_preamble with the bytes of that number; equal numbers and lengths are equal preambles. */
int32_t set_preamble(rc_ring *ring, uint32_t number, uint32_t length);
bool is_preamble(const uint8_t *bytes, uint32_t number, size_t length);

/* Sets the preamble and writes what stands for its copy: frames of no time where nobody may start. */
void begin_chain(rc_ring *ring, uint32_t number, uint32_t length);

/* A preamble of 300 bytes and then frames of 100 bytes and 100 ms, every other one sync. */
enum { HEADERS = 300, PAGE = 100 };
void play_chain(rc_ring *ring, uint32_t number, uint32_t pages);
void play_pages(rc_ring *ring, uint32_t pages);

/* Everything that has been heard: one preamble and then audio from a position, nothing else. */
bool heard_preamble_then(const ear *e, uint32_t number, uint32_t length, uint64_t position);

/* Only audio from a position. */
bool heard_audio(const ear *e, uint64_t position);

#endif
