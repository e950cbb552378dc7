/* A harness in one header: what was expected, what came, how much failed. */
#ifndef CHECK_H
#define CHECK_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct check_counts {
    const char *only; /* run the tests whose names hold this; NULL: all */
    int64_t tests, checks, failures;
    int64_t shown; /* failures of the running test */
} check_counts;

extern check_counts counts;

/* Counts a check; whether it failed and should be shown. */
static inline int
fails(int holds, const char *what, const char *file, int line)
{
    counts.checks++;
    counts.failures += !holds;
    return !holds && counts.shown++ < 5 &&
           printf("%s:%d: %s", file, line, what) > 0;
}

static inline void
check_equal(int64_t expected, int64_t actual, const char *what,
            const char *file, int line)
{
    if (fails(expected == actual, what, file, line)) {
        printf(": expected %" PRId64 ", not %" PRId64 "\n", expected, actual);
    }
}

static inline void
check_same(double expected, double actual, const char *what, const char *file,
           int line)
{
    int same = memcmp(&expected, &actual, sizeof expected) == 0;
    if (fails(same, what, file, line)) {
        printf(": expected %.17g, not %.17g\n", expected, actual);
    }
}

#define CHECK(holds) check_equal(1, (holds) != 0, #holds, __FILE__, __LINE__)
#define EQUAL(expected, actual) /* integers */                                 \
    check_equal((int64_t)(expected), (int64_t)(actual), #actual, __FILE__,     \
                __LINE__)
#define SAME(expected, actual) /* doubles, bit for bit */                      \
    check_same(expected, actual, #actual, __FILE__, __LINE__)
#define RUN(test)                                                              \
    (counts.only == NULL || strstr(#test, counts.only) != NULL                 \
         ? (void)(counts.tests++, counts.shown = 0, test(),                    \
                  counts.shown > 0 && printf("FAILED %s\n", #test))            \
         : (void)0)
#endif
