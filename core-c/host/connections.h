/* Questions about a descriptor that more than one host file asks. */
#ifndef RC_CONNECTIONS_H
#define RC_CONNECTIONS_H

/* TCP port of the socket's local address; 0 for any other kind of descriptor. */
int connections_local_port(int fd);

#endif
