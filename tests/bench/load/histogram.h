/* Durations in buckets of 0.1 ms up to 10 s; what is longer counts as the longest seen. */
#ifndef LOAD_HISTOGRAM_H
#define LOAD_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_BUCKETS 100000
#define HISTOGRAM_BUCKET_US 100

typedef struct {
    uint64_t count, longest_us;
    uint32_t buckets[HISTOGRAM_BUCKETS + 1];
} histogram;

void histogram_add(histogram *h, uint64_t us);

/* Milliseconds that this share (0 to 1) of them does not exceed, to a bucket; NaN of none. */
double histogram_ms(const histogram *h, double share);

#endif
