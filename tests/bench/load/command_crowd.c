/* Arrive, settle, warm up, measure: each step has its deadline. */
#include "clock.h"
#include "commands.h"
#include "crowd.h"
#include "crowd_report.h"
#include "options.h"
#include "sockets.h"
#include "stop.h"

#include <math.h>
#include <stdio.h>

#define REQUEST_MAX 1024
#define WAIT_MS 20

typedef struct {
    double port, listeners, stalled, ramp, settle, calm, warmup, seconds;
    double churn, first_address, addresses;
    const char *path;
    bool icy, http10;
} wishes;

static bool read_wishes(wishes *w, char **words)
{
    *w = (wishes){.path = "/stream", .listeners = 1, .settle = 30, .warmup = 1, .seconds = 10};
    w->first_address = 1;
    const option table[] = {
        {"port", OPTION_NUMBER, &w->port, 1, 65535},
        {"path", OPTION_TEXT, &w->path, 0, 0},
        {"listeners", OPTION_NUMBER, &w->listeners, 1, 1e6},
        {"stalled", OPTION_NUMBER, &w->stalled, 0, 1e6},
        {"icy", OPTION_FLAG, &w->icy, 0, 0},
        {"http10", OPTION_FLAG, &w->http10, 0, 0},
        {"ramp-seconds", OPTION_NUMBER, &w->ramp, 0, 3600},
        {"settle-seconds", OPTION_NUMBER, &w->settle, 0, 3600},
        {"calm", OPTION_NUMBER, &w->calm, 0, 3600},
        {"churn", OPTION_NUMBER, &w->churn, 0, 1e5},
        {"first-address", OPTION_NUMBER, &w->first_address, 1, 1e6},
        {"addresses", OPTION_NUMBER, &w->addresses, 1, 1e6},
        {"warmup", OPTION_NUMBER, &w->warmup, 0, 3600},
        {"seconds", OPTION_NUMBER, &w->seconds, 0, 86400},
    };
    if (!options_read(words, table, sizeof table / sizeof *table))
        return false;
    bool possible = w->port > 0 && w->stalled <= w->listeners;
    if (!possible)
        fprintf(stderr, "load crowd: give a --port, and no more --stalled than --listeners\n");
    return possible && sockets_fit((size_t)w->listeners);
}

static bool write_request(const wishes *w, char *out)
{
    int length = snprintf(out, REQUEST_MAX,
                          "GET %s HTTP/1.%d\r\nHost: 127.0.0.1:%d\r\nUser-Agent: load\r\n%s\r\n",
                          w->path, w->http10 ? 0 : 1, (int)w->port, w->icy ? "Icy-MetaData: 1\r\n" : "");
    return length > 0 && length < REQUEST_MAX;
}

/* Until everybody has heard or is over, or the deadline. */
static void settle(crowd *c, double seconds)
{
    uint64_t deadline_us = clock_us() + us_of_seconds(seconds);
    while (!stop_asked() && c->pending > 0 && clock_us() < deadline_us)
        crowd_turn(c, WAIT_MS);
}

static void turn_for(crowd *c, double seconds)
{
    uint64_t end_us = clock_us() + us_of_seconds(seconds), now_us;
    while (!stop_asked() && (now_us = clock_us()) < end_us) {
        uint64_t left_ms = (end_us - now_us) / 1000;
        crowd_turn(c, left_ms < WAIT_MS ? (int)left_ms : WAIT_MS);
    }
}

/* The runner samples the server at these lines. */
static reading tell(const crowd *c, const char *event)
{
    reading r = reading_of(c);
    printf("{\"event\":\"%s\"}\n", event);
    fflush(stdout);
    return r;
}

static void measure(crowd *c, const wishes *w)
{
    settle(c, w->ramp + w->settle);
    tell(c, "settled");
    turn_for(c, w->calm);
    crowd_churn(c);
    turn_for(c, w->warmup);
    reading from = tell(c, "window");
    c->measuring = true;
    turn_for(c, w->seconds);
    reading to = tell(c, "end");
    crowd_calm(c);
    if (w->churn > 0)
        settle(c, w->settle);
    crowd_report(c, &from, &to);
}

static int verdict(const crowd *c)
{
    if (c->tally->counts.frames > 0)
        return 0;
    fprintf(stderr, "load crowd: nobody heard a stamped frame: does `load source` play there?\n");
    return 1;
}

/* As many addresses as it takes, unless it is said how many. */
static crowd_plan plan_of(const wishes *w, const char *request)
{
    double addresses = w->addresses > 0 ? w->addresses : 1 + floor(w->listeners / SOCKETS_PER_ADDRESS);
    return (crowd_plan){
        .port = (uint16_t)w->port,
        .request = request,
        .asked = (size_t)w->listeners,
        .stalled = (size_t)w->stalled,
        .ramp_seconds = w->ramp,
        .first_address = (uint32_t)w->first_address,
        .addresses = (uint32_t)addresses,
        .churn = w->churn,
    };
}

int command_crowd(char **words)
{
    wishes w;
    char request[REQUEST_MAX];
    crowd c;
    if (!read_wishes(&w, words) || !write_request(&w, request))
        return 2;
    if (!crowd_open(&c, plan_of(&w, request))) {
        fprintf(stderr, "load crowd: no memory for so many listeners\n");
        return 2;
    }
    measure(&c, &w);
    int code = verdict(&c);
    crowd_close(&c);
    return code;
}
