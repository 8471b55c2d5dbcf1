/* size [;extension] CR LF data CR LF ... 0 CR LF; trailers are left unread. */
#include "chunks.h"

enum { SIZE, DIGITS, EXTENSION, DATA, AFTER_CR, AFTER_LF, ENDED, BROKEN };

#define SIZE_MAX_KEPT (1u << 26)

static int digit(uint8_t byte)
{
    if (byte >= '0' && byte <= '9')
        return byte - '0';
    byte |= 0x20;
    return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

static uint8_t size_end(const chunks *c)
{
    return c->left == 0 ? ENDED : DATA;
}

static uint8_t size_byte(chunks *c, uint8_t byte)
{
    int value = digit(byte);
    if (value >= 0 && c->left < SIZE_MAX_KEPT) {
        c->left = c->left << 4 | (uint32_t)value;
        return DIGITS;
    }
    if (c->state == SIZE)
        return BROKEN;
    return byte == '\r' || byte == ';' || byte == ' ' ? EXTENSION : BROKEN;
}

static uint8_t frame_byte(chunks *c, uint8_t byte)
{
    switch (c->state) {
    case EXTENSION:
        return byte == '\n' ? size_end(c) : EXTENSION;
    case AFTER_CR:
        return byte == '\r' ? AFTER_LF : BROKEN;
    case AFTER_LF:
        return byte == '\n' ? SIZE : BROKEN;
    default:
        return size_byte(c, byte);
    }
}

static span data(chunks *c, span *in)
{
    span taken = span_take(in, c->left);
    c->left -= (uint32_t)taken.length;
    if (c->left == 0)
        c->state = AFTER_CR;
    return taken;
}

span chunks_next(chunks *c, span *in)
{
    if (c->plain)
        return span_take(in, in->length);
    while (in->length > 0 && c->state != ENDED && c->state != BROKEN) {
        if (c->state == DATA)
            return data(c, in);
        c->state = frame_byte(c, *span_take(in, 1).bytes);
    }
    return (span){in->bytes, 0};
}

bool chunks_broken(const chunks *c)
{
    return c->state == BROKEN;
}

bool chunks_ended(const chunks *c)
{
    return c->state == ENDED;
}
