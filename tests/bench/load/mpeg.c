/* Free format and the reserved codes count as no header. */
#include "mpeg.h"

static const uint16_t KBITS[16] = {0,   32,  40,  48,  56,  64,  80,  96,
                                   112, 128, 160, 192, 224, 256, 320, 0};
static const uint32_t RATES[4] = {44100, 48000, 32000, 0};

bool mpeg_header_put(uint8_t *out, unsigned kbits, bool padded)
{
    for (unsigned code = 1; code < 15; code++) {
        if (KBITS[code] != kbits)
            continue;
        out[0] = 0xff;
        out[1] = 0xfb;
        out[2] = (uint8_t)(code << 4 | (padded ? 2u : 0u));
        out[3] = 0;
        return true;
    }
    return false;
}

uint32_t mpeg_frame_length(const uint8_t *header)
{
    if (header[0] != 0xff || (header[1] & 0xfe) != 0xfa)
        return 0;
    uint32_t kbits = KBITS[header[2] >> 4], rate = RATES[header[2] >> 2 & 3];
    if (kbits == 0 || rate == 0)
        return 0;
    return 144000 * kbits / rate + (header[2] >> 1 & 1u);
}
