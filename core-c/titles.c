/* The newest titles of a ring, kept ready for the wire: encoded once, copied to each listener. */
#include "titles.h"

#include "debug.h"
#include "host/pages.h"

#include <string.h>

bool titles_open(title_log *log)
{
    log->newest = 0;
    log->kept = pages_take(TITLES_KEPT, sizeof *log->kept);
    return log->kept != NULL;
}

void titles_close(title_log *log)
{
    pages_free(log->kept, TITLES_KEPT, sizeof *log->kept);
}

static bool same_text(const title *t, const uint8_t *text, uint32_t length)
{
    return t->length == length && memcmp(t->block + 1, text, length) == 0;
}

static void encode(title *t, const uint8_t *text, uint32_t length)
{
    memset(t->block, 0, sizeof t->block);
    t->block[0] = (uint8_t)(length / TITLE_UNIT + 1);
    memcpy(t->block + 1, text, length);
    t->length = length;
}

/* Repeating the newest title changes nothing. If two share a position, the second replaces the first,
 * which applied to no byte and was sent to no listener. */
void titles_set(title_log *log, uint64_t position, const uint8_t *text, uint32_t length)
{
    const title *newest = titles_get(log, log->newest);
    if (log->newest > 0 && same_text(newest, text, length))
        return;
    if (log->newest == 0 || newest->position < position)
        log->newest++;
    title *t = &log->kept[log->newest % TITLES_KEPT];
    RC_ASSERT(t->position <= position);
    t->position = position;
    encode(t, text, length);
}

uint64_t titles_at(const title_log *log, uint64_t position)
{
    uint64_t oldest = log->newest > TITLES_KEPT ? log->newest - TITLES_KEPT + 1 : 1;
    for (uint64_t number = log->newest; number >= oldest; number--)
        if (titles_get(log, number)->position <= position)
            return number;
    return oldest > 1 ? oldest : 0;
}
