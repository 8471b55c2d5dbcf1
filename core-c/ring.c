/* The ring: one producer overwrites the oldest audio, any number of cursors follow. */
#include "ring.h"

#include "debug.h"
#include "host/mirror.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MAX (1u << 30)

/* Frames shorter than this on average fill the index before the bytes; the tail then moves up. */
#define BYTES_PER_ENTRY 64

#define BYTERATE_WINDOW_US 5000000u

rc_ring *rc_ring_new(double capacity_bytes)
{
    if (!(capacity_bytes >= 1) || capacity_bytes > CAPACITY_MAX)
        return NULL;
    rc_ring *ring = calloc(1, sizeof *ring);
    if (!ring)
        return NULL;
    ring->capacity = mirror_round((size_t)capacity_bytes);
    ring->memory = mirror_map((size_t)ring->capacity);
    if (!ring->memory)
        goto fail;
    if (!frames_open(&ring->frames, ring->capacity / BYTES_PER_ENTRY) ||
        !titles_open(&ring->titles) || !preambles_open(&ring->preambles))
        goto fail;
    return ring;
fail:
    rc_ring_free(ring);
    return NULL;
}

void rc_ring_free(rc_ring *ring)
{
    if (!ring)
        return;
    preambles_close(&ring->preambles);
    titles_close(&ring->titles);
    frames_close(&ring->frames);
    if (ring->memory)
        mirror_unmap(ring->memory, (size_t)ring->capacity);
    free(ring);
}

const uint8_t *rc_ring_memory(const rc_ring *ring)
{
    return ring ? ring->memory : NULL;
}

double rc_ring_capacity(const rc_ring *ring)
{
    return ring ? (double)ring->capacity : RC_EINVAL;
}

/* Where a position is in the old memory and in the new, all that both hold is in one piece. */
static void move_audio(rc_ring *ring, uint8_t *memory, uint64_t capacity)
{
    uint64_t from = ring_tail(ring);
    if (ring->head - from > capacity)
        from = ring->head - capacity;
    memcpy(memory + from % capacity, ring->memory + ring_offset(ring, from), ring->head - from);
    mirror_unmap(ring->memory, (size_t)ring->capacity);
    ring->memory = memory;
    ring->capacity = capacity;
    frames_drop(&ring->frames, from);
}

int32_t rc_ring_resize(rc_ring *ring, double capacity_bytes)
{
    if (!ring || !(capacity_bytes >= 1) || capacity_bytes > CAPACITY_MAX)
        return RC_EINVAL;
    uint64_t capacity = mirror_round((size_t)capacity_bytes);
    if (capacity == ring->capacity)
        return 0;
    uint8_t *memory = mirror_map((size_t)capacity);
    if (!memory)
        return RC_EINVAL;
    if (!frames_resize(&ring->frames, capacity / BYTES_PER_ENTRY)) {
        mirror_unmap(memory, (size_t)capacity);
        return RC_EINVAL;
    }
    move_audio(ring, memory, capacity);
    return 0;
}

static bool adds_up(const rc_frame *frames, uint32_t count, uint32_t length)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (frames[i].length == 0 || (frames[i].flags & ~RC_SYNC) != 0)
            return false;
        sum += frames[i].length;
    }
    return sum == length;
}

static void append(rc_ring *ring, const rc_frame *frame)
{
    frames_push(&ring->frames, ring->head, frame);
    ring->head += frame->length;
}

int32_t rc_ring_write(rc_ring *ring, const uint8_t *data, uint32_t length, const rc_frame *frames,
                      uint32_t count)
{
    if (!ring || length > ring->capacity || (length > 0 && !data) || (count > 0 && !frames))
        return RC_EINVAL;
    if (!adds_up(frames, count, length))
        return RC_EINVAL;
    if (length > 0)
        memcpy(ring->memory + ring_offset(ring, ring->head), data, length);
    for (uint32_t i = 0; i < count; i++)
        append(ring, &frames[i]);
    if (ring->head > ring->capacity)
        frames_drop(&ring->frames, ring->head - ring->capacity);
    RC_ASSERT(ring->head - ring_tail(ring) <= ring->capacity);
    return (int32_t)length;
}

static uint64_t position_of(const rc_ring *ring, uint64_t number)
{
    if (number == ring->frames.next)
        return ring->head;
    return frames_key(&ring->frames, FRAME_POSITION, number);
}

uint64_t ring_tail(const rc_ring *ring)
{
    return position_of(ring, ring->frames.first);
}

uint64_t ring_resume(const rc_ring *ring)
{
    return position_of(ring, frames_oldest_sync(&ring->frames));
}

uint64_t ring_seek(const rc_ring *ring, double seconds)
{
    return position_of(ring, frames_seek(&ring->frames, seconds * 1e6));
}

uint64_t ring_entry(const rc_ring *ring)
{
    return preambles_before(&ring->preambles, ring->head) ? ring_seek(ring, 0) : ring->head;
}

uint64_t ring_before(const rc_ring *ring, uint64_t back_us)
{
    const frame_index *frames = &ring->frames;
    if (back_us > frames->end_us)
        return ring_tail(ring);
    uint64_t number = frames_newest(frames, FRAME_TIME, frames->end_us - back_us);
    return position_of(ring, number < frames->first ? frames->first : number);
}

uint64_t ring_span_end(const rc_ring *ring, uint64_t from, uint64_t end, uint64_t most)
{
    RC_ASSERT(from >= ring_tail(ring) && from <= end && end <= ring->head);
    if (end - from <= most)
        return end;
    uint64_t last = position_of(ring, frames_newest(&ring->frames, FRAME_POSITION, from + most));
    return last > from ? last : from + most;
}

double ring_lag(const rc_ring *ring, uint64_t position)
{
    if (position >= ring->head)
        return 0;
    uint64_t number = frames_newest(&ring->frames, FRAME_POSITION, position);
    if (number < ring->frames.first)
        number = ring->frames.first;
    return (double)(ring->frames.end_us - frames_key(&ring->frames, FRAME_TIME, number)) / 1e6;
}

double ring_byterate(const rc_ring *ring)
{
    return frames_byterate(&ring->frames, ring->head, BYTERATE_WINDOW_US);
}

double rc_ring_head(const rc_ring *ring)
{
    return ring ? (double)ring->head : RC_EINVAL;
}

double rc_ring_tail(const rc_ring *ring)
{
    return ring ? (double)ring_tail(ring) : RC_EINVAL;
}

double rc_ring_seek(const rc_ring *ring, double seconds_back)
{
    if (!ring || !(seconds_back >= 0))
        return RC_EINVAL;
    return (double)ring_seek(ring, seconds_back);
}

/* A listener may be placed there: it is held, and not before the last break. */
static bool is_open_at(const rc_ring *ring, double position)
{
    const frame_index *frames = &ring->frames;
    uint64_t first = frames->since > frames->first ? frames->since : frames->first;
    return position >= (double)position_of(ring, first) && position <= (double)ring->head;
}

double rc_ring_frame(const rc_ring *ring, double position)
{
    if (!ring || !is_open_at(ring, position))
        return RC_ESTALE;
    if (position == (double)ring->head)
        return position;
    uint64_t number = frames_newest(&ring->frames, FRAME_POSITION, (uint64_t)position);
    return (double)position_of(ring, number);
}

int32_t rc_ring_preamble_at(const rc_ring *ring, double position)
{
    if (!ring || !is_open_at(ring, position))
        return RC_ESTALE;
    const preamble *p = preambles_before(&ring->preambles, (uint64_t)position);
    return p ? (int32_t)p->length : 0;
}

double rc_ring_lag(const rc_ring *ring, double position)
{
    if (!ring || isnan(position))
        return RC_EINVAL;
    if (position >= (double)ring->head)
        return 0;
    return ring_lag(ring, position > 0 ? (uint64_t)position : 0);
}

int32_t rc_ring_title(rc_ring *ring, const uint8_t *text, uint32_t length)
{
    if (!ring || !text || length == 0 || length > TITLE_TEXT_MAX)
        return RC_EINVAL;
    titles_set(&ring->titles, ring->head, text, length);
    return 0;
}

/* Audio without its preamble cannot be decoded, so it is dropped too. */
int32_t rc_ring_preamble(rc_ring *ring, const uint8_t *data, uint32_t length)
{
    if (!ring || length > RC_PREAMBLE_MAX || (length > 0 && !data))
        return RC_EINVAL;
    preambles_set(&ring->preambles, ring->head, data, length);
    frames_drop(&ring->frames, preambles_known_from(&ring->preambles));
    return 0;
}

int32_t rc_ring_break(rc_ring *ring)
{
    if (!ring)
        return RC_EINVAL;
    frames_break(&ring->frames);
    return rc_ring_preamble(ring, NULL, 0);
}

#ifdef RC_DEBUG
void ring_start_at(rc_ring *ring, uint64_t position)
{
    RC_ASSERT(frames_empty(&ring->frames));
    ring->head = position;
}
#endif
