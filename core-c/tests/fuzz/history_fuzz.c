/* A fuzzer draws the histories: its bytes are the choices, and the model says what is right. */
#include "histories.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>

enum { STEPS = 1500 };

void tap_failed(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: %s\n", file, line, what);
    abort();
}

void tap_compare(const char *file, int line, const char *what, double got, double expected)
{
    if (got == expected)
        return;
    fprintf(stderr, "%s is %.17g, expected %.17g\n", what, got, expected);
    tap_failed(file, line, what);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    if (length > 0)
        history((chance){.bytes = bytes, .end = bytes + length}, STEPS);
    return 0;
}
