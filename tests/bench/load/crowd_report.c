/* What was never measured is null. */
#include "crowd_report.h"

#include "clock.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

reading reading_of(const crowd *c)
{
    return (reading){clock_us(), clock_cpu_seconds(), c->tally->counts, c->left};
}

static void number(const char *name, uint64_t value)
{
    printf(",\"%s\":%" PRIu64, name, value);
}

static void real(const char *name, double value)
{
    if (isnan(value))
        printf(",\"%s\":null", name);
    else
        printf(",\"%s\":%.3f", name, value);
}

static void fates(const crowd *c)
{
    size_t refused = crowd_count(c, LISTENER_REFUSED), failed = crowd_count(c, LISTENER_FAILED);
    size_t waiting = crowd_count(c, LISTENER_CONNECTING) + crowd_count(c, LISTENER_ASKING);
    size_t stalled_closed = 0;
    for (size_t i = 0; i < c->begun; i++)
        stalled_closed += c->listeners[i].stage == LISTENER_CLOSED && c->listeners[i].stalls;
    number("asked", c->plan.asked + c->left);
    number("connected", c->begun + c->left - refused - failed - waiting);
    number("heard", c->heard);
    number("waiting", waiting + c->plan.asked - c->begun);
    number("refused", refused);
    number("refused_status", c->refused_status);
    number("failed", failed);
    number("closed", crowd_count(c, LISTENER_CLOSED) - stalled_closed);
    number("stalled", crowd_count(c, LISTENER_STALLED) + stalled_closed);
    number("stalled_closed", stalled_closed);
}

static void arrival(const crowd *c)
{
    bool all = c->heard == c->plan.asked + c->left;
    real("first_audio_p50_ms", histogram_ms(c->first_audio, 0.5));
    real("first_audio_p99_ms", histogram_ms(c->first_audio, 0.99));
    real("first_audio_max_ms", histogram_ms(c->first_audio, 1));
    real("all_audio_ms", all ? (double)(c->last_first_us - c->began_us) / 1000 : NAN);
}

static void window(const reading *from, const reading *to)
{
    const counts *a = &from->counts, *b = &to->counts;
    real("window_seconds", (double)(to->at_us - from->at_us) / 1e6);
    real("own_cpu_seconds", to->cpu_seconds - from->cpu_seconds);
    number("wire_bytes", b->wire_bytes - a->wire_bytes);
    number("audio_bytes", b->audio_bytes - a->audio_bytes);
    number("frames", b->frames - a->frames);
    number("lost_frames", b->lost_frames - a->lost_frames);
    number("lost_bytes", b->lost_bytes - a->lost_bytes);
    number("repeated_frames", b->repeated_frames - a->repeated_frames);
    number("unstamped_frames", b->unstamped_frames - a->unstamped_frames);
    number("garbage_bytes", b->garbage_bytes - a->garbage_bytes);
    number("titles", b->titles - a->titles);
}

/* Of those who came and went in the window. */
static void coming(const crowd *c, const reading *from, const reading *to)
{
    number("left", to->left - from->left);
    number("joined", c->joins->count);
    real("join_p50_ms", histogram_ms(c->joins, 0.5));
    real("join_p99_ms", histogram_ms(c->joins, 0.99));
    real("join_max_ms", histogram_ms(c->joins, 1));
}

static void latency(const histogram *h)
{
    real("latency_p50_ms", histogram_ms(h, 0.5));
    real("latency_p90_ms", histogram_ms(h, 0.9));
    real("latency_p99_ms", histogram_ms(h, 0.99));
    real("latency_max_ms", histogram_ms(h, 1));
}

/* From the first connect() to the end: the ramp too must lose nothing. */
static void whole_run(const counts *c)
{
    number("run_frames", c->frames);
    number("run_lost_frames", c->lost_frames);
    number("run_repeated_frames", c->repeated_frames);
    number("run_unstamped_frames", c->unstamped_frames);
    number("run_garbage_bytes", c->garbage_bytes);
    number("run_lead_bytes", c->lead_bytes);
    number("run_titles", c->titles);
}

void crowd_report(const crowd *c, const reading *from, const reading *to)
{
    printf("{\"event\":\"report\"");
    fates(c);
    arrival(c);
    window(from, to);
    coming(c, from, to);
    latency(&c->tally->latency);
    whole_run(&to->counts);
    printf("}\n");
    if (crowd_count(c, LISTENER_FAILED) > 0)
        fprintf(stderr, "load crowd: the first that failed: %s\n",
                c->failed_errno ? strerror(c->failed_errno) : "closed before its answer");
}
