/* Level-triggered: one read per event, what is left comes with the next. */
#include "crowd.h"

#include "clock.h"
#include "sockets.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define BUFFER_BYTES (256 << 10)
#define EVENTS 1024
#define BEGUN_PER_TURN 256 /* before those that are there get their turn */

bool crowd_open(crowd *c, crowd_plan plan)
{
    *c = (crowd){.plan = plan, .pending = plan.asked, .poll = epoll_create1(0)};
    c->began_us = clock_us();
    c->tally = calloc(1, sizeof *c->tally);
    c->first_audio = calloc(1, sizeof *c->first_audio);
    c->joins = calloc(1, sizeof *c->joins);
    c->buffer = malloc(BUFFER_BYTES);
    c->listeners = calloc(plan.asked, sizeof *c->listeners);
    return c->tally && c->first_audio && c->joins && c->buffer && c->listeners;
}

void crowd_close(crowd *c)
{
    for (size_t i = 0; i < c->begun; i++)
        if (!listener_over(&c->listeners[i]))
            close(c->listeners[i].fd);
    free(c->listeners);
    free(c->buffer);
    free(c->joins);
    free(c->first_audio);
    free(c->tally);
    close(c->poll);
}

static void watch(crowd *c, int operation, size_t number, uint32_t events)
{
    struct epoll_event event = {.events = events, .data.u64 = number};
    epoll_ctl(c->poll, operation, c->listeners[number].fd, &event);
}

static void count_failure(crowd *c, int error)
{
    if (crowd_count(c, LISTENER_FAILED) == 0)
        c->failed_errno = error;
    c->pending--;
}

/* Spread evenly, so that they are of every age. */
static bool stalls(const crowd_plan *p, size_t number)
{
    return number * p->stalled / p->asked != (number + 1) * p->stalled / p->asked;
}

/* In a place that nobody has, or whose listener has left. */
static void begin(crowd *c, size_t number)
{
    listener *l = &c->listeners[number];
    const crowd_plan *p = &c->plan;
    *l = (listener){.stage = LISTENER_CONNECTING, .stalls = stalls(&c->plan, number)};
    l->began_us = clock_us();
    l->fd = sockets_begin(p->port, p->first_address + (uint32_t)number % p->addresses);
    if (l->fd >= 0) {
        watch(c, EPOLL_CTL_ADD, number, EPOLLOUT);
        return;
    }
    count_failure(c, errno);
    l->stage = LISTENER_FAILED;
}

static bool begins_by(const crowd *c, uint64_t now_us)
{
    double share = (double)c->begun / (double)c->plan.asked;
    return now_us >= c->began_us + us_of_seconds(share * c->plan.ramp_seconds);
}

static void begin_due(crowd *c)
{
    uint64_t now_us = clock_us();
    for (int i = 0; i < BEGUN_PER_TURN && c->begun < c->plan.asked && begins_by(c, now_us); i++)
        begin(c, c->begun++);
}

/* Half of them close as if they had read everything, the others reset: players do either. */
static void replace(crowd *c, size_t number)
{
    listener *l = &c->listeners[number];
    if (c->left++ % 2 == 0)
        sockets_leave(l->fd);
    else
        close(l->fd);
    c->pending++;
    begin(c, number);
}

void crowd_churn(crowd *c)
{
    if (c->plan.churn > 0)
        c->churn_us = clock_us();
}

void crowd_calm(crowd *c)
{
    c->churn_us = 0;
    c->measuring = false;
}

/* Those who are still waiting for their audio, or are over, keep their places. */
static void churn_due(crowd *c)
{
    if (c->churn_us == 0)
        return;
    double due = (double)(clock_us() - c->churn_us) / 1e6 * c->plan.churn;
    for (size_t tries = 0; tries < BEGUN_PER_TURN && (double)c->left < due; tries++) {
        size_t number = c->next;
        c->next = (number + 1) % c->begun;
        if (c->listeners[number].stage == LISTENER_HEARING)
            replace(c, number);
    }
}

static void end(crowd *c, listener *l, int error)
{
    bool was_pending = l->stage < LISTENER_HEARING;
    if (l->stage < LISTENER_ADMITTED)
        count_failure(c, error);
    else if (was_pending)
        c->pending--;
    listener_end(l);
}

static void ask(crowd *c, size_t number)
{
    listener *l = &c->listeners[number];
    int error = 0;
    socklen_t size = sizeof error;
    size_t length = strlen(c->plan.request);
    getsockopt(l->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0 || send(l->fd, c->plan.request, length, MSG_NOSIGNAL) != (ssize_t)length) {
        end(c, l, error != 0 ? error : errno);
        return;
    }
    l->stage = LISTENER_ASKING;
    watch(c, EPOLL_CTL_MOD, number, EPOLLIN);
}

static void note_first(crowd *c, size_t number)
{
    uint64_t now_us = c->tally->now_us;
    uint64_t waited_us = now_us - c->listeners[number].began_us;
    histogram_add(c->first_audio, waited_us);
    if (c->measuring)
        histogram_add(c->joins, waited_us);
    c->last_first_us = now_us;
    c->listeners[number].late = c->measuring;
    c->heard++;
    c->pending--;
    if (c->listeners[number].stage == LISTENER_STALLED)
        watch(c, EPOLL_CTL_MOD, number, EPOLLRDHUP);
}

/* Of one that was not over before. */
static void note_over(crowd *c, const listener *l, listener_stage before, uint16_t status)
{
    if (l->stage == LISTENER_FAILED)
        c->failed_errno = EPROTO;
    if (l->stage == LISTENER_REFUSED && c->refused_status == 0)
        c->refused_status = status;
    if (before < LISTENER_HEARING)
        c->pending--;
}

static void hear(crowd *c, size_t number, size_t length)
{
    listener *l = &c->listeners[number];
    listener_stage before = l->stage;
    c->tally->now_us = clock_us();
    c->tally->measuring = c->measuring && before == LISTENER_HEARING && !l->late;
    bool first = listener_hear(l, (span){c->buffer, length}, c->tally);
    if (first)
        note_first(c, number);
    else if (listener_over(l))
        note_over(c, l, before, l->head.status);
}

static void receive(crowd *c, size_t number)
{
    listener *l = &c->listeners[number];
    ssize_t length = recv(l->fd, c->buffer, BUFFER_BYTES, 0);
    if (length > 0)
        hear(c, number, (size_t)length);
    else if (length == 0)
        end(c, l, 0);
    else if (errno != EAGAIN && errno != EINTR)
        end(c, l, errno);
}

static void serve(crowd *c, const struct epoll_event *event)
{
    size_t number = (size_t)event->data.u64;
    listener_stage stage = c->listeners[number].stage;
    if (stage == LISTENER_CONNECTING)
        ask(c, number);
    else if (stage == LISTENER_STALLED)
        end(c, &c->listeners[number], 0);
    else
        receive(c, number);
}

/* Whoever is still to begin is not waited past. */
static int patience_ms(const crowd *c, int wait_ms)
{
    if (c->churn_us > 0)
        return 1;
    if (c->begun == c->plan.asked)
        return wait_ms;
    return begins_by(c, clock_us()) ? 0 : 1;
}

void crowd_turn(crowd *c, int wait_ms)
{
    struct epoll_event events[EVENTS];
    begin_due(c);
    churn_due(c);
    int count = epoll_wait(c->poll, events, EVENTS, patience_ms(c, wait_ms));
    for (int i = 0; i < count; i++)
        serve(c, &events[i]);
}

size_t crowd_count(const crowd *c, listener_stage stage)
{
    size_t count = 0;
    for (size_t i = 0; i < c->begun; i++)
        count += c->listeners[i].stage == stage;
    return count;
}
