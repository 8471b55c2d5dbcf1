/* The command line as a table: --name value, or --name alone for a flag. */
#ifndef LOAD_OPTIONS_H
#define LOAD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

typedef enum { OPTION_NUMBER, OPTION_TEXT, OPTION_FLAG } option_kind;

typedef struct {
    const char *name;
    option_kind kind;
    void *into; /* double, const char * or bool; holds the default before */
    double least, most;
} option;

/* False when something is unknown, missing or out of its range; a sentence is on stderr then. */
bool options_read(char **words, const option *table, size_t count);

#endif
