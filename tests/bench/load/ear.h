/* Hops from frame to frame and reads their stamps: it looks at the first STAMP_END bytes only. */
#ifndef LOAD_EAR_H
#define LOAD_EAR_H

#include "span.h"
#include "stamp.h"
#include "tally.h"

#include <stdbool.h>
#include <stdint.h>

/* All 0 before the first byte. */
typedef struct {
    uint32_t skip; /* bytes left of the frame being heard */
    uint32_t due;  /* the number of the next stamped frame */
    bool tuned;    /* it has heard one */
    bool astray;   /* the last hop did not land on a frame: only a stamp is believed */
    uint8_t held_length;
    uint8_t held[STAMP_END]; /* the beginning of a frame that the last span cut */
} ear;

void ear_hear(ear *e, span audio, tally *t);

#endif
