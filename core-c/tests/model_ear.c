/* Every event is checked against the model alone: the core is asked for bytes only. */
#include "model_ear.h"

#include "chain.h"
#include "tap.h"

#include <string.h>

static const uint8_t *expect_block(const side *s, model_ear *e, const uint8_t *at)
{
    const char *text = model_title_at(&s->m, e->cursor);
    uint32_t units = 0;
    if (text && text != e->told) {
        units = (uint32_t)strlen(text) / 16 + 1;
        CHECK(memcmp(at + 1, text, strlen(text) + 1) == 0);
        e->told = text;
    }
    CHECK_EQ(*at, units);
    e->until = e->metaint;
    return at + 1 + units * 16;
}

static void expect_audio(side *s, model_ear *e, const rc_event *event, const uint8_t *start)
{
    const uint8_t *at = start;
    uint64_t end = model_send_end(&s->m, e->cursor, e->delay_ms);
    CHECK_EQ(event->kind == RC_SEND_ARENA, e->metaint > 0);
    while (e->cursor < end) {
        if (e->metaint > 0 && e->until == 0)
            at = expect_block(s, e, at);
        uint64_t length = end - e->cursor;
        if (e->metaint > 0 && length > e->until)
            length = e->until;
        CHECK(is_audio(at, e->cursor, (size_t)length));
        at += length;
        e->cursor += length;
        e->until -= e->metaint > 0 ? (uint32_t)length : 0;
    }
    CHECK_EQ(event->length, at - start);
}

static void expect_send(side *s, model_ear *e, const rc_event *event, const uint8_t *start)
{
    const model_preamble *p = e->begins ? model_preamble_before(&s->m, e->cursor) : NULL;
    CHECK(!e->blocked && e->cursor >= model_tail(&s->m) && e->cursor < model_due(&s->m, e->delay_ms));
    e->begins = false;
    e->sent += event->length;
    if (!p) {
        expect_audio(s, e, event, start);
        return;
    }
    CHECK_EQ(event->kind, RC_SEND_ARENA);
    CHECK_EQ(event->length, p->length);
    CHECK(is_preamble(start, p->number, event->length));
}

static void expect_lagged(side *s, model_ear *e, const rc_event *event)
{
    CHECK(!e->blocked && e->cursor < model_tail(&s->m));
    CHECK_EQ(event->length, model_resume(&s->m) - e->cursor);
    e->cursor = model_resume(&s->m);
    double most = (model_lag(&s->m, e->cursor) - 10) * 1000;
    if (e->delay_ms > most)
        e->delay_ms = most > 0 ? (uint32_t)most : 0;
    e->begins = true;
}

static void expect_stalled(model_ear *e, double now_ms)
{
    CHECK(e->blocked && !e->stalled && now_ms - e->since >= 10000);
    e->stalled = true;
}

void expect_event(side *s, model_ear *e, const rc_event *event, double now_ms)
{
    if (event->kind == RC_LAGGED)
        expect_lagged(s, e, event);
    else if (event->kind == RC_STALLED)
        expect_stalled(e, now_ms);
    else if (event->kind == RC_SEND_RING)
        expect_send(s, e, event, rc_ring_memory(s->ring) + event->offset);
    else
        expect_send(s, e, event, rc_broadcaster_arena(s->b) + event->offset);
}
