/* The largest values of each group, in descending order. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <math.h>

#define N 1500
#define GROUPS 9
#define MOST 5

static int32_t regions[N]; /* -1: left out */
static int64_t numbers[N];
static uint8_t absent[N];

/* The value before which `place` others of the group stand; NaN: none. */
static double
twin_largest(int32_t region, int64_t place)
{
    for (int64_t i = 0; i < N; i++) {
        int64_t before = 0;
        if (regions[i] != region || absent[i]) {
            continue;
        }
        for (int64_t j = 0; j < N; j++) {
            before += regions[j] == region && !absent[j] &&
                      (numbers[j] > numbers[i] ||
                       (j < i && numbers[j] == numbers[i]));
        }
        if (before == place) {
            return (double)numbers[i];
        }
    }
    return NAN;
}

static void
check_largest(mfg_kind kind, int64_t size)
{
    static double largest[(GROUPS + 1) * MOST];
    static int32_t codes[N];
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, regions);
    laid_column made = lay(kind, N, numbers, absent, (layout){.step = 1});
    mfg_grouper *grouper = NULL;
    mfg_state *state = NULL;

    key.negative_missing = 1;
    key.leaves_out = 1;
    EQUAL(MFG_OK, mfg_gather(&key, 1, &made.column, 1, N, 0, 0, NULL, &grouper,
                             &state, &control));
    EQUAL(MFG_OK, mfg_largest(state, 0, grouper, &key, &made.column, N, size,
                              largest, &control));
    EQUAL(MFG_OK, grouper_codes(grouper, &key, N, codes));
    for (int64_t i = 0; i < N; i++) {
        for (int64_t place = 0; codes[i] >= 0 && place < size; place++) {
            double expected = twin_largest(regions[i], place);
            double actual = largest[codes[i] * size + place];
            CHECK(expected == actual || (isnan(expected) && isnan(actual)));
        }
        i += codes[i] >= 0 ? 7 : 0; /* each group is met often enough */
    }
    mfg_state_free(state);
    mfg_grouper_free(grouper);
    unlay(&made);
}

static void
draw_records(uint64_t seed, int64_t least, int64_t span)
{
    for (int64_t i = 0; i < N; i++) {
        regions[i] = (int32_t)draw_below(&seed, GROUPS + 1) - 1;
        regions[i] = regions[i] == 3 && i % 700 != 0 ? 2 : regions[i];
        numbers[i] = least + draw_below(&seed, span);
        absent[i] = i % 13 == 0 || regions[i] == 7;
    }
}

/* Every kind and size, negative values too; groups of few values, and of none,
 * have NaN. */
static void
test_largest_of_every_kind(void)
{
    for (int kind = MFG_INT8; kind < N_KINDS; kind++) {
        int is_unsigned = kind >= MFG_UINT8 && kind <= MFG_UINT64;
        draw_records(41, is_unsigned ? 0 : -60, 120);
        for (int64_t size = 1; size <= MOST; size += 2) {
            check_largest((mfg_kind)kind, size);
        }
    }
}

/* Several workers find what one finds. */
static void
test_largest_of_several_workers(void)
{
    const int64_t n = 3 * MFG_POLL_ROWS;
    int32_t *keys = mfg_alloc((size_t)n, sizeof *keys);
    double *values = mfg_alloc((size_t)n, sizeof *values);
    double found[4][2 * 3];
    uint64_t seed = 42;

    for (int64_t i = 0; i < n; i++) {
        keys[i] = (int32_t)draw_below(&seed, 3);
        values[i] = i % 5 == 0 ? NAN : (double)draw_below(&seed, 1000000);
    }
    for (int workers = 1; workers <= 4; workers++) {
        mfg_control control = {.n_threads = workers};
        mfg_column key = dense(MFG_INT32, keys);
        mfg_column value = dense(MFG_FLOAT64, values);
        mfg_grouper *grouper = NULL;
        mfg_state *state = NULL;
        EQUAL(MFG_OK, mfg_gather(&key, 1, &value, 1, n, 0, 0, NULL, &grouper,
                                 &state, &control));
        EQUAL(MFG_OK, mfg_largest(state, 0, grouper, &key, &value, n, 2,
                                  found[workers - 1], &control));
        EQUAL(0, memcmp(found[0], found[workers - 1], sizeof found[0]));
        mfg_state_free(state);
        mfg_grouper_free(grouper);
    }
    mfg_free(keys);
    mfg_free(values);
}

void
suite_largest(void)
{
    RUN(test_largest_of_every_kind);
    RUN(test_largest_of_several_workers);
}
