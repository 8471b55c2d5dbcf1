/* Non-blocking writes to sockets: the only system call of a tick. */
#ifndef RC_SEND_H
#define RC_SEND_H

#include "wire.h"

#include <stddef.h>

/* Writes all pieces of the wire in one system call; returns the bytes the socket took. 0 if it is full or broken:
 * the caller learns which when it writes the rest. */
size_t send_wire(int fd, const wire *w);

#endif
