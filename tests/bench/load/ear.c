/* While astray, or before its first frame, an ear looks for a header with a stamp behind it. */
#include "ear.h"

#include <string.h>

static void count_stamped(ear *e, stamp s, uint32_t length, tally *t)
{
    counts *c = &t->counts;
    uint32_t gap = s.sequence - e->due;
    if (e->tuned && gap > INT32_MAX) {
        c->repeated_frames++;
    } else if (e->tuned && gap > 0) {
        c->lost_frames += gap;
        c->lost_bytes += (uint64_t)gap * length;
    }
    c->frames++;
    e->due = s.sequence + 1;
    e->tuned = true;
    e->astray = false;
    if (t->measuring)
        histogram_add(&t->latency, t->now_us > s.written_us ? t->now_us - s.written_us : 0);
}

/* How far the next byte is that may begin a frame. */
static uint32_t stray(ear *e, const uint8_t *opening, counts *c)
{
    const uint8_t *next = memchr(opening + 1, 0xff, STAMP_END - 1);
    uint32_t distance = next ? (uint32_t)(next - opening) : STAMP_END;
    *(e->tuned ? &c->garbage_bytes : &c->lead_bytes) += distance;
    e->astray = true;
    return distance;
}

/* How far it is from a frame's first STAMP_END bytes to the next frame. */
static uint32_t hop(ear *e, const uint8_t *opening, tally *t)
{
    stamp s;
    uint32_t length = mpeg_frame_length(opening);
    if (length > 0 && stamp_get(opening, &s)) {
        count_stamped(e, s, length, t);
        return length;
    }
    if (length == 0 || e->astray || !e->tuned)
        return stray(e, opening, &t->counts);
    t->counts.unstamped_frames++;
    return length;
}

/* The beginning of a frame whose end is in another span. */
static void hold(ear *e, span *audio, tally *t)
{
    span part = span_take(audio, (size_t)(STAMP_END - e->held_length));
    memcpy(e->held + e->held_length, part.bytes, part.length);
    e->held_length = (uint8_t)(e->held_length + part.length);
    if (e->held_length < STAMP_END)
        return;
    uint32_t distance = hop(e, e->held, t);
    uint32_t kept = distance < STAMP_END ? STAMP_END - distance : 0;
    memmove(e->held, e->held + STAMP_END - kept, kept);
    e->held_length = (uint8_t)kept;
    e->skip = distance + kept - STAMP_END;
}

void ear_hear(ear *e, span audio, tally *t)
{
    t->counts.audio_bytes += audio.length;
    while (audio.length > 0) {
        e->skip -= (uint32_t)span_take(&audio, e->skip).length;
        if (audio.length == 0)
            return;
        if (e->held_length > 0 || audio.length < STAMP_END)
            hold(e, &audio, t);
        else
            e->skip = hop(e, audio.bytes, t);
    }
}
