/* A harness in one header: what was expected, what came, how much failed. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct check_counts {
    const char *only; /* run the tests whose names hold this; NULL: all */
    int64_t tests;
    int64_t checks;
    int64_t failures;
    int64_t shown; /* failures of the running test */
} check_counts;

extern check_counts counts;

static inline void
check(int holds, const char *what, const char *file, int line, double expected,
      double actual)
{
    counts.checks++;
    if (!holds && counts.shown++ < 5) {
        printf("%s:%d: %s: expected %.17g, not %.17g\n", file, line, what,
               expected, actual);
    }
    counts.failures += !holds;
}

/* Doubles are the same where their bits are. */
static inline int
check_bits(double expected, double actual)
{
    return memcmp(&expected, &actual, sizeof expected) == 0;
}

#define CHECK(holds) check((holds) != 0, #holds, __FILE__, __LINE__, 1, 0)
#define EQUAL(expected, actual)                                                \
    check((expected) == (actual), #actual, __FILE__, __LINE__,                 \
          (double)(expected), (double)(actual))
#define SAME(expected, actual)                                                 \
    check(check_bits(expected, actual), #actual, __FILE__, __LINE__, expected, \
          actual)

#define RUN(test)                                                              \
    do {                                                                       \
        if (counts.only == NULL || strstr(#test, counts.only) != NULL) {       \
            int64_t before = counts.failures;                                  \
            counts.tests++;                                                    \
            counts.shown = 0;                                                  \
            test();                                                            \
            (void)(counts.failures > before && printf("FAILED %s\n", #test));  \
        }                                                                      \
    } while (0)

#endif
