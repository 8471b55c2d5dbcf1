/* The one clock of all these programs, so that a stamp of one is a time to the other. */
#ifndef LOAD_CLOCK_H
#define LOAD_CLOCK_H

#include <stdint.h>

/* CLOCK_MONOTONIC in microseconds. */
uint64_t clock_us(void);

/* User and system time of this process in seconds. */
double clock_cpu_seconds(void);

uint64_t us_of_seconds(double seconds);

#endif
