/* SIGTERM and SIGINT ask for an end; a report is still written. */
#ifndef LOAD_STOP_H
#define LOAD_STOP_H

#include <stdbool.h>

void stop_on_signals(void);
bool stop_asked(void);

#endif
