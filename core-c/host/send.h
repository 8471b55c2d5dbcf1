/* Writing to the listeners' sockets: the only thing a tick does outside of memory. */
#ifndef RC_SEND_H
#define RC_SEND_H

#include "broadcaster.h"
#include "wire.h"

/* Writes as much of the wire as the listener's socket takes, and moves the listener behind the segment
 * in which that ends. The rest of this segment is copied to the arena, where there must be room for
 * all of the wire. Returns the bytes of that rest: 0 when the socket took everything. */
uint32_t send_wire(rc_broadcaster *b, listener *l, const wire *w);

#endif
