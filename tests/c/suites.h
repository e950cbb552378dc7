/* The suites, a file each. */
#ifndef SUITES_H
#define SUITES_H

#define SUITES(X)                                                              \
    X(memory)                                                                  \
    X(load)                                                                    \
    X(table)                                                                   \
    X(strings)                                                                 \
    X(sort)                                                                    \
    X(exact)                                                                   \
    X(strays)                                                                  \
    X(encode)                                                                  \
    X(slots)                                                                   \
    X(text)                                                                    \
    X(lagged)                                                                  \
    X(aggregate)                                                               \
    X(carry)                                                                   \
    X(finish)                                                                  \
    X(fold)                                                                    \
    X(gather)                                                                  \
    X(crowd)                                                                   \
    X(results)                                                                 \
    X(variance)                                                                \
    X(concentration)                                                           \
    X(quantile)                                                                \
    X(contributions)                                                           \
    X(share)                                                                   \
    X(growth)                                                                  \
    X(top)                                                                     \
    X(rank)                                                                    \
    X(interrupt)                                                               \
    X(no_memory)

#define DECLARE(name) void suite_##name(void);
SUITES(DECLARE)
#undef DECLARE

#endif
