/* The ABI number, and the layouts that the other side of it reads by offset. */
#include "radiocore.h"

#include <stddef.h>

_Static_assert(sizeof(rc_frame) == 12, "rc_frame is three u32");
_Static_assert(sizeof(rc_event) == 16, "rc_event is four u32");
_Static_assert(sizeof(rc_listener) == 48, "rc_listener is six f64");
_Static_assert(offsetof(rc_event, length) == 12, "rc_event has no padding");

int32_t rc_abi(void)
{
    return RC_ABI;
}
