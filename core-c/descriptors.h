/* What a process remembers about its descriptors: which are held by listeners, and which a search has ruled out. */
#ifndef RC_DESCRIPTORS_H
#define RC_DESCRIPTORS_H

#include "radiocore.h"

#include <stdbool.h>
#include <stdint.h>

#define DESCRIPTORS_MAX (1 << 20)

/* Where the number of open descriptors is not known, a search ends after this many in a row that are not connections:
 * new descriptors take the lowest free number, so open ones lie close together. */
#define GAP_MAX 1024

/* One bit per descriptor; pages are touched only as far as descriptors are in use. */
typedef uint64_t descriptor_set[DESCRIPTORS_MAX / 64];

struct rc_descriptors {
    descriptor_set held;   /* connections found or given to a listener, until released */
    descriptor_set others; /* connections that a search found to be another one: searched last, so that idle
                              connections are not queried again for each new one */
    int likely;            /* where the next connection probably is, if many arrive at once */
    uint32_t queries;      /* system calls of the last search or walk, for tests */
};

static inline bool descriptor_in(const descriptor_set set, int fd)
{
    return set[fd / 64] >> (fd % 64) & 1;
}

/* All 64 of the word that this one is in. */
static inline bool descriptors_all(const descriptor_set set, int fd)
{
    return set[fd / 64] == UINT64_MAX;
}

static inline void descriptor_add(descriptor_set set, int fd)
{
    set[fd / 64] |= UINT64_C(1) << (fd % 64);
}

static inline void descriptor_remove(descriptor_set set, int fd)
{
    set[fd / 64] &= ~(UINT64_C(1) << (fd % 64));
}

/* Both accept NULL, an fd out of range (such as NO_SOCKET), and being called twice. */
void descriptors_hold(rc_descriptors *d, int fd);
void descriptors_release(rc_descriptors *d, int fd);

#endif
