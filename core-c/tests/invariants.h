/* Walks every list of a broadcaster and checks what must hold between any two calls. */
#ifndef INVARIANTS_H
#define INVARIANTS_H

#include "radiocore.h"

void check_invariants(const rc_broadcaster *b);

#endif
