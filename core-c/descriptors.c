/* The descriptor table: remembers, so that a search for a new connection looks at few descriptors. */
#include "descriptors.h"

#include <stdlib.h>

rc_descriptors *rc_descriptors_new(void)
{
    return calloc(1, sizeof(rc_descriptors));
}

void rc_descriptors_free(rc_descriptors *d)
{
    free(d);
}

static bool is_in_range(int fd)
{
    return fd >= 0 && fd < DESCRIPTORS_MAX;
}

void descriptors_hold(rc_descriptors *d, int fd)
{
    if (d && is_in_range(fd))
        descriptor_add(d->held, fd);
}

void descriptors_release(rc_descriptors *d, int fd)
{
    if (!d || !is_in_range(fd))
        return;
    descriptor_remove(d->held, fd);
    descriptor_remove(d->others, fd);
}

int32_t rc_release(rc_descriptors *d, int32_t fd)
{
    if (!d)
        return RC_EINVAL;
    descriptors_release(d, fd);
    return 0;
}
