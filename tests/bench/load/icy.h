/* Takes title blocks out of the audio by counting alone, as players do. */
#ifndef LOAD_ICY_H
#define LOAD_ICY_H

#include "span.h"
#include "tally.h"

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint32_t metaint; /* 0: there are no blocks */
    uint32_t until_block;
    uint16_t block_length, block_read; /* behind the length byte */
    bool foreign;                      /* the block says something else than a title */
} icy;

void icy_begin(icy *i, uint32_t metaint);

/* The next audio; none when `in` is used up. A block that is no title counts as garbage. */
span icy_next(icy *i, span *in, counts *c);

#endif
