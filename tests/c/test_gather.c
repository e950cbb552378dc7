/* Groups and states of all records, on any number of threads: the same codes,
 * labels and bits as row by row on one. */
#include "check.h"
#include "columns.h"
#include "gathering.h"
#include "parallel.h"
#include "suites.h"
#include "twins.h"

#include <math.h>

#define N (4 * MFG_WORKER_ROWS + 777) /* four workers */
#define NAMES 900

static int32_t regions[N];
static int64_t sparse[N];
static double floats[N];
static int16_t integers[N];
static char mask[N];
static text_item items[N];
static char texts[NAMES][12];

/* Labels that come up, and widen their ranges, worker by worker. */
static void
fill_records(void)
{
    uint64_t seed = 51;

    for (int name = 0; name < NAMES; name++) {
        snprintf(texts[name], sizeof *texts, "%d", name);
    }
    for (int64_t i = 0; i < N; i++) {
        int64_t part = i / MFG_WORKER_ROWS;
        int64_t name = draw_below(&seed, NAMES - 200 * (4 - part) + 1);
        name = name < 0 ? -name : name;
        name %= NAMES;
        items[i] = (text_item){texts[name], strlen(texts[name]), i % 83 == 7};
        regions[i] = (int32_t)(draw_below(&seed, 30) + (part - 2) * 20);
        sparse[i] = (int64_t)mfg_mix((uint64_t)name);
        floats[i] = draw_exponent(&seed, i % 50 ? 1010 : 1, 1040);
        floats[i] = i % 1000 == 3 ? NAN : i % 90001 == 5 ? INFINITY : floats[i];
        integers[i] = (int16_t)draw(&seed);
        mask[i] = i % 31 == 4;
    }
}

static mfg_column
masked(mfg_column column, int leaves_out)
{
    column.mask = mask;
    column.mask_stride = 1;
    column.leaves_out = leaves_out;
    return column;
}

static void
check_threads(records *from)
{
    from->n_rows = N;
    from->n_values = 2;
    from->values[0] = dense(MFG_FLOAT64, floats);
    from->values[1] = masked(dense(MFG_INT16, integers), 0);
    gathered expected = gather(from, 1, 0);
    for (int n_threads = 2; n_threads <= 5; n_threads++) {
        gathered actual = gather(from, n_threads, 0);
        check_gathered(from, &expected, &actual, 0);
        free_gathered(&actual);
    }
    free_gathered(&expected);
}

/* Slots, the hash table and text: groups come in the order of their first
 * records on any number of threads, with the same states. */
static void
test_gather_is_the_same_on_any_number_of_threads(void)
{
    fill_records();
    check_threads(&(records){.n_keys = 1, .keys = {dense(MFG_INT32, regions)}});
    check_threads(&(records){.n_keys = 2,
                             .keys = {masked(dense(MFG_INT32, regions), 0),
                                      dense(MFG_INT64, sparse)}});
    check_threads(&(records){
        .n_keys = 2,
        .keys = {text_column(items), masked(dense(MFG_INT32, regions), 1)}});
}

/* Without a key there is one group; without a record, none of a key. */
static void
test_gather_without_keys_or_records(void)
{
    records from = {.keys = {dense(MFG_INT32, regions)}};

    fill_records();
    check_threads(&from);
    from.n_rows = 0;
    for (from.n_keys = 0; from.n_keys < 2; from.n_keys++) {
        for (int in_any_order = 0; in_any_order < 2; in_any_order++) {
            gathered made = gather(&from, 4, in_any_order);
            EQUAL(1 - from.n_keys, mfg_grouper_count(made.grouper));
            free_gathered(&made);
        }
    }
}

/* What one worker meets ends the call: nothing is handed out, and the row is
 * named. */
static void
test_gather_hands_nothing_out_on_failure(void)
{
    mfg_column key = text_column(items);
    mfg_column value = dense(MFG_FLOAT64, floats);

    fill_records();
    for (int n_threads = 1; n_threads <= 4; n_threads++) {
        for (int64_t row = 500; row < N; row += N / 3) {
            mfg_control control = {.where = -1, .n_threads = n_threads};
            gathered made;
            items[row].result = -1;
            EQUAL(MFG_BAD_STRING,
                  mfg_gather(&key, 1, &value, 1, N, 0, 0, NULL, &made.grouper,
                             &made.state, &control));
            EQUAL(row, control.where);
            CHECK(made.grouper == NULL && made.state == NULL);
            items[row].result = 0;
        }
    }
}

void
suite_gather(void)
{
    RUN(test_gather_is_the_same_on_any_number_of_threads);
    RUN(test_gather_without_keys_or_records);
    RUN(test_gather_hands_nothing_out_on_failure);
}
