/* The frame index: a circular array sorted by position, by time and by sync frame at once. */
#include "frames.h"

#include "debug.h"
#include "host/pages.h"

#include <string.h>

bool frames_open(frame_index *index, uint64_t size)
{
    *index = (frame_index){.size = size, .first = 1, .next = 1, .since = 1};
    index->entries = pages_take((size_t)size, sizeof *index->entries);
    return index->entries != NULL;
}

void frames_close(frame_index *index)
{
    pages_free(index->entries, (size_t)index->size, sizeof *index->entries);
}

bool frames_resize(frame_index *index, uint64_t size)
{
    uint64_t(*entries)[FRAME_KEYS] = pages_take((size_t)size, sizeof *entries);
    if (!entries)
        return false;
    if (index->next - index->first > size)
        index->first = index->next - size;
    for (uint64_t number = index->first; number < index->next; number++)
        memcpy(entries[number % size], index->entries[number % index->size], sizeof *entries);
    frames_close(index);
    index->entries = entries;
    index->size = size;
    return true;
}

void frames_push(frame_index *index, uint64_t position, const rc_frame *frame)
{
    uint64_t number = index->next++;
    if (index->next - index->first > index->size)
        index->first++;
    if (frame->flags & RC_SYNC)
        index->sync = number;
    uint64_t *entry = index->entries[number % index->size];
    entry[FRAME_POSITION] = position;
    entry[FRAME_TIME] = index->end_us;
    entry[FRAME_SYNC] = index->sync;
    index->end_us += frame->duration_us;
}

void frames_break(frame_index *index)
{
    index->since = index->next;
}

void frames_drop(frame_index *index, uint64_t position)
{
    while (!frames_empty(index) && frames_key(index, FRAME_POSITION, index->first) < position)
        index->first++;
}

uint64_t frames_newest(const frame_index *index, enum frame_key key, uint64_t limit)
{
    uint64_t low = index->first, high = index->next;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (frames_key(index, key, middle) <= limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low - 1;
}

/* The oldest sync frame from `from` on: those before it refer to sync frames before `from`. */
static uint64_t sync_from(const frame_index *index, uint64_t from)
{
    uint64_t number = frames_newest(index, FRAME_SYNC, from - 1) + 1;
    RC_ASSERT(number == index->next || frames_key(index, FRAME_SYNC, number) == number);
    return number;
}

uint64_t frames_oldest_sync(const frame_index *index)
{
    return sync_from(index, index->first);
}

uint64_t frames_seek(const frame_index *index, double back_us)
{
    uint64_t from = index->since > index->first ? index->since : index->first;
    if (back_us <= (double)index->end_us) {
        uint64_t until = index->end_us - (uint64_t)back_us;
        uint64_t number = frames_newest(index, FRAME_TIME, until);
        if (number >= from && frames_key(index, FRAME_SYNC, number) >= from)
            return frames_key(index, FRAME_SYNC, number);
    }
    return sync_from(index, from);
}

double frames_byterate(const frame_index *index, uint64_t head, uint64_t window_us)
{
    if (frames_empty(index))
        return 0;
    uint64_t since = index->end_us > window_us ? index->end_us - window_us : 0;
    uint64_t number = frames_newest(index, FRAME_TIME, since);
    if (number < index->first)
        number = index->first;
    uint64_t micros = index->end_us - frames_key(index, FRAME_TIME, number);
    uint64_t bytes = head - frames_key(index, FRAME_POSITION, number);
    return micros > 0 ? (double)bytes * 1e6 / (double)micros : 0;
}
