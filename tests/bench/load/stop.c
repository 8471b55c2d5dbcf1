/* Waits are interrupted, none is started anew: every loop asks within its own period. */
#include "stop.h"

#include <signal.h>

static volatile sig_atomic_t asked;

static void ask(int signal)
{
    (void)signal;
    asked = 1;
}

void stop_on_signals(void)
{
    struct sigaction action = {.sa_handler = ask};
    sigaction(SIGTERM, &action, 0);
    sigaction(SIGINT, &action, 0);
}

bool stop_asked(void)
{
    return asked != 0;
}
