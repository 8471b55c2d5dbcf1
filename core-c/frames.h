/* The frame index: where each frame held by a ring begins, in bytes and in time. */
#ifndef RC_FRAMES_H
#define RC_FRAMES_H

#include "radiocore.h"

#include <stdbool.h>
#include <stdint.h>

/* Every key grows (or stays) from frame to frame, so one binary search serves all three. */
enum frame_key {
    FRAME_POSITION, /* of its first byte */
    FRAME_TIME,     /* microseconds of audio before it since the ring began */
    FRAME_SYNC,     /* number of the newest sync frame up to and including it; 0: none */
    FRAME_KEYS
};

/* Frames are numbered from 1 and never renumbered; number n sits at n % size. */
typedef struct {
    uint64_t (*entries)[FRAME_KEYS];
    uint64_t size;
    uint64_t first;  /* oldest held */
    uint64_t next;   /* the one to come: first == next means empty */
    uint64_t end_us; /* time at the end of the newest frame */
    uint64_t sync;   /* number of the newest sync frame ever */
    uint64_t since;  /* a burst begins with this number or a later one */
} frame_index;

bool frames_open(frame_index *index, uint64_t size);
void frames_close(frame_index *index);

/* Keeps the newest frames that fit. false, and nothing changed, when memory is short. */
bool frames_resize(frame_index *index, uint64_t size);

/* Appends a frame; a full index forgets its oldest. */
void frames_push(frame_index *index, uint64_t position, const rc_frame *frame);

/* From here on a burst begins with a frame that is still to come. */
void frames_break(frame_index *index);

/* Forgets the frames that begin before position. */
void frames_drop(frame_index *index, uint64_t position);

/* The number of the newest frame held whose key is <= limit; first - 1 when there is none. */
uint64_t frames_newest(const frame_index *index, enum frame_key key, uint64_t limit);

/* The number of the oldest sync frame held; next when there is none. */
uint64_t frames_oldest_sync(const frame_index *index);

/* The number of the newest sync frame held that begins at least back_us before the end, else the
 * oldest sync frame held; next when there is none. Frames before the last break are not looked at. */
uint64_t frames_seek(const frame_index *index, double back_us);

/* Bytes a second over the newest window_us of audio; 0 while that is unknown. */
double frames_byterate(const frame_index *index, uint64_t head, uint64_t window_us);

static inline bool frames_empty(const frame_index *index)
{
    return index->first == index->next;
}

static inline uint64_t frames_key(const frame_index *index, enum frame_key key, uint64_t number)
{
    return index->entries[number % index->size][key];
}

#endif
