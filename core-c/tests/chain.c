/* The copy in the ring is not the preamble's own bytes: a listener that got the wrong one shows. */
#include "chain.h"

#include "tap.h"

#include <stdlib.h>

/* Where no test's audio ever is. */
static uint64_t preamble_position(uint32_t number)
{
    return ((uint64_t)1 << 62) + ((uint64_t)number << 24);
}

int32_t set_preamble(rc_ring *ring, uint32_t number, uint32_t length)
{
    uint8_t *data = malloc(length ? length : 1);
    if (!data)
        abort();
    for (uint32_t i = 0; i < length; i++)
        data[i] = audio_at(preamble_position(number) + i);
    int32_t result = rc_ring_preamble(ring, data, length);
    free(data);
    return result;
}

bool is_preamble(const uint8_t *bytes, uint32_t number, size_t length)
{
    return is_audio(bytes, preamble_position(number), length);
}

void begin_chain(rc_ring *ring, uint32_t number, uint32_t length)
{
    uint32_t first = length > 58 ? 58 : length;
    rc_frame pages[2] = {{first, 0, 0}, {length - first, 0, 0}};
    CHECK_EQ(set_preamble(ring, number, length), 0);
    CHECK_EQ(write_frames(ring, pages, length > first ? 2 : 1), length);
}

void play_pages(rc_ring *ring, uint32_t pages)
{
    for (uint32_t i = 0; i < pages; i++)
        feed(ring, 1, PAGE, 100000, i % 2 ? 0 : RC_SYNC);
}

void play_chain(rc_ring *ring, uint32_t number, uint32_t pages)
{
    begin_chain(ring, number, HEADERS);
    play_pages(ring, pages);
}

bool heard_preamble_then(const ear *e, uint32_t number, uint32_t length, uint64_t position)
{
    return e->length > length && is_preamble(e->bytes, number, length) &&
           is_audio(e->bytes + length, position, e->length - length);
}

bool heard_audio(const ear *e, uint64_t position)
{
    return e->length > 0 && is_audio(e->bytes, position, e->length);
}
