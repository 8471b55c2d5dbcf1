/* Interleaves audio and titles exactly: blocks are never counted, audio always is. */
#include "icy.h"

#include "debug.h"

#include <string.h>

bool icy_equal(const icy_state *a, const icy_state *b)
{
    return a->cursor == b->cursor && a->sent_title == b->sent_title && a->metaint == b->metaint &&
           a->until_block == b->until_block;
}

/* Each kept title that the listener does not have is sent at most once in a span; every other block is a single zero. */
size_t icy_bound(const rc_ring *ring, const icy_state *state, uint64_t end)
{
    size_t audio = (size_t)(end - state->cursor);
    uint64_t titles = ring->titles.newest - state->sent_title;
    if (titles > TITLES_KEPT)
        titles = TITLES_KEPT;
    return audio + audio / state->metaint + 1 + (size_t)titles * TITLE_BLOCK_MAX;
}

static icy_piece next_block(const title_log *titles, icy_state *state)
{
    static const uint8_t unchanged = 0;
    uint64_t number = titles_at(titles, state->cursor);
    state->until_block = state->metaint;
    RC_ASSERT(number >= state->sent_title);
    if (number == state->sent_title)
        return (icy_piece){&unchanged, 1};
    const title *t = titles_get(titles, number);
    state->sent_title = number;
    return (icy_piece){t->block, (uint32_t)title_block_size(t)};
}

icy_piece icy_next(const rc_ring *ring, icy_state *state, uint64_t end)
{
    RC_ASSERT(state->cursor < end && state->until_block <= state->metaint);
    if (state->metaint > 0 && state->until_block == 0)
        return next_block(&ring->titles, state);
    uint64_t length = end - state->cursor;
    if (state->metaint > 0 && length > state->until_block)
        length = state->until_block;
    icy_piece audio = {ring->memory + ring_offset(ring, state->cursor), (uint32_t)length};
    state->cursor += length;
    if (state->metaint > 0)
        state->until_block -= (uint32_t)length;
    return audio;
}

uint32_t icy_interleave(const rc_ring *ring, icy_state *state, uint64_t end, uint8_t *out)
{
    uint8_t *start = out;
    while (state->cursor < end) {
        icy_piece piece = icy_next(ring, state, end);
        memcpy(out, piece.bytes, piece.length);
        out += piece.length;
    }
    return (uint32_t)(out - start);
}

uint32_t icy_count(icy_state *state, uint32_t before, uint32_t sent)
{
    if (state->metaint == 0 || sent == 0)
        return 0;
    uint32_t last = before + sent - 1;
    state->until_block = state->metaint - 1 - last % state->metaint;
    return last / state->metaint;
}
