/* What a frame says about itself where a decoder does not look: behind its side information. Bytes
 * of seven bits, so that no stamp looks like a header. */
#ifndef LOAD_STAMP_H
#define LOAD_STAMP_H

#include "mpeg.h"

#include <stdbool.h>
#include <stdint.h>

#define STAMP_END (MPEG_SIDE_END + 20) /* of a frame; enough bytes to read its stamp */

typedef struct {
    uint32_t sequence;
    uint64_t written_us; /* clock_us() of the source */
} stamp;

void stamp_put(uint8_t *frame, stamp s);

/* False when the frame has none, or a broken one. */
bool stamp_get(const uint8_t *frame, stamp *s);

#endif
