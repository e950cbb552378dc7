/* Out of memory: whichever allocation fails, every operation says so, frees
 * what it has (the sanitizer's or valgrind's word) and changes no input. */
#include "check.h"
#include "columns.h"
#include "mfg.h"
#include "operations.h"
#include "suites.h"
#include "twins.h"

#include <math.h>

#define N 3500
#define MOST_ALLOCATIONS 5000

/* All that the columns borrow, so that it can be compared at once. */
typedef struct memory {
    int32_t regions[N];
    int64_t sparse[N];
    text_item names[N];
    uint32_t letters[N][3];
    char texts[N][8];
    char mask[N];
    int32_t entities[N];
    int64_t periods[N];
    double floats[N];
    int64_t integers[N];
} memory;

static memory held;
static memory before;

static void
fill_memory(void)
{
    uint64_t seed = 42;

    memset(&held, 0, sizeof held);
    for (int64_t i = 0; i < N; i++) {
        int64_t name = draw_below(&seed, 600);
        int size = snprintf(held.texts[i], sizeof *held.texts, "%d", (int)name);
        held.names[i] = (text_item){held.texts[i], (size_t)size, i % 50 == 7};
        held.letters[i][0] = 'a' + (uint32_t)(name % 26);
        held.letters[i][1] = 'a' + (uint32_t)(name / 26);
        held.regions[i] = (int32_t)(i / MFG_BLOCK * 20 + name % 20);
        held.sparse[i] = (int64_t)mfg_mix((uint64_t)name);
        held.mask[i] = i % 60 == 9;
        held.entities[i] = (int32_t)(i / 5);
        held.periods[i] = i % 5 + (i % 5 == 4 ? INT64_C(1) << 40 : 0);
        held.floats[i] = draw_exponent(&seed, i % 3 ? 1020 : 0, 1060);
        held.floats[i] = i % 300 == 1 ? INFINITY : held.floats[i];
        held.integers[i] = name - 300;
    }
    before = held;
}

/* Lets one allocation more succeed each time, until all do. */
static void
fail_each_allocation(const inputs *from, const named_operation *what)
{
    mfg_control control = at_will;
    mfg_status status = MFG_NO_MEMORY;
    int64_t n_failures = 0;

    while (status != MFG_OK && n_failures < MOST_ALLOCATIONS) {
        mfg_allocations_left = n_failures;
        status = what->run(from, &control);
        mfg_allocations_left = -1;
        if (status != MFG_OK) {
            EQUAL(MFG_NO_MEMORY, status);
            n_failures++;
        }
        CHECK(memcmp(&before, &held, sizeof held) == 0);
    }
    EQUAL(MFG_OK, status);
    CHECK(n_failures > 0);
}

static void
fail_each_operation(const mfg_column *keys, int n_keys,
                    const mfg_column *values, int n_values)
{
    inputs from = {
        .n_rows = N,
        .n_keys = n_keys,
        .panel = {dense(MFG_INT32, held.entities),
                  dense(MFG_DATE, held.periods)},
        .n_values = n_values,
    };

    for (int k = 0; k < n_keys; k++) {
        from.keys[k] = keys[k];
    }
    for (int v = 0; v < n_values; v++) {
        from.values[v] = values[v];
    }
    for (int o = 0; o < N_OPERATIONS; o++) {
        fail_each_allocation(&from, &operations[o]);
    }
}

static mfg_column
masked(mfg_column column)
{
    column.mask = held.mask;
    column.mask_stride = 1;
    return column;
}

/* Keys in slots, which widen; floats with strays. */
static void
test_no_memory_for_slots_and_strays(void)
{
    fill_memory();
    mfg_column keys[1] = {dense(MFG_INT32, held.regions)};
    mfg_column values[2] = {dense(MFG_FLOAT64, held.floats),
                            dense(MFG_INT64, held.integers)};
    fail_each_operation(keys, 1, values, 2);
}

/* Keys in the hash table, and text. */
static void
test_no_memory_for_hashes_and_text(void)
{
    fill_memory();
    mfg_column keys[2] = {text_column(held.names),
                          masked(dense(MFG_INT64, held.sparse))};
    mfg_column values[1] = {masked(dense(MFG_INT64, held.integers))};
    fail_each_operation(keys, 2, values, 1);
    keys[0] = ucs4_column(held.letters[0], 3);
    fail_each_operation(keys, 1, values, 1);
}

/* Keys that leave their slots halfway. */
static void
test_no_memory_where_keys_leave_their_slots(void)
{
    fill_memory();
    for (int64_t i = N - 500; i < N; i++) {
        held.regions[i] = (int32_t)(i * 1000003);
    }
    before = held;
    mfg_column keys[1] = {masked(dense(MFG_INT32, held.regions))};
    mfg_column values[1] = {dense(MFG_FLOAT64, held.floats)};
    fail_each_operation(keys, 1, values, 1);
}

/* No key, and no group beyond the one. */
static void
test_no_memory_without_keys(void)
{
    fill_memory();
    mfg_column values[2] = {dense(MFG_INT64, held.integers),
                            dense(MFG_FLOAT64, held.floats)};
    fail_each_operation(NULL, 0, values, 2);
    fail_each_operation(NULL, 0, values + 1, 1);
}

void
suite_no_memory(void)
{
    RUN(test_no_memory_for_slots_and_strays);
    RUN(test_no_memory_for_hashes_and_text);
    RUN(test_no_memory_where_keys_leave_their_slots);
    RUN(test_no_memory_without_keys);
}
