/* Builds the list of pieces that one sendmsg writes. */
#include "wire.h"

#include "debug.h"

#include <string.h>

void wire_begin(wire *w, bool is_chunked)
{
    w->is_chunked = is_chunked;
    w->piece_count = w->segment_count = 0;
    w->length = 0;
}

static void add(wire *w, const void *bytes, size_t length)
{
    RC_ASSERT(w->piece_count < WIRE_PIECES_MAX);
    wire_piece *last = &w->pieces[w->piece_count - (w->piece_count > 0)];
    w->length += length;
    if (w->piece_count > 0 && last->bytes + last->length == (const uint8_t *)bytes)
        last->length += length;
    else
        w->pieces[w->piece_count++] = (wire_piece){bytes, length};
}

/* Its length is known only behind it; until then it is a piece that no other continues. */
static wire_piece *begin_chunk(wire *w)
{
    if (!w->is_chunked)
        return NULL;
    wire_piece *head = &w->pieces[w->piece_count++];
    *head = (wire_piece){(const uint8_t *)w->chunk_heads[w->segment_count], 0};
    return head;
}

static void end_chunk(wire *w, wire_piece *head, uint32_t length)
{
    char *digits = w->chunk_heads[w->segment_count], *out = digits;
    int shift = 28;
    while (shift > 0 && length >> shift == 0)
        shift -= 4;
    for (; shift >= 0; shift -= 4)
        *out++ = "0123456789abcdef"[length >> shift & 15];
    *out++ = '\r';
    *out++ = '\n';
    *head = (wire_piece){(const uint8_t *)digits, (size_t)(out - digits)};
    w->length += head->length;
    add(w, "\r\n", 2);
}

static void end_segment(wire *w, wire_piece *chunk, const icy_state *after, uint32_t offered)
{
    if (chunk)
        end_chunk(w, chunk, offered);
    w->segments[w->segment_count++] = (wire_segment){*after, w->length, offered};
}

/* A block, the audio behind it, and the end of a chunk. */
static bool has_pieces(const wire *w)
{
    return w->piece_count + 3 <= WIRE_PIECES_MAX;
}

static void put_segment(wire *w, icy_state *stream, const rc_ring *ring, uint64_t end)
{
    wire_piece *chunk = begin_chunk(w);
    uint32_t offered = 0;
    bool is_after_block = false;
    while (stream->cursor < end && (is_after_block || has_pieces(w))) {
        uint64_t cursor = stream->cursor;
        icy_piece piece = icy_next(ring, stream, end);
        is_after_block = stream->cursor == cursor;
        add(w, piece.bytes, piece.length);
        offered += piece.length;
    }
    end_segment(w, chunk, stream, offered);
}

void wire_audio(wire *w, const icy_state *stream, const rc_ring *ring, uint64_t end)
{
    icy_state at = *stream;
    bool is_whole = true;
    /* One more piece: the head of a chunk. */
    while (is_whole && at.cursor < end && w->segment_count < WIRE_SEGMENTS_MAX &&
           w->piece_count + 4 <= WIRE_PIECES_MAX) {
        uint64_t segment_end = ring_span_end(ring, at.cursor, end, WIRE_SEGMENT_MAX);
        put_segment(w, &at, ring, segment_end);
        is_whole = at.cursor == segment_end;
    }
}

void wire_preamble(wire *w, const icy_state *stream, const uint8_t *bytes, uint32_t length)
{
    wire_piece *chunk = begin_chunk(w);
    add(w, bytes, length);
    end_segment(w, chunk, stream, length);
}

void wire_copy(const wire *w, size_t from, size_t end, uint8_t *out)
{
    size_t at = 0;
    for (uint32_t i = 0; i < w->piece_count && at < end; i++) {
        const wire_piece *piece = &w->pieces[i];
        size_t first = at < from ? from - at : 0;
        size_t last = piece->length < end - at ? piece->length : end - at;
        if (first < last) {
            memcpy(out, piece->bytes + first, last - first);
            out += last - first;
        }
        at += piece->length;
    }
}
