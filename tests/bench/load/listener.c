/* Wire, chunks off, title blocks off, frames: each stage hands on spans of the one buffer. */
#include "listener.h"

#include <unistd.h>

bool listener_over(const listener *l)
{
    return l->stage >= LISTENER_REFUSED;
}

static void leave(listener *l, listener_stage stage)
{
    l->stage = (uint8_t)stage;
    close(l->fd);
    l->fd = -1;
}

void listener_end(listener *l)
{
    leave(l, l->stage < LISTENER_ADMITTED ? LISTENER_FAILED : LISTENER_CLOSED);
}

static void admit(listener *l)
{
    head answer = l->head;
    if (answer.status != 200) {
        leave(l, LISTENER_REFUSED);
        return;
    }
    l->stage = LISTENER_ADMITTED;
    l->chunks = (chunks){.plain = !answer.chunked};
    icy_begin(&l->icy, answer.metaint);
    l->ear = (ear){0};
}

static void read_head(listener *l, span *received)
{
    head_state state = head_read(&l->head, received);
    if (state == HEAD_DONE)
        admit(l);
    else if (state == HEAD_BAD)
        leave(l, LISTENER_FAILED);
}

static bool hear_audio(listener *l, span body, tally *t)
{
    bool first = false;
    while (body.length > 0) {
        span audio = icy_next(&l->icy, &body, &t->counts);
        first = first || (audio.length > 0 && l->stage == LISTENER_ADMITTED);
        ear_hear(&l->ear, audio, t);
    }
    return first;
}

static bool hear_body(listener *l, span received, tally *t)
{
    bool first = false;
    t->counts.wire_bytes += received.length;
    while (received.length > 0 && !chunks_ended(&l->chunks) && !chunks_broken(&l->chunks))
        first = hear_audio(l, chunks_next(&l->chunks, &received), t) || first;
    if (first)
        l->stage = l->stalls ? LISTENER_STALLED : LISTENER_HEARING;
    if (chunks_broken(&l->chunks))
        t->counts.garbage_bytes += received.length + 1;
    if (chunks_broken(&l->chunks) || chunks_ended(&l->chunks))
        leave(l, LISTENER_CLOSED);
    return first;
}

bool listener_hear(listener *l, span received, tally *t)
{
    if (l->stage == LISTENER_ASKING)
        read_head(l, &received);
    if (l->stage < LISTENER_ADMITTED || listener_over(l) || received.length == 0)
        return false;
    return hear_body(l, received, t);
}
