/* Histories of two mounts, compared with a model that remembers everything. */
#ifndef HISTORIES_H
#define HISTORIES_H

#include "fixture.h"

/* Ends after `steps`, or when the chance is spent. Failures go to tap_failed. */
void history(chance c, uint32_t steps);

#endif
