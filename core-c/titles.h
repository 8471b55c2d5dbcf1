/* The inline titles of a ring, each at the position it holds from. */
#ifndef RC_TITLES_H
#define RC_TITLES_H

#include <stdbool.h>
#include <stdint.h>

#define TITLES_KEPT 256

/* A block on the wire is one byte n, then n units of 16 bytes: text and at least one NUL. */
#define TITLE_UNIT 16
#define TITLE_TEXT_MAX (255 * TITLE_UNIT - 1)
#define TITLE_BLOCK_MAX (1 + 255 * TITLE_UNIT)

typedef struct {
    uint64_t position;
    uint32_t length; /* of the text */
    uint8_t block[TITLE_BLOCK_MAX];
} title;

/* Titles are numbered from 1; number n sits at n % TITLES_KEPT. */
typedef struct {
    title *kept;
    uint64_t newest; /* number; 0 when there never was one */
} title_log;

bool titles_open(title_log *log);
void titles_close(title_log *log);

/* length is 1 .. TITLE_TEXT_MAX, position never behind the newest title's. */
void titles_set(title_log *log, uint64_t position, const uint8_t *text, uint32_t length);

/* The number of the title that holds at position; when that one is forgotten the oldest kept; 0
 * when there was none yet. */
uint64_t titles_at(const title_log *log, uint64_t position);

static inline const title *titles_get(const title_log *log, uint64_t number)
{
    return &log->kept[number % TITLES_KEPT];
}

static inline uint32_t title_block_size(const title *t)
{
    return 1u + t->block[0] * (uint32_t)TITLE_UNIT;
}

#endif
