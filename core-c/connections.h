/* Which descriptors listeners have: whoever looks for a new connection need not look there. */
#ifndef RC_CONNECTIONS_H
#define RC_CONNECTIONS_H

/* Both ignore what is no descriptor, and to hear it twice. */
void connections_hold(int fd);
void connections_release(int fd);

#endif
