/* What can happen to two mounts, and what must hold all the time. */
#include "histories.h"

#include "broadcaster.h"
#include "chain.h"
#include "invariants.h"
#include "model_ear.h"
#include "tap.h"

#include <stdio.h>
#include <string.h>

enum { SIDES = 2, EARS = 24 };

typedef struct {
    side sides[SIDES];
    model_ear ears[EARS];
    chance c;
    double now;
} world;

static void expect(world *w, int at, const rc_event *event)
{
    for (int i = 0; i < EARS; i++) {
        model_ear *e = &w->ears[i];
        if (e->handle == 0 || e->side != at || (uint32_t)e->handle != event->listener)
            continue;
        expect_event(&w->sides[at], e, event, w->now);
        return;
    }
    tap_failed(__FILE__, __LINE__, "an event for nobody");
}

/* ---- what can happen ---- */

static void do_write(world *w, side *s)
{
    rc_frame frames[40];
    uint32_t count = draw(&w->c, 40), sum = 0;
    uint32_t longest = draw(&w->c, 3) ? 1000 : draw(&w->c, 2) ? 60 : 20000;
    for (uint32_t i = 0; i < count; i++) {
        frames[i] = (rc_frame){1 + draw(&w->c, longest), draw(&w->c, 50000), draw(&w->c, 3) > 0};
        sum += frames[i].length;
    }
    if (sum > s->m.capacity)
        CHECK_EQ(write_frames(s->ring, frames, count), RC_EINVAL);
    else if (model_write(&s->m, frames, count))
        CHECK_EQ(write_frames(s->ring, frames, count), sum);
}

static void do_title(world *w, side *s)
{
    char text[40];
    snprintf(text, sizeof text, "%u%.*s", s->m.title_count / 2, (int)draw(&w->c, 20),
             "--------------------");
    CHECK_EQ(set_title(s->ring, text), 0);
    model_set_title(&s->m, text);
}

/* Some are repeated; some come many in a row, so that audio still held loses its own. */
static void do_preamble(world *w, side *s)
{
    uint32_t many = draw(&w->c, 12) ? 1 : 70;
    rc_frame frame = {40, 0, 0};
    for (uint32_t i = 0; i < many && s->m.preamble_count < MODEL_PREAMBLES; i++) {
        uint32_t number = draw(&w->c, 100), length = draw(&w->c, 5) ? 1 + draw(&w->c, 3000) : 0;
        CHECK_EQ(set_preamble(s->ring, number, length), 0);
        model_set_preamble(&s->m, number, length);
        if (draw(&w->c, 4) && model_write(&s->m, &frame, 1))
            CHECK_EQ(write_frames(s->ring, &frame, 1), 40);
        if (draw(&w->c, 4) == 0)
            CHECK_EQ(set_preamble(s->ring, number, length), 0);
    }
}

static void do_break(side *s)
{
    CHECK_EQ(rc_ring_break(s->ring), 0);
    model_break(&s->m);
}

/* What was overwritten does not come back. */
static void do_resize(world *w, side *s)
{
    model_tail(&s->m);
    CHECK_EQ(rc_ring_resize(s->ring, 4096.0 * (3 + draw(&w->c, 80))), 0);
    s->m.capacity = (uint64_t)rc_ring_capacity(s->ring);
}

static void do_join(world *w, model_ear *e)
{
    static const uint32_t metaints[] = {0, 0, 1, 16, 100, 417, 1000, 16000};
    int at = (int)draw(&w->c, SIDES);
    uint32_t back_ms = draw(&w->c, 3000);
    *e = (model_ear){.side = at, .metaint = metaints[draw(&w->c, 8)], .begins = true};
    e->until = e->metaint;
    e->cursor = model_seek(&w->sides[at].m, back_ms * 1000u);
    e->delay_ms = draw(&w->c, 4) ? 0 : draw(&w->c, 2000);
    if (e->delay_ms == 0)
        e->handle = rc_join(w->sides[at].b, back_ms / 1000.0, e->metaint, w->now);
    else
        e->handle = rc_join_at(w->sides[at].b, (double)e->cursor, e->metaint, 0,
                               e->delay_ms / 1000.0, w->now);
    CHECK(e->handle > 0);
}

static void do_leave(world *w, model_ear *e)
{
    CHECK_EQ(rc_leave(w->sides[e->side].b, e->handle), 0);
    CHECK_EQ(rc_leave(w->sides[e->side].b, e->handle), RC_ESTALE);
    e->handle = 0;
}

static void do_move(world *w, model_ear *e)
{
    int to = (int)draw(&w->c, SIDES);
    int32_t old = e->handle;
    e->handle = rc_move(w->sides[e->side].b, old, w->sides[to].b, w->now);
    CHECK(e->handle > 0);
    CHECK_EQ(rc_leave(w->sides[e->side].b, old), RC_ESTALE);
    e->side = to;
    e->cursor = model_entry(&w->sides[to].m);
    e->delay_ms = 0;
    e->begins = true;
    e->told = NULL;
}

static void do_block(world *w, model_ear *e)
{
    bool blocked = draw(&w->c, 3) > 0;
    CHECK_EQ(rc_blocked(w->sides[e->side].b, e->handle, blocked, w->now), 0);
    if (blocked && !e->blocked)
        e->since = w->now;
    e->stalled = e->stalled && blocked;
    e->blocked = blocked;
}

static void work_off(world *w, int at, int32_t n)
{
    CHECK(n >= 0 && (uint32_t)n <= w->sides[at].b->event_max);
    for (int32_t i = 0; i < n; i++)
        expect(w, at, &rc_broadcaster_events(w->sides[at].b)[i]);
}

static void do_take(world *w, model_ear *e)
{
    work_off(w, e->side, rc_take(w->sides[e->side].b, e->handle, w->now));
}

/* Some ticks are broken off: what was not asked for must come later. */
static void do_tick(world *w)
{
    int at = (int)draw(&w->c, SIDES);
    uint32_t calls = 1 + draw(&w->c, 4);
    w->now += draw(&w->c, 300);
    for (int32_t n = 1; n > 0 && calls > 0; calls--) {
        n = rc_tick(w->sides[at].b, w->now);
        work_off(w, at, n);
    }
}

static bool is_up_to_date(world *w, const model_ear *e)
{
    return e->cursor >= model_due(&w->sides[e->side].m, e->delay_ms);
}

/* After a long while everyone is up to date, and everyone blocked for long has been told so. */
static void do_long_tick(world *w, int at)
{
    w->now += 12000;
    for (int32_t n = rc_tick(w->sides[at].b, w->now); n > 0; n = rc_tick(w->sides[at].b, w->now))
        work_off(w, at, n);
    for (int i = 0; i < EARS; i++)
        if (w->ears[i].handle != 0 && w->ears[i].side == at)
            CHECK(w->ears[i].blocked ? w->ears[i].stalled : is_up_to_date(w, &w->ears[i]));
}

static void do_something_to(world *w, model_ear *e)
{
    uint32_t what = draw(&w->c, 20);
    if (e->handle == 0)
        do_join(w, e);
    else if (what == 0)
        do_leave(w, e);
    else if (what <= 2)
        do_move(w, e);
    else if (what <= 10)
        do_block(w, e);
    else
        do_take(w, e);
}

/* ---- what must hold all the time ---- */

static void check_side(world *w, side *s)
{
    uint32_t back_ms = draw(&w->c, 5000);
    uint64_t anywhere =
        s->m.head > 0 ? draw(&w->c, (uint32_t)s->m.capacity * 2) + s->m.frames[0].position : 0;
    CHECK_EQ(rc_ring_head(s->ring), s->m.head);
    CHECK_EQ(rc_ring_tail(s->ring), model_tail(&s->m));
    CHECK_EQ(rc_ring_seek(s->ring, back_ms / 1000.0), model_seek(&s->m, back_ms * 1000u));
    CHECK_EQ(rc_ring_lag(s->ring, (double)anywhere), model_lag(&s->m, anywhere));
    check_invariants(s->b);
}

static void check_ear(world *w, const model_ear *e)
{
    rc_listener info;
    if (e->handle == 0)
        return;
    CHECK_EQ(rc_inspect(w->sides[e->side].b, e->handle, &info), 0);
    CHECK_EQ(info.cursor, e->cursor);
    CHECK_EQ(info.sent_bytes, e->sent);
    double lag = model_lag(&w->sides[e->side].m, e->cursor) - e->delay_ms / 1000.0;
    CHECK_EQ(info.lag_seconds, lag > 0 ? lag : 0);
    CHECK_EQ(info.delay_seconds, e->delay_ms / 1000.0);
    CHECK(e->blocked ? info.blocked_millis <= w->now - e->since : info.blocked_millis == 0);
}

static void step(world *w)
{
    side *s = &w->sides[draw(&w->c, SIDES)];
    uint32_t what = draw(&w->c, 46);
    if (what < 10)
        do_write(w, s);
    else if (what == 45)
        do_resize(w, s);
    else if (what == 44)
        CHECK_EQ(rc_broadcaster_at_once(s->b, (int32_t)draw(&w->c, 2)), 0);
    else if (what >= 41)
        do_preamble(w, s);
    else if (what == 40)
        do_break(s);
    else if (what < 15)
        do_title(w, s);
    else if (what < 32)
        do_something_to(w, &w->ears[draw(&w->c, EARS)]);
    else if (what < 39)
        do_tick(w);
    else
        do_long_tick(w, (int)draw(&w->c, SIDES));
    check_side(w, s);
    check_ear(w, &w->ears[draw(&w->c, EARS)]);
}

static void side_open(side *s, uint64_t start, double capacity, uint32_t events)
{
    s->ring = rc_ring_new(capacity);
    s->m.capacity = (uint64_t)rc_ring_capacity(s->ring);
    s->m.head = start;
    ring_start_at(s->ring, start);
    s->b = rc_broadcaster_new(s->ring, NULL, EARS + 1, events);
    CHECK_EQ(rc_broadcaster_tune(s->b, 16384, 100, 10), 0);
}

void history(chance c, uint32_t steps)
{
    static world w;
    memset(&w, 0, sizeof w);
    w.c = c;
    side_open(&w.sides[0], ((uint64_t)1 << 32) - 100000, 3 * 4096, 3);
    side_open(&w.sides[1], (uint64_t)1 << 45, 300000, 1 + draw(&w.c, 40));
    for (uint32_t i = 0; i < steps && !is_spent(&w.c); i++)
        step(&w);
    for (int i = 0; i < SIDES; i++) {
        do_long_tick(&w, i);
        rc_broadcaster_free(w.sides[i].b);
        rc_ring_free(w.sides[i].ring);
    }
}
