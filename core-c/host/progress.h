/* What the kernel knows about the bytes that a connection has sent. */
#ifndef RC_PROGRESS_H
#define RC_PROGRESS_H

#include <stdint.h>

/* Milliseconds since data was last sent, or since the connection was accepted; 0 if unknown. */
int32_t quiet_millis(int fd);

#endif
