/* RC_ASSERT states an invariant; broken, it aborts in the test build (RC_DEBUG) only. */
#ifndef RC_DEBUG_H
#define RC_DEBUG_H

#ifdef RC_DEBUG
#include <assert.h>
#define RC_ASSERT(condition) assert(condition)
#else
#define RC_ASSERT(condition) ((void)0)
#endif

#endif
