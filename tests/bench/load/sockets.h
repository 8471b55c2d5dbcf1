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

/* Returns at once, the connection may still be coming. Each 20000 numbers have an address of their
 * own, so that ports do not run out. Closing resets, so that none of them stays taken. Returns -1
 * with errno set. */
int sockets_begin(uint16_t port, size_t number);

/* Nonblocking. `port` 0 takes a free one and stores it. Returns -1 with errno set. */
int sockets_listen(uint16_t *port);

#endif
