/* Sockets of IPv4 loopback, and how many of them this process may have. */
#ifndef LOAD_SOCKETS_H
#define LOAD_SOCKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

/* Raises the soft limit to the hard one. False, with a sentence on stderr, when it is too low. */
bool sockets_fit(size_t count);

/* Blocking; reads and writes give up after `seconds`. Returns -1 with errno set. */
int sockets_connect(uint16_t port, unsigned seconds);

/* Returns at once, the connection may still be coming. It comes from the loopback
 * address that is `address` behind 127.0.0.1. Closing resets, so that no port stays taken. Returns -1 with errno set. */
int sockets_begin(uint16_t port, uint32_t address);

/* Connections from one address that leave it ports enough. */
#define SOCKETS_PER_ADDRESS 20000

/* Closes as players do that have read everything: without a reset, and the port stays taken for a
 * while. */
void sockets_leave(int fd);

/* Nonblocking. `port` 0 takes a free one and stores it. Returns -1 with errno set. */
int sockets_listen(uint16_t *port);

#endif
