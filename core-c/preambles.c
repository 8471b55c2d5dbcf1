/* The newest preambles of a ring, in a store of fixed size in which each overwrites the oldest. */
#include "preambles.h"

#include "debug.h"
#include "host/pages.h"
#include "radiocore.h"

#include <string.h>

_Static_assert(RC_PREAMBLE_MAX <= PREAMBLE_STORE_SIZE, "the store takes any preamble");

bool preambles_open(preamble_log *log)
{
    log->first = log->next = 1;
    log->store = pages_take(1, PREAMBLE_STORE_SIZE);
    return log->store != NULL;
}

void preambles_close(preamble_log *log)
{
    pages_free(log->store, 1, PREAMBLE_STORE_SIZE);
}

static bool is_empty(const preamble_log *log)
{
    return log->first == log->next;
}

static const preamble *get(const preamble_log *log, uint64_t number)
{
    return &log->kept[number % PREAMBLES_KEPT];
}

/* The preamble in force at the head; empty if there is none. */
static preamble newest(const preamble_log *log)
{
    return is_empty(log) ? (preamble){0} : *get(log, log->next - 1);
}

static bool same(const preamble_log *log, preamble p, const uint8_t *data, uint32_t length)
{
    return p.length == length &&
           (length == 0 || memcmp(preambles_data(log, &p), data, length) == 0);
}

static bool is_free(const preamble_log *log, size_t start, size_t end)
{
    for (uint64_t number = log->first; number < log->next; number++) {
        const preamble *p = get(log, number);
        if (p->offset < end && start < p->offset + p->length)
            return false;
    }
    return true;
}

/* A place behind the newest or at the start of the store; the oldest are forgotten until it is free
 * and has a number of its own. */
static size_t make_place(preamble_log *log, uint32_t length)
{
    preamble last = newest(log);
    size_t start = last.offset + last.length;
    if (start + length > PREAMBLE_STORE_SIZE)
        start = 0;
    while (log->next - log->first == PREAMBLES_KEPT || !is_free(log, start, start + length))
        log->first++;
    return start;
}

/* Repeating the newest changes nothing. If two share a position, the second replaces the first, which no
 * listener can have been sent: no cursor is past it yet. */
void preambles_set(preamble_log *log, uint64_t position, const uint8_t *data, uint32_t length)
{
    preamble last = newest(log);
    if (same(log, last, data, length))
        return;
    RC_ASSERT(last.position <= position);
    if (!is_empty(log) && last.position == position)
        log->next--;
    size_t offset = make_place(log, length);
    if (length > 0)
        memcpy(log->store + offset, data, length);
    log->kept[log->next++ % PREAMBLES_KEPT] = (preamble){position, offset, length};
}

uint64_t preambles_known_from(const preamble_log *log)
{
    return log->first > 1 ? get(log, log->first)->position : 0;
}

const preamble *preambles_before(const preamble_log *log, uint64_t position)
{
    RC_ASSERT(position >= preambles_known_from(log));
    for (uint64_t number = log->next; number-- > log->first;) {
        const preamble *p = get(log, number);
        if (p->position <= position)
            return p->position < position && p->length > 0 ? p : NULL;
    }
    return NULL;
}
