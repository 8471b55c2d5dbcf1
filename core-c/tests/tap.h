/* A tiny TAP harness: a test is a function whose name, blanks for underscores, is a sentence. */
#ifndef TAP_H
#define TAP_H

typedef void (*tap_test)(void);

void tap_run(const char *identifier, tap_test test);
void tap_failed(const char *file, int line, const char *what);
void tap_compare(const char *file, int line, const char *what, double got, double expected);

/* The running test cannot tell anything here; says why in its line. */
void tap_skip(const char *why);

/* Prints the plan; the program's exit status. */
int tap_done(void);

#define RUN(test) tap_run(#test, test)

/* A failed check is told and the test goes on. */
#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (!(condition))                                                                          \
            tap_failed(__FILE__, __LINE__, #condition);                                            \
    } while (0)

#define CHECK_EQ(got, expected)                                                                    \
    tap_compare(__FILE__, __LINE__, #got, (double)(got), (double)(expected))

#endif
