/* The only door to the heap; a test build can make the n-th allocation fail. */
#include "mfg.h"

#include <stdlib.h>

#ifdef MFG_TESTING
int64_t mfg_allocations_left = -1;

static int
refused(void)
{
    if (mfg_allocations_left == 0) {
        return 1;
    }
    if (mfg_allocations_left > 0) {
        mfg_allocations_left--;
    }
    return 0;
}
#else
static int
refused(void)
{
    return 0;
}
#endif

static int
too_large(size_t count, size_t size)
{
    return size != 0 && count > (size_t)PTRDIFF_MAX / size;
}

/* One byte at least: NULL means failure and nothing else. */
static size_t
bytes_of(size_t count, size_t size)
{
    return count * size == 0 ? 1 : count * size;
}

void *
mfg_alloc(size_t count, size_t size)
{
    if (too_large(count, size) || refused()) {
        return NULL;
    }
    return malloc(bytes_of(count, size));
}

void *
mfg_alloc_zeros(size_t count, size_t size)
{
    if (too_large(count, size) || refused()) {
        return NULL;
    }
    return calloc(bytes_of(count, size), 1);
}

void *
mfg_resize(void *memory, size_t count, size_t size)
{
    if (too_large(count, size) || refused()) {
        return NULL;
    }
    return realloc(memory, bytes_of(count, size));
}

void
mfg_free(void *memory)
{
    free(memory);
}
