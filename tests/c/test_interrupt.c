/* Interruption: every operation asks now and then, and stops when told to. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "mfg.h"
#include "operations.h"
#include "suites.h"
#include "table.h"

#define MOST_QUESTIONS 1000
#define N (MFG_POLL_ROWS + 3 * MFG_BLOCK)

/* One group of one value, and a panel of two periods. */
static void
fill_inputs(inputs *from, int32_t *entities, int8_t *periods)
{
    static const int32_t key = 7;
    static const double value = 1.5;

    for (int64_t i = 0; i < N; i++) {
        entities[i] = (int32_t)(i / 2);
        periods[i] = (int8_t)(i % 2);
    }
    *from = (inputs){
        .n_rows = N,
        .n_keys = 1,
        .keys = {repeated(MFG_INT32, &key)},
        .panel = {dense(MFG_INT32, entities), dense(MFG_INT8, periods)},
        .n_values = 1,
        .values = {repeated(MFG_FLOAT64, &value)},
    };
}

/* Whichever question is answered by stop, the operation returns
 * MFG_INTERRUPTED and asks no more; with none it completes. */
static void
test_interrupt_stops_every_operation(void)
{
    inputs from;
    int32_t *entities = mfg_alloc(N, sizeof *entities);
    int8_t *periods = mfg_alloc(N, sizeof *periods);

    fill_inputs(&from, entities, periods);
    for (int o = 0; o < N_OPERATIONS; o++) {
        mfg_status status = MFG_INTERRUPTED;
        for (int stop_at = 1; status != MFG_OK && stop_at < MOST_QUESTIONS;
             stop_at += 1 + stop_at / 8) {
            asked so_far = {.stop_at = stop_at};
            mfg_control control = {.poll = answer, .context = &so_far};
            status = operations[o].run(&from, &control);
            CHECK(status == MFG_OK || status == MFG_INTERRUPTED);
            CHECK(status == MFG_OK ? so_far.times < stop_at
                                   : so_far.times == stop_at);
            CHECK(stop_at > 1 ||
                  (status == MFG_INTERRUPTED) == (operations[o].polls > 0));
        }
        EQUAL(MFG_OK, status);
    }
    mfg_free(entities);
    mfg_free(periods);
}

/* Few records are not worth a question, but that between groups. */
static void
test_interrupt_does_not_ask_for_few_records(void)
{
    inputs from;
    int32_t *entities = mfg_alloc(N, sizeof *entities);
    int8_t *periods = mfg_alloc(N, sizeof *periods);

    fill_inputs(&from, entities, periods);
    from.n_rows = 5000;
    for (int o = 0; o < N_OPERATIONS; o++) {
        asked so_far = {.stop_at = 1};
        mfg_control control = {.poll = answer, .context = &so_far};
        int asks = operations[o].polls > 1;
        EQUAL(asks ? MFG_INTERRUPTED : MFG_OK,
              operations[o].run(&from, &control));
        EQUAL(asks, so_far.times);
    }
    mfg_free(entities);
    mfg_free(periods);
}

/* Codes of 200,000 keys, and of one past all slots, until a question is
 * answered by stop; then of the last once more. */
static void
test_interrupt_leaves_a_grouper_whole(void)
{
    const int32_t n = 200 * MFG_BLOCK;
    int64_t *keys = mfg_alloc((size_t)n + 1, sizeof *keys);
    mfg_column key = dense(MFG_INT64, keys);
    mfg_status status = MFG_INTERRUPTED;
    int stop_at = 0;

    for (int32_t i = 0; i < n; i++) {
        keys[i] = i;
    }
    keys[n] = INT64_MAX;
    while (status == MFG_INTERRUPTED) {
        stop_at++;
        asked so_far = {.stop_at = stop_at};
        mfg_control control = {.poll = answer, .context = &so_far};
        mfg_control again = at_will;
        mfg_grouper *grouper = new_grouper(&key, 1, n);
        int32_t code = -1;
        for (int32_t i = 0; i < n; i += MFG_BLOCK) {
            int32_t codes[MFG_BLOCK];
            EQUAL(MFG_OK, mfg_grouper_codes(grouper, &key, i, MFG_BLOCK, codes,
                                            &again));
        }
        status = mfg_grouper_codes(grouper, &key, n, 1, &code, &control);
        EQUAL(status == MFG_OK ? stop_at - 1 : stop_at, so_far.times);
        EQUAL(MFG_OK, mfg_grouper_codes(grouper, &key, n, 1, &code, &again));
        EQUAL(n, code);
        for (int32_t i = 0; i < n; i += 1009) {
            EQUAL(MFG_OK,
                  mfg_grouper_codes(grouper, &key, i, 1, &code, &again));
            EQUAL(i, code);
        }
        mfg_grouper_free(grouper);
    }
    EQUAL(MFG_OK, status);
    CHECK(stop_at > n / 65536); /* at least once every 65,536 groups */
    mfg_free(keys);
}

/* The leaders of many groups: asks while groups are made, merged, given. */
static void
test_interrupt_asks_between_many_heaps(void)
{
    const int64_t n = 3 << 17;
    int32_t *keys = mfg_alloc((size_t)n, sizeof *keys);
    mfg_column key = dense(MFG_INT32, keys);
    mfg_column value = dense(MFG_INT32, keys);

    for (int64_t i = 0; i < n; i++) {
        keys[i] = (int32_t)i;
    }
    for (int n_threads = 1; n_threads <= 2; n_threads++) {
        asked so_far = {.stop_at = 0};
        mfg_control control = {
            .poll = answer, .context = &so_far, .n_threads = n_threads};
        mfg_grouper *grouper = new_grouper(&key, 1, n);
        mfg_leaders leaders;
        EQUAL(MFG_OK, mfg_top(grouper, &key, &value, NULL, n, 1, 0, &leaders,
                              &control));
        EQUAL(n, leaders.n);
        /* Every 65,536 of 393,216, but the first: made, and given. */
        CHECK(so_far.times >= 10);
        mfg_leaders_free(&leaders);
        mfg_grouper_free(grouper);
    }
    mfg_free(keys);
}

/* Concentration of many groups, with many leaders, gives nothing when it is
 * stopped while units are laid, or moments and results given. */
static void
test_interrupt_stops_many_concentrations(void)
{
    const int64_t n = 80000;
    const int64_t rank = 40;
    int32_t *keys = mfg_alloc((size_t)n, sizeof *keys);
    mfg_column key = dense(MFG_INT32, keys);
    mfg_column value = dense(MFG_INT32, keys);
    mfg_status status = MFG_INTERRUPTED;

    for (int64_t i = 0; i < n; i++) {
        keys[i] = (int32_t)i;
    }
    for (int stop_at = 1; status == MFG_INTERRUPTED; stop_at++) {
        asked so_far = {.stop_at = stop_at};
        mfg_control control = {.poll = answer, .context = &so_far};
        mfg_grouper *grouper = NULL;
        mfg_concentration *results = NULL;
        double *leading = NULL;
        status = mfg_concentrations(&key, 1, &value, n, 1, &rank, &grouper,
                                    &results, &leading, &control);
        CHECK(status == MFG_OK || status == MFG_INTERRUPTED);
        CHECK((results == NULL) == (status != MFG_OK));
        CHECK(so_far.times == (status == MFG_OK ? stop_at - 1 : stop_at));
        mfg_grouper_free(grouper);
        mfg_free(results);
        mfg_free(leading);
    }
    mfg_free(keys);
}

/* Sizes of many cells that have negative values are added up asking; a million
 * cells went by without a question. */
static void
test_interrupt_asks_between_magnitudes(void)
{
    const int64_t n = 2 * (MFG_POLL_ROWS / MFG_ROWS_AN_ENTRY) + 1;
    int64_t *cells = mfg_alloc((size_t)n, sizeof *cells);
    double *results = mfg_alloc((size_t)n, 5 * sizeof *results);
    int64_t *n_values = mfg_alloc((size_t)n, sizeof *n_values);
    double value = -1;
    mfg_column key = dense(MFG_INT64, cells);
    mfg_column column = repeated(MFG_FLOAT64, &value);
    mfg_given given = {n_values, results, results + n, results + 2 * n,
                       results + 3 * n};
    mfg_contributions *held = NULL;
    asked so_far = {0};
    mfg_control control = {.poll = answer, .context = &so_far};

    for (int64_t i = 0; i < n; i++) {
        cells[i] = i;
    }
    EQUAL(MFG_OK,
          mfg_contributions_new(&key, 1, 0, &column, n, 2, &held, &control));
    so_far = (asked){.stop_at = 2};
    EQUAL(MFG_INTERRUPTED, mfg_contributions_finish(held, &given, &control));
    EQUAL(2, so_far.times);
    mfg_contributions_free(held);
    mfg_free(cells);
    mfg_free(results);
    mfg_free(n_values);
}

void
suite_interrupt(void)
{
    RUN(test_interrupt_stops_every_operation);
    RUN(test_interrupt_does_not_ask_for_few_records);
    RUN(test_interrupt_leaves_a_grouper_whole);
    RUN(test_interrupt_asks_between_many_heaps);
    RUN(test_interrupt_stops_many_concentrations);
    RUN(test_interrupt_asks_between_magnitudes);
}
