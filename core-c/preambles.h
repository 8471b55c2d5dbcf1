/* The preambles of a ring: what a decoder must have been given before it can start at a position. */
#ifndef RC_PREAMBLES_H
#define RC_PREAMBLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PREAMBLES_KEPT 64

/* Bytes that all of them share: small ones are kept up to their number, large ones up to this. */
#define PREAMBLE_STORE_SIZE ((size_t)1 << 20)

typedef struct {
    uint64_t position; /* where its copy in the ring begins */
    size_t offset;     /* in the store, which is used round and round */
    uint32_t length;   /* 0: none is needed from position on */
} preamble;

/* Preambles are numbered from 1; number n sits at n % PREAMBLES_KEPT. */
typedef struct {
    preamble kept[PREAMBLES_KEPT];
    uint8_t *store;
    uint64_t first; /* oldest kept */
    uint64_t next;  /* the one to come: first == next means that there never was one */
} preamble_log;

bool preambles_open(preamble_log *log);
void preambles_close(preamble_log *log);

/* length is at most RC_PREAMBLE_MAX, position never behind the newest's. */
void preambles_set(preamble_log *log, uint64_t position, const uint8_t *data, uint32_t length);

/* From here on it is known what each position needs. */
uint64_t preambles_known_from(const preamble_log *log);

/* What must be sent before the audio from a position that is known; NULL when nothing must: also
 * where a preamble begins, because there it is in the audio. */
const preamble *preambles_before(const preamble_log *log, uint64_t position);

static inline const uint8_t *preambles_data(const preamble_log *log, const preamble *p)
{
    return log->store + p->offset;
}

#endif
