/* Interleaves audio and titles exactly: blocks are never counted, audio always is. */
#include "icy.h"

#include "debug.h"

#include <string.h>

bool icy_equal(const icy_state *a, const icy_state *b)
{
    return a->cursor == b->cursor && a->told == b->told && a->metaint == b->metaint &&
           a->until_block == b->until_block;
}

/* Each kept title is told at most once in a span; every other block is a single zero. */
size_t icy_bound(const icy_state *state, uint64_t end)
{
    size_t audio = (size_t)(end - state->cursor);
    return audio + audio / state->metaint + 1 + (size_t)TITLES_KEPT * TITLE_BLOCK_MAX;
}

static size_t put_block(const title_log *titles, icy_state *state, uint8_t *out)
{
    uint64_t number = titles_at(titles, state->cursor);
    state->until_block = state->metaint;
    RC_ASSERT(number >= state->told);
    if (number == state->told) {
        *out = 0;
        return 1;
    }
    const title *t = titles_get(titles, number);
    state->told = number;
    memcpy(out, t->block, title_block_size(t));
    return title_block_size(t);
}

static size_t put_audio(const rc_ring *ring, icy_state *state, uint64_t end, uint8_t *out)
{
    uint64_t length = end - state->cursor;
    if (length > state->until_block)
        length = state->until_block;
    memcpy(out, ring->memory + ring_offset(ring, state->cursor), (size_t)length);
    state->cursor += length;
    state->until_block -= (uint32_t)length;
    return (size_t)length;
}

uint32_t icy_interleave(const rc_ring *ring, icy_state *state, uint64_t end, uint8_t *out)
{
    RC_ASSERT(state->metaint > 0 && state->until_block <= state->metaint);
    uint8_t *start = out;
    while (state->cursor < end) {
        if (state->until_block == 0)
            out += put_block(&ring->titles, state, out);
        out += put_audio(ring, state, end, out);
    }
    return (uint32_t)(out - start);
}
