/* The reader keeps no state between blocks but the count of audio bytes. */
#include "reader.h"

#include "invariants.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>

reading read_stream(const ear *e, uint32_t metaint)
{
    size_t most = e->length / (metaint + 1) + 1;
    reading r = {malloc(e->length + 1), 0, calloc(most, sizeof(block)), 0};
    uint32_t until = metaint;
    for (size_t i = 0; r.audio && r.blocks && i < e->length;) {
        if (until > 0) {
            r.audio[r.audio_length++] = e->bytes[i++];
            until--;
            continue;
        }
        size_t size = e->bytes[i] * 16u;
        CHECK(i + 1 + size <= e->length);
        uint32_t text = 0;
        while (text < size && e->bytes[i + 1 + text] != 0)
            text++;
        for (size_t pad = text; pad < size; pad++)
            CHECK(e->bytes[i + 1 + pad] == 0);
        CHECK(size == 0 || text < size);
        CHECK(size == 0 || text / 16 + 1 == size / 16);
        CHECK(r.count < most);
        r.blocks[r.count++] = (block){r.audio_length, text, e->bytes + i + 1};
        i += 1 + size;
        until = metaint;
    }
    return r;
}

void reading_close(reading *r)
{
    free(r->audio);
    free(r->blocks);
}

bool says(const block *b, const char *text)
{
    return b->length == strlen(text) && memcmp(b->text, text, b->length) == 0;
}

stage stage_open(void)
{
    stage s = {.ring = rc_ring_new(1 << 20)};
    s.b = eager(s.ring, 16, 8);
    return s;
}

void play(stage *s, uint32_t bytes, ear *ears, size_t count)
{
    feed_mp3(s->ring, 1, bytes);
    ear_tick(s->b, s->ring, ++s->now, ears, count);
}

void take_all(stage *s, ear *e)
{
    for (int32_t n = rc_take(s->b, e->handle, s->now); n > 0; n = rc_take(s->b, e->handle, s->now))
        ear_events(s->b, s->ring, n, e, 1);
}

void stage_close(stage *s, ear *ears, size_t count)
{
    check_invariants(s->b);
    for (size_t i = 0; i < count; i++)
        ear_close(&ears[i]);
    rc_broadcaster_free(s->b);
    rc_ring_free(s->ring);
}
