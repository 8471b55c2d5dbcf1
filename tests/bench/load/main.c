/* `load COMMAND --option value ...` */
#include "commands.h"
#include "stop.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*run)(char **words);
} commands[] = {{"source", command_source}, {"crowd", command_crowd}, {"floor", command_floor}};

int main(int argc, char **argv)
{
    stop_on_signals();
    for (size_t i = 0; argc > 1 && i < sizeof commands / sizeof *commands; i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].run(argv + 2);
    fprintf(stderr, "usage: load source|crowd|floor --port PORT ... (see the README)\n");
    return 2;
}
