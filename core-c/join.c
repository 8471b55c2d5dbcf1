/* Where a listener begins: at the burst, at a position, or behind what others have sent it. */
#include "broadcaster.h"

int32_t rc_join(rc_broadcaster *b, double burst_seconds, uint32_t metaint, double now_ms)
{
    if (!b || !(burst_seconds >= 0))
        return RC_EINVAL;
    broadcaster_clock(b, now_ms);
    listener l = {.state = LISTENING, .begins = true, .socket = NO_SOCKET};
    l.stream.cursor = ring_seek(b->ring, burst_seconds);
    l.stream.metaint = l.stream.until_block = metaint;
    return broadcaster_admit(b, &l);
}

static bool is_held(const rc_ring *ring, double position)
{
    return position >= (double)ring_tail(ring) && position <= (double)ring->head;
}

int32_t rc_join_at(rc_broadcaster *b, double position, uint32_t metaint, uint32_t sent,
                   double delay_seconds, double now_ms)
{
    if (!b || !is_held(b->ring, position))
        return RC_EINVAL;
    if (!(delay_seconds >= 0 && delay_seconds <= RC_DELAY_MAX))
        return RC_EINVAL;
    broadcaster_clock(b, now_ms);
    listener l = {.state = LISTENING, .begins = sent == 0, .socket = NO_SOCKET, .sent = sent};
    l.stream.cursor = (uint64_t)position;
    l.delay_ms = (uint32_t)(delay_seconds * 1000);
    l.stream.metaint = l.stream.until_block = metaint;
    l.sent += icy_count(&l.stream, 0, sent);
    int32_t handle = broadcaster_admit(b, &l);
    if (handle >= 0)
        b->sent += l.sent;
    return handle;
}

int32_t rc_replace(rc_broadcaster *b, int32_t handle, double position, uint32_t sent)
{
    if (!b || !is_held(b->ring, position))
        return RC_EINVAL;
    uint32_t index = listeners_find(&b->listeners, handle);
    if (index == NO_LISTENER)
        return RC_ESTALE;
    listener *l = &b->listeners.entries[index];
    if (l->state != LISTENING || position < (double)l->stream.cursor)
        return RC_EINVAL;
    uint32_t before = l->stream.metaint - l->stream.until_block;
    uint32_t blocks = icy_count(&l->stream, before, sent);
    l->begins = false;
    l->stream.cursor = (uint64_t)position;
    l->sent += (uint64_t)sent + blocks;
    b->sent += (uint64_t)sent + blocks;
    return (int32_t)before;
}
