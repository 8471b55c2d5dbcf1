/* The harness itself: one line per test, the reasons of a failure above it. */
#include "tap.h"

#include <stdio.h>

#define REASONS_MAX 10 /* per test: a broken loop should not print a million lines */

static int tests, failed_tests, reasons;
static const char *skipped;

void tap_failed(const char *file, int line, const char *what)
{
    if (++reasons <= REASONS_MAX)
        printf("#   %s:%d: %s\n", file, line, what);
}

void tap_compare(const char *file, int line, const char *what, double got, double expected)
{
    char text[256];
    if (got == expected)
        return;
    snprintf(text, sizeof text, "%s is %.17g, expected %.17g", what, got, expected);
    tap_failed(file, line, text);
}

void tap_skip(const char *why)
{
    skipped = why;
}

void tap_run(const char *identifier, tap_test test)
{
    reasons = 0;
    skipped = NULL;
    test();
    failed_tests += reasons > 0;
    printf("%sok %d - ", reasons > 0 ? "not " : "", ++tests);
    for (const char *c = identifier; *c; c++)
        putchar(*c == '_' ? ' ' : *c);
    if (skipped)
        printf(" # SKIP %s", skipped);
    putchar('\n');
    fflush(stdout);
}

int tap_done(void)
{
    printf("1..%d\n", tests);
    return failed_tests > 0;
}
