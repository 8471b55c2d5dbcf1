/* The head of an answer, read as it comes: cut anywhere, of any length up to a limit. */
#ifndef LOAD_HEAD_H
#define LOAD_HEAD_H

#include "span.h"

#include <stdbool.h>
#include <stdint.h>

#define HEAD_LINE 48 /* what is kept of a line: the headers that matter are shorter */
#define HEAD_MAX 16384

typedef enum { HEAD_MORE, HEAD_DONE, HEAD_BAD } head_state;

typedef struct {
    uint32_t metaint; /* 0: no title blocks */
    uint16_t status;  /* 0 before the first line */
    uint16_t length;  /* of the head so far */
    uint8_t line_length;
    bool chunked;
    char line[HEAD_LINE];
} head;

/* Takes the head's bytes off `in`. */
head_state head_read(head *h, span *in);

#endif
