/* What a fuzzer gives, taken from the front, and checks that hold in it. */
#ifndef SOURCE_H
#define SOURCE_H

#include "mfg.h"

#include <stdlib.h>
#include <string.h>

typedef struct source {
    const uint8_t *bytes;
    size_t left;
} source;

/* The next byte; 0 where there is none. */
static inline uint8_t
next_byte(source *from)
{
    uint8_t byte = 0;

    if (from->left > 0) {
        byte = *from->bytes++;
        from->left--;
    }
    return byte;
}

/* A number below `most`. */
static inline int
next_below(source *from, int most)
{
    return next_byte(from) % most;
}

/* Fills memory; what the input lacks is 0. */
static inline void
next_fill(source *from, void *memory, size_t size)
{
    size_t given = size < from->left ? size : from->left;

    memset(memory, 0, size);
    memcpy(memory, from->bytes, given);
    from->bytes += given;
    from->left -= given;
}

/* Stops where what has to hold does not. */
#define HOLDS(condition)                                                       \
    do {                                                                       \
        if (!(condition)) {                                                    \
            abort();                                                           \
        }                                                                      \
    } while (0)

/* Memory of just this size, so that the sanitizer sees a byte too many. */
static inline void *
new_memory(size_t size)
{
    void *memory = malloc(size);

    HOLDS(memory != NULL);
    return memory;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

#endif
