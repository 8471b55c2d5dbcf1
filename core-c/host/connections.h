/* What is known of a descriptor: its port, and whether a listener has it. */
#ifndef RC_CONNECTIONS_H
#define RC_CONNECTIONS_H

#include <stdint.h>

/* TCP port of a socket's own address, 0 for every other kind of socket. */
int connections_local_port(int fd);

/* Whoever looks for a new connection need not look where a listener is. Both ignore what is no
 * descriptor, and to hear it twice. */
void connections_hold(int fd);
void connections_release(int fd);

/* How often the last rc_connection asked the system, for tests. */
uint32_t connections_looks(void);

#endif
