/* Magic (4), sequence (5), time (10), check (1). */
#include "stamp.h"

#include <string.h>

enum { MAGIC = 4, SEQUENCE = 5, TIME = 10, CHECK = MAGIC + SEQUENCE + TIME };

static const char magic[MAGIC] = {'L', 'o', 'a', 'd'};

static void put(uint8_t *out, unsigned digits, uint64_t value)
{
    for (unsigned i = 0; i < digits; i++, value >>= 7)
        out[i] = value & 0x7f;
}

static uint64_t get(const uint8_t *in, unsigned digits)
{
    uint64_t value = 0;
    for (unsigned i = digits; i-- > 0;)
        value = value << 7 | in[i];
    return value;
}

static uint8_t check(const uint8_t *in)
{
    unsigned sum = 0;
    for (unsigned i = MAGIC; i < CHECK; i++)
        sum = sum * 3 + in[i];
    return sum & 0x7f;
}

void stamp_put(uint8_t *frame, stamp s)
{
    uint8_t *out = frame + MPEG_SIDE_END;
    memcpy(out, magic, MAGIC);
    put(out + MAGIC, SEQUENCE, s.sequence);
    put(out + MAGIC + SEQUENCE, TIME, s.written_us);
    out[CHECK] = check(out);
}

bool stamp_get(const uint8_t *frame, stamp *s)
{
    const uint8_t *in = frame + MPEG_SIDE_END;
    if (memcmp(in, magic, MAGIC) != 0 || in[CHECK] != check(in))
        return false;
    s->sequence = (uint32_t)get(in + MAGIC, SEQUENCE);
    s->written_us = get(in + MAGIC + SEQUENCE, TIME);
    return true;
}
