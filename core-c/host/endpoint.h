/* The two ends of a TCP connection, as the system knows them by its descriptor. */
#ifndef RC_ENDPOINT_H
#define RC_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

/* IPv4 addresses are stored in their IPv6-mapped form. */
typedef struct {
    uint8_t address[16];
    int port;
} endpoint;

/* Reads an address as text, without a port; false if it is none. */
bool endpoint_parse(endpoint *e, const uint8_t *text, uint32_t length);

/* Our end of the connection, and the client's; false if the descriptor is no TCP socket, or not connected. */
bool endpoint_local(endpoint *e, int fd);
bool endpoint_peer(endpoint *e, int fd);

/* TCP port of the socket's local address; 0 for any other kind of descriptor. */
int endpoint_local_port(int fd);

#endif
