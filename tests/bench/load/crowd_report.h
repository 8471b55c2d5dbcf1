/* What a crowd has to say, as one line of JSON. */
#ifndef LOAD_CROWD_REPORT_H
#define LOAD_CROWD_REPORT_H

#include "crowd.h"

/* The crowd at one end of the measuring window. */
typedef struct {
    uint64_t at_us;
    double cpu_seconds;
    counts counts;
    size_t left;
} reading;

reading reading_of(const crowd *c);

void crowd_report(const crowd *c, const reading *from, const reading *to);

#endif
