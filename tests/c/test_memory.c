/* The door to the heap: sizes that cannot be, empty sizes, the hook. */
#include "check.h"
#include "mfg.h"
#include "suites.h"

/* A count times a size that exceeds what memory can hold is refused. */
static void
test_memory_refuses_products_that_overflow(void)
{
    void *kept = mfg_alloc(8, 1);

    CHECK(mfg_alloc(SIZE_MAX, 2) == NULL);
    CHECK(mfg_alloc((size_t)1 << 33, (size_t)1 << 33) == NULL);
    CHECK(mfg_alloc((size_t)PTRDIFF_MAX + 1, 1) == NULL);
    CHECK(mfg_alloc_zeros(SIZE_MAX / 4, 8) == NULL);
    CHECK(mfg_resize(kept, SIZE_MAX / 4, 8) == NULL);
    mfg_free(kept); /* a refused resize leaves it */
}

/* No bytes are a block of memory too, so NULL always means failure. */
static void
test_memory_gives_a_block_for_no_bytes(void)
{
    void *none = mfg_alloc(0, 8);
    void *zeros = mfg_alloc_zeros(3, 0);
    void *resized = mfg_resize(NULL, 0, 0);

    CHECK(none != NULL);
    CHECK(zeros != NULL);
    CHECK(resized != NULL);
    mfg_free(none);
    mfg_free(zeros);
    mfg_free(resized);
    mfg_free(NULL);
}

/* Zeros are zeros, and resizing keeps what stood there. */
static void
test_memory_keeps_its_contents(void)
{
    int64_t *numbers = mfg_alloc_zeros(100, sizeof *numbers);

    for (int i = 0; i < 100; i++) {
        EQUAL(0, numbers[i]);
        numbers[i] = i;
    }
    numbers = mfg_resize(numbers, 10000, sizeof *numbers);
    for (int i = 0; i < 100; i++) {
        EQUAL(i, numbers[i]);
    }
    mfg_free(numbers);
}

/* The hook lets so many allocations pass and refuses all that follow. */
static void
test_memory_hook_fails_the_nth_allocation(void)
{
    void *first;
    void *second;

    mfg_allocations_left = 2;
    first = mfg_alloc(1, 1);
    second = mfg_alloc_zeros(1, 1);
    CHECK(first != NULL && second != NULL);
    EQUAL(0, mfg_allocations_left);
    CHECK(mfg_alloc(1, 1) == NULL);
    CHECK(mfg_alloc_zeros(1, 1) == NULL);
    CHECK(mfg_resize(first, 2, 1) == NULL);
    mfg_allocations_left = -1;
    mfg_free(first);
    mfg_free(second);
    first = mfg_alloc(1, 1);
    CHECK(first != NULL);
    EQUAL(-1, mfg_allocations_left);
    mfg_free(first);
}

void
suite_memory(void)
{
    RUN(test_memory_refuses_products_that_overflow);
    RUN(test_memory_gives_a_block_for_no_bytes);
    RUN(test_memory_keeps_its_contents);
    RUN(test_memory_hook_fails_the_nth_allocation);
}
