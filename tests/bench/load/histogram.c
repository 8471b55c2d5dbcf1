/* A share is answered with the upper edge of its bucket. */
#include "histogram.h"

#include <math.h>

void histogram_add(histogram *h, uint64_t us)
{
    uint64_t bucket = us / HISTOGRAM_BUCKET_US;
    h->buckets[bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS]++;
    h->count++;
    if (us > h->longest_us)
        h->longest_us = us;
}

static double upper_ms(const histogram *h, uint64_t bucket)
{
    uint64_t edge_us = (bucket + 1) * HISTOGRAM_BUCKET_US;
    if (bucket == HISTOGRAM_BUCKETS || edge_us > h->longest_us)
        edge_us = h->longest_us;
    return (double)edge_us / 1000;
}

double histogram_ms(const histogram *h, double share)
{
    if (h->count == 0)
        return NAN;
    double wanted = share * (double)h->count;
    uint64_t seen = 0;
    for (uint64_t bucket = 0; bucket <= HISTOGRAM_BUCKETS; bucket++)
        if ((double)(seen += h->buckets[bucket]) >= wanted && seen > 0)
            return upper_ms(h, bucket);
    return upper_ms(h, HISTOGRAM_BUCKETS);
}
