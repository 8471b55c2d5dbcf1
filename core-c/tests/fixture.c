/* Shared by all tests, over the public header alone. */
#include "fixture.h"

#include "invariants.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

uint8_t audio_at(uint64_t position)
{
    return (uint8_t)((position * 0x9E3779B97F4A7C15u) >> 56);
}

bool is_audio(const uint8_t *bytes, uint64_t position, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bytes[i] != audio_at(position + i))
            return false;
    return true;
}

static void *exactly(size_t size)
{
    void *memory = malloc(size ? size : 1);
    if (!memory)
        abort();
    return memory;
}

int32_t write_frames(rc_ring *ring, const rc_frame *frames, uint32_t count)
{
    uint32_t length = 0;
    for (uint32_t i = 0; i < count; i++)
        length += frames[i].length;
    rc_frame *copy = exactly(count * sizeof *copy);
    memcpy(copy, frames, count * sizeof *copy);
    uint8_t *data = exactly(length);
    uint64_t position = (uint64_t)rc_ring_head(ring);
    for (uint32_t i = 0; i < length; i++)
        data[i] = audio_at(position + i);
    int32_t result = rc_ring_write(ring, data, length, copy, count);
    free(data);
    free(copy);
    return result;
}

void feed(rc_ring *ring, uint32_t count, uint32_t length, uint32_t duration_us, uint32_t flags)
{
    rc_frame frame = {length, duration_us, flags};
    for (uint32_t i = 0; i < count; i++)
        CHECK_EQ(write_frames(ring, &frame, 1), length);
}

void feed_mp3(rc_ring *ring, uint32_t count, uint32_t length)
{
    feed(ring, count, length, 26000, RC_SYNC);
}

int32_t set_title(rc_ring *ring, const char *text)
{
    uint32_t length = (uint32_t)strlen(text);
    uint8_t *copy = exactly(length);
    memcpy(copy, text, length);
    int32_t result = rc_ring_title(ring, copy, length);
    free(copy);
    return result;
}

rc_ring *small_ring(void)
{
    return rc_ring_new(1);
}

rc_broadcaster *eager(rc_ring *ring, uint32_t max_listeners, uint32_t events)
{
    rc_broadcaster *b = rc_broadcaster_new(ring, NULL, max_listeners, events);
    CHECK_EQ(rc_broadcaster_tune(b, 16384, 1e12, 10), 0);
    return b;
}

ear ear_join(rc_broadcaster *b, double burst_seconds, uint32_t metaint, double now_ms)
{
    ear e = {.handle = rc_join(b, burst_seconds, metaint, now_ms)};
    CHECK(e.handle > 0);
    return e;
}

void ear_close(ear *e)
{
    free(e->bytes);
}

void close_both(rc_broadcaster *b, rc_ring *ring)
{
    check_invariants(b);
    rc_broadcaster_free(b);
    rc_ring_free(ring);
}

static void hear(ear *e, const uint8_t *bytes, uint32_t length)
{
    e->bytes = realloc(e->bytes, e->length + length);
    if (!e->bytes)
        abort();
    memcpy(e->bytes + e->length, bytes, length);
    e->length += length;
    e->sends++;
}

static void note(rc_broadcaster *b, const rc_ring *ring, const rc_event *event, ear *e)
{
    if (event->kind == RC_SEND_RING)
        hear(e, rc_ring_memory(ring) + event->offset, event->length);
    else if (event->kind == RC_SEND_ARENA)
        hear(e, rc_broadcaster_arena(b) + event->offset, event->length);
    else if (event->kind == RC_STALLED)
        e->stalls++;
    else if (event->kind == RC_LAGGED) {
        e->lags++;
        e->lost += event->length;
    }
}

bool ear_event(rc_broadcaster *b, const rc_ring *ring, const rc_event *event, ear *ears,
               size_t count)
{
    for (size_t i = 0; i < count; i++)
        if ((uint32_t)ears[i].handle == event->listener) {
            note(b, ring, event, &ears[i]);
            return true;
        }
    return false;
}

void ear_events(rc_broadcaster *b, const rc_ring *ring, int32_t n, ear *ears, size_t count)
{
    const rc_event *events = rc_broadcaster_events(b);
    for (int32_t i = 0; i < n; i++)
        CHECK(ear_event(b, ring, &events[i], ears, count));
}

uint32_t ear_tick(rc_broadcaster *b, const rc_ring *ring, double now_ms, ear *ears, size_t count)
{
    uint32_t total = 0;
    for (int32_t n = rc_tick(b, now_ms); n > 0; n = rc_tick(b, now_ms)) {
        ear_events(b, ring, n, ears, count);
        total += (uint32_t)n;
    }
    return total;
}

/* As many bytes as `below` needs; 0 when they are used up. */
static uint32_t draw_bytes(chance *c, uint32_t below)
{
    uint32_t value = 0;
    for (uint32_t range = 1; range < below && c->bytes < c->end; range <<= 8) {
        value = value << 8 | *c->bytes++;
        if (range >= 1u << 24)
            break;
    }
    return value % below;
}

bool is_spent(const chance *c)
{
    return c->bytes && c->bytes == c->end;
}

/* xorshift64*, Vigna. */
uint32_t draw(chance *c, uint32_t below)
{
    if (c->bytes)
        return draw_bytes(c, below);
    c->state ^= c->state >> 12;
    c->state ^= c->state << 25;
    c->state ^= c->state >> 27;
    return (uint32_t)((c->state * 0x2545F4914F6CDD1Du) >> 32) % below;
}
