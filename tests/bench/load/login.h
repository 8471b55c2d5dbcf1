/* How a source client logs in to any Icecast. */
#ifndef LOAD_LOGIN_H
#define LOAD_LOGIN_H

#include <stdbool.h>

typedef struct {
    const char *mount, *user, *password;
    unsigned kbits;
} login;

/* On a blocking socket. False, with a sentence on stderr, when it is refused or not answered. */
bool login_take(int fd, const login *l);

#endif
