/* A fixed table of listeners, the handles that name them, and the lists they are linked into. */
#ifndef RC_LISTENERS_H
#define RC_LISTENERS_H

#include "icy.h"

#include <stdbool.h>
#include <stdint.h>

#define LISTENERS_MAX (1u << 20) /* a handle has 20 bits for the index */
#define NO_LISTENER UINT32_MAX
#define NO_SOCKET (-1)

typedef enum { LEFT, LISTENING, BLOCKED, STALLED } listener_state;

typedef struct {
    icy_state stream;
    uint64_t sent;
    double blocked_ms; /* since when; meaningful when BLOCKED or STALLED */
    uint32_t next, previous;
    int32_t socket;      /* the caller's descriptor, or NO_SOCKET */
    uint16_t generation; /* 1 .. 2047 */
    uint8_t state;       /* listener_state */
    uint8_t slot;        /* where it waits its turn; meaningful when LISTENING */
    bool chunked;        /* its socket gets HTTP/1.1 chunked coding */
    bool begins;         /* nothing sent from its cursor yet: the preamble comes first */
    uint32_t delay_ms;   /* audio newer than this is not due yet */
} listener;

/* Linked through the table by index: no memory of its own, and O(1) removal. */
typedef struct {
    uint32_t first, last, count;
} listener_list;

typedef struct {
    listener *entries;
    uint32_t max;
    uint32_t touched;      /* indices below have been used; those above cost no memory yet */
    listener_list resting; /* left, longest rest first */
} listener_table;

bool listeners_open(listener_table *table, uint32_t max);
void listeners_close(listener_table *table);

/* Takes a free index; NO_LISTENER when the table is full. Its fields are the caller's to fill. */
uint32_t listeners_take(listener_table *table);

/* Gives an index back; every handle to it is stale from here on. */
void listeners_rest(listener_table *table, uint32_t index);

int32_t listeners_handle(const listener_table *table, uint32_t index);

/* The index a handle names; NO_LISTENER when that listener has left or never was. */
uint32_t listeners_find(const listener_table *table, int32_t handle);

#define EMPTY_LIST ((listener_list){NO_LISTENER, NO_LISTENER, 0})

/* Puts index behind `previous`, or in front when that is NO_LISTENER. */
void list_insert(listener_table *table, listener_list *list, uint32_t index, uint32_t previous);
void list_append(listener_table *table, listener_list *list, uint32_t index);
void list_remove(listener_table *table, listener_list *list, uint32_t index);

#endif
