/* The only door to the heap; a test build can make the n-th allocation fail. */
#include "mfg.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>

#ifdef MFG_TESTING
_Atomic int64_t mfg_allocations_left = -1;
_Atomic int64_t mfg_allocations_held;

static int
refused(void)
{
    int64_t left = mfg_allocations_left;

    while (left > 0 && !atomic_compare_exchange_weak(&mfg_allocations_left,
                                                     &left, left - 1)) {
    }
    return left == 0;
}

/* Memory in place of other memory, either of which may be none. */
static void *
counted(const void *before, void *after)
{
    mfg_allocations_held += (after != NULL) - (before != NULL);
    return after;
}
#else
static int
refused(void)
{
    return 0;
}

static void *
counted(const void *before, void *after)
{
    (void)before;
    return after;
}
#endif

/* Asks for large pages where a block of memory is large: cells of many groups
 * are used in no order, and a page of 4 KB a cell is a miss a row more. */
static void *
advised(void *memory, size_t size)
{
#if defined(__linux__)
    const uintptr_t page = (uintptr_t)1 << 21;
    uintptr_t start = ((uintptr_t)memory + page - 1) & ~(page - 1);
    uintptr_t stop = ((uintptr_t)memory + size) & ~(page - 1);

    if (memory != NULL && stop > start && stop - start >= 2 * page) {
        madvise((void *)start, stop - start, MADV_HUGEPAGE);
    }
#endif
    return memory;
}

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
    return counted(
        NULL, advised(malloc(bytes_of(count, size)), bytes_of(count, size)));
}

void *
mfg_alloc_lines(size_t count, size_t size)
{
    size_t line = 64;

    if (too_large(count, size) || count * size > PTRDIFF_MAX - line ||
        refused()) {
        return NULL;
    }
    size_t bytes = (bytes_of(count, size) + line - 1) / line * line;
    return counted(NULL, advised(aligned_alloc(line, bytes), bytes));
}

void *
mfg_alloc_zeros(size_t count, size_t size)
{
    if (too_large(count, size) || refused()) {
        return NULL;
    }
    return counted(
        NULL, advised(calloc(bytes_of(count, size), 1), bytes_of(count, size)));
}

void *
mfg_resize(void *memory, size_t count, size_t size)
{
    void *resized;

    if (too_large(count, size) || refused()) {
        return NULL;
    }
    resized =
        advised(realloc(memory, bytes_of(count, size)), bytes_of(count, size));
    if (resized != NULL && memory == NULL) {
        counted(NULL, resized);
    }
    return resized;
}

void
mfg_free(void *memory)
{
    counted(memory, NULL);
    free(memory);
}
