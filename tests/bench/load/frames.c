/* The fill is never 0: a title block at a wrong place would go unnoticed among zeros. */
#include "frames.h"

#include "mpeg.h"
#include "stamp.h"

#include <stdbool.h>
#include <string.h>

#define FILL 0x55

static bool pads(frames *f)
{
    f->rest += 144000 * f->kbits % MPEG_RATE;
    if (f->rest < MPEG_RATE)
        return false;
    f->rest -= MPEG_RATE;
    return true;
}

size_t frames_next(frames *f, uint64_t now_us, uint8_t *out)
{
    mpeg_header_put(out, f->kbits, pads(f));
    uint32_t length = mpeg_frame_length(out);
    memset(out + 4, 0, MPEG_SIDE_END - 4);
    memset(out + MPEG_SIDE_END, FILL, length - MPEG_SIDE_END);
    stamp_put(out, (stamp){f->written++, now_us});
    return length;
}

uint64_t frames_us(uint64_t number)
{
    return number * MPEG_SAMPLES * 1000000 / MPEG_RATE;
}
