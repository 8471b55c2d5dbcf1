/* A block: its length in units of 16, then StreamTitle='...'; and zeros. */
#include "icy.h"

static const char opening[] = "StreamTitle='";

#define UNIT 16

void icy_begin(icy *i, uint32_t metaint)
{
    *i = (icy){.metaint = metaint, .until_block = metaint};
}

static void begin_block(icy *i, uint8_t units)
{
    i->block_length = (uint16_t)(units * UNIT);
    i->block_read = 0;
    i->foreign = false;
    i->until_block = i->metaint;
}

static void end_block(const icy *i, counts *c)
{
    if (i->foreign)
        c->garbage_bytes += i->block_length;
    else
        c->titles++;
}

static void read_block(icy *i, span *in, counts *c)
{
    span part = span_take(in, (size_t)(i->block_length - i->block_read));
    for (size_t at = i->block_read, k = 0; k < part.length && at < sizeof opening - 1; k++, at++)
        i->foreign = i->foreign || part.bytes[k] != (uint8_t)opening[at];
    i->block_read = (uint16_t)(i->block_read + part.length);
    if (i->block_read == i->block_length)
        end_block(i, c);
}

span icy_next(icy *i, span *in, counts *c)
{
    if (i->metaint == 0)
        return span_take(in, in->length);
    while (in->length > 0) {
        if (i->block_read < i->block_length) {
            read_block(i, in, c);
        } else if (i->until_block == 0) {
            begin_block(i, *span_take(in, 1).bytes);
        } else {
            span audio = span_take(in, i->until_block);
            i->until_block -= (uint32_t)audio.length;
            return audio;
        }
    }
    return (span){in->bytes, 0};
}
