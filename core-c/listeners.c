/* The listener table: indices are reused late and generations distinguish old handles from new ones. */
#include "listeners.h"

#include "debug.h"
#include "host/pages.h"

#define INDEX_BITS 20
#define INDEX_MASK (LISTENERS_MAX - 1)
#define GENERATION_MAX 2047 /* 11 bits, so that a handle is never negative */

/* While the table has fresh ones, indices rest until this many do: a handle then comes back after
 * RESTING_MIN x GENERATION_MAX further leaves, at the price of a little memory. */
#define RESTING_MIN 256

bool listeners_open(listener_table *table, uint32_t max)
{
    table->max = max;
    table->touched = 0;
    table->resting = EMPTY_LIST;
    table->entries = pages_take(max, sizeof *table->entries);
    return table->entries != NULL;
}

void listeners_close(listener_table *table)
{
    pages_free(table->entries, table->max, sizeof *table->entries);
}

uint32_t listeners_take(listener_table *table)
{
    listener_list *resting = &table->resting;
    bool fresh = table->touched < table->max && resting->count < RESTING_MIN;
    if (!fresh && resting->count == 0)
        return NO_LISTENER;
    uint32_t index = fresh ? table->touched++ : resting->first;
    if (fresh)
        table->entries[index].generation = 1;
    else
        list_remove(table, resting, index);
    return index;
}

void listeners_rest(listener_table *table, uint32_t index)
{
    listener *l = &table->entries[index];
    l->generation = l->generation == GENERATION_MAX ? 1 : (uint16_t)(l->generation + 1);
    l->state = LEFT;
    list_append(table, &table->resting, index);
}

int32_t listeners_handle(const listener_table *table, uint32_t index)
{
    return (int32_t)((uint32_t)table->entries[index].generation << INDEX_BITS | index);
}

uint32_t listeners_find(const listener_table *table, int32_t handle)
{
    if (handle < 0)
        return NO_LISTENER;
    uint32_t index = (uint32_t)handle & INDEX_MASK;
    if (index >= table->touched || table->entries[index].state == LEFT)
        return NO_LISTENER;
    return listeners_handle(table, index) == handle ? index : NO_LISTENER;
}

/* The link that points at what follows `index` in the list: the list's own when there is none. */
static uint32_t *link_after(listener_table *table, listener_list *list, uint32_t index)
{
    return index == NO_LISTENER ? &list->first : &table->entries[index].next;
}

static uint32_t *link_before(listener_table *table, listener_list *list, uint32_t index)
{
    return index == NO_LISTENER ? &list->last : &table->entries[index].previous;
}

void list_insert(listener_table *table, listener_list *list, uint32_t index, uint32_t previous)
{
    uint32_t next = *link_after(table, list, previous);
    table->entries[index].previous = previous;
    table->entries[index].next = next;
    *link_after(table, list, previous) = index;
    *link_before(table, list, next) = index;
    list->count++;
}

void list_append(listener_table *table, listener_list *list, uint32_t index)
{
    list_insert(table, list, index, list->last);
}

void list_remove(listener_table *table, listener_list *list, uint32_t index)
{
    RC_ASSERT(list->count > 0);
    uint32_t previous = table->entries[index].previous;
    uint32_t next = table->entries[index].next;
    *link_after(table, list, previous) = next;
    *link_before(table, list, next) = previous;
    list->count--;
}
