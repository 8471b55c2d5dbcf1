/* Nobody in a crowd ever stalls: only the schedule is looked at. */
#include "crowd.h"

#include "fixture.h"
#include "invariants.h"
#include "tap.h"

#include <math.h>

crowd crowd_open(uint32_t listeners, uint32_t events, double sends_per_second)
{
    crowd s = {.ring = rc_ring_new(1 << 20), .now = 1000};
    s.b = rc_broadcaster_new(s.ring, NULL, listeners, events);
    CHECK_EQ(rc_broadcaster_tune(s.b, 16384, sends_per_second, INFINITY), 0);
    for (uint32_t i = 0; i < listeners; i++)
        CHECK(rc_join(s.b, 0, 0, s.now) > 0);
    CHECK_EQ(rc_tick(s.b, s.now), 0);
    return s;
}

void crowd_close(crowd *s)
{
    check_invariants(s->b);
    rc_broadcaster_free(s->b);
    rc_ring_free(s->ring);
}

moment crowd_tick(crowd *s)
{
    moment m = {0};
    for (int32_t n = rc_tick(s->b, s->now); n > 0; n = rc_tick(s->b, s->now))
        for (int32_t i = 0; i < n; i++) {
            uint32_t length = rc_broadcaster_events(s->b)[i].length;
            m.sends++;
            m.bytes += length;
            m.longest = length > m.longest ? length : m.longest;
        }
    return m;
}

moment crowd_play(crowd *s)
{
    feed(s->ring, 1, FRAME, TICK_MS * 1000, RC_SYNC);
    s->now += TICK_MS;
    return crowd_tick(s);
}
