/* What contributors give to cells: how many, how much, the largest of them. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "sample.h"
#include "suites.h"

#include <math.h>
#include <string.h>

#define N 1500
#define CELLS 9
#define GIVERS 40 /* or each row is one */
#define SIZE 3

static int32_t cells[N]; /* -1: left out */
static int16_t givers[N];
static int64_t numbers[N];
static uint8_t absent[N];

typedef struct twin_cell {
    int64_t occurs;
    int64_t count;
    double total;
    double magnitude;
    double least;
    double largest[SIZE];
} twin_cell;

/* Numbers are small and whole: doubles add them exactly. */
static twin_cell
given_to(int32_t cell, int16_t n_givers)
{
    twin_cell twin = {.least = INFINITY};

    for (int16_t giver = 0; giver < n_givers; giver++) {
        int64_t n = 0;
        double sum = 0;
        for (int64_t i = 0; i < N; i++) {
            int is_own = cells[i] == cell && givers[i] == giver;
            twin.occurs += is_own;
            n += is_own && !absent[i];
            sum += is_own && !absent[i] ? (double)numbers[i] : 0;
        }
        if (n == 0) {
            continue;
        }
        twin.count++;
        twin.total += sum;
        twin.magnitude += fabs(sum);
        twin.least = sum < twin.least ? sum : twin.least;
        double size = fabs(sum);
        for (int place = 0; place < SIZE; place++) {
            if (size > twin.largest[place]) {
                double smaller = twin.largest[place];
                twin.largest[place] = size;
                size = smaller;
            }
        }
    }
    return twin;
}

/* has_giver: else each row is one, and so has the number of its row. */
static void
check_contributions(mfg_kind kind, int has_giver)
{
    int64_t n_givers[CELLS];
    double totals[CELLS], magnitudes[CELLS], least[CELLS];
    double largest[CELLS * SIZE];
    mfg_given given = {n_givers, totals, magnitudes, least, largest};
    mfg_control control = at_will;
    mfg_column keys[2] = {dense(MFG_INT32, cells), dense(MFG_INT16, givers)};
    laid_column made = lay(kind, N, numbers, absent, (layout){.step = 1});
    mfg_contributions *held = NULL;
    int64_t place = 0;

    keys[0].negative_missing = 1;
    keys[0].leaves_out = 1;
    EQUAL(MFG_OK,
          mfg_contributions_new(keys, 1 + has_giver, has_giver, &made.column, N,
                                SIZE, &held, &control));
    EQUAL(MFG_OK, mfg_contributions_finish(held, &given, &control));
    const int64_t *order = mfg_contributions_order(held);
    for (int32_t cell = 0; cell < CELLS; cell++) {
        twin_cell twin = given_to(cell, has_giver ? GIVERS : N);
        int32_t label;
        int64_t at = order == NULL || twin.occurs == 0 ? place : order[place];
        if (twin.occurs == 0) {
            continue;
        }
        mfg_grouper_labels(mfg_contributions_grouper(held), 0, 1, &at, &label,
                           NULL);
        EQUAL(cell, label);
        EQUAL(twin.count, n_givers[place]);
        CHECK(twin.total == totals[place]);
        CHECK(twin.magnitude == magnitudes[place]);
        CHECK(twin.least == least[place]);
        EQUAL(0, memcmp(twin.largest, largest + place * SIZE,
                        sizeof twin.largest));
        place++;
    }
    EQUAL(place, mfg_contributions_count(held));
    mfg_contributions_free(held);
    unlay(&made);
}

/* Of every kind; cells that do not occur, have no value, or are left out. */
static void
test_contributions_of_every_kind(void)
{
    for (int kind = MFG_INT8; kind < N_KINDS; kind++) {
        int is_unsigned = kind >= MFG_UINT8 && kind <= MFG_UINT64;
        uint64_t seed = 43;
        for (int64_t i = 0; i < N; i++) {
            cells[i] = (int32_t)draw_below(&seed, CELLS + 1) - 1;
            cells[i] = cells[i] == 5 ? 4 : cells[i];
            givers[i] = (int16_t)draw_below(&seed, GIVERS);
            numbers[i] = draw_below(&seed, 12) - (is_unsigned ? 0 : 6);
            absent[i] = i % 13 == 0 || cells[i] == 7;
        }
        check_contributions((mfg_kind)kind, 1);
        for (int16_t i = 0; i < N; i++) {
            givers[i] = i;
        }
        check_contributions((mfg_kind)kind, 0);
    }
}

/* A sum of integers that does not fit is refused. */
static void
test_contribution_that_does_not_fit(void)
{
    int64_t large[3] = {INT64_MAX, 1, -5};
    int8_t cell[3] = {0, 0, 0};
    int8_t giver[3] = {1, 1, 2};
    mfg_column keys[2] = {dense(MFG_INT8, cell), dense(MFG_INT8, giver)};
    mfg_column column = dense(MFG_INT64, large);
    mfg_control control = at_will;
    mfg_contributions *held = NULL;

    EQUAL(MFG_OVERFLOW,
          mfg_contributions_new(keys, 2, 1, &column, 3, SIZE, &held, &control));
    CHECK(held == NULL);
}

/* Keys that take more than a word are left to the caller, as are texts. */
static void
test_contributions_by_wide_keys(void)
{
    int64_t wide[2] = {INT64_MIN, INT64_MAX};
    double value[2] = {1, 2};
    text_item names[2] = {{"a", 1, 0}, {"b", 1, 0}};
    mfg_column keys[2] = {dense(MFG_INT64, wide), dense(MFG_INT64, wide)};
    mfg_column column = dense(MFG_FLOAT64, value);
    mfg_control control = at_will;
    mfg_contributions *held = NULL;

    EQUAL(MFG_OK,
          mfg_contributions_new(keys, 2, 1, &column, 2, SIZE, &held, &control));
    CHECK(held == NULL);
    keys[0] = text_column(names);
    EQUAL(MFG_OK,
          mfg_contributions_new(keys, 2, 1, &column, 2, SIZE, &held, &control));
    CHECK(held == NULL);
}

/* Any number of workers, a cell that lies in many parts, floats of every size
 * and infinities: the same bits. */
static void
test_contributions_of_several_workers(void)
{
    const int64_t n = 3 * MFG_POLL_ROWS;
    int8_t *cell = mfg_alloc((size_t)n, sizeof *cell);
    int32_t *giver = mfg_alloc((size_t)n, sizeof *giver);
    double *values = mfg_alloc((size_t)n, sizeof *values);
    double found[4][3][6];
    int64_t n_givers[4][3] = {{0}};
    uint64_t seed = 44;

    for (int64_t i = 0; i < n; i++) {
        cell[i] = (int8_t)(i % 3);
        giver[i] = (int32_t)draw_below(&seed, 300000);
        values[i] = i % 7 == 0 ? NAN : draw_exponent(&seed, 800, 1100);
    }
    values[1] = INFINITY;
    for (int workers = 1; workers <= 4; workers++) {
        double (*own)[6] = found[workers - 1];
        double totals[3], magnitudes[3], least[3], largest[6];
        mfg_given given = {n_givers[workers - 1], totals, magnitudes, least,
                           largest};
        mfg_control control = {.n_threads = workers};
        mfg_column keys[2] = {dense(MFG_INT8, cell), dense(MFG_INT32, giver)};
        mfg_column column = dense(MFG_FLOAT64, values);
        mfg_contributions *held = NULL;
        EQUAL(MFG_OK, mfg_contributions_new(keys, 2, 1, &column, n, 2, &held,
                                            &control));
        EQUAL(3, mfg_contributions_count(held));
        EQUAL(MFG_OK, mfg_contributions_finish(held, &given, &control));
        for (int c = 0; c < 3; c++) {
            memcpy(own[c],
                   (double[]){totals[c], magnitudes[c], least[c],
                              largest[2 * c], largest[2 * c + 1], 0},
                   sizeof own[c]);
        }
        CHECK(isinf(totals[1]) && isfinite(totals[0]));
        EQUAL(0, memcmp(found[0], own, sizeof found[0]));
        EQUAL(0,
              memcmp(n_givers[0], n_givers[workers - 1], sizeof n_givers[0]));
        mfg_contributions_free(held);
    }
    mfg_free(cell);
    mfg_free(giver);
    mfg_free(values);
}

/* Each of more than 2^31 - 1 rows could be a contribution of its own. */
static void
test_contributions_of_too_many_rows(void)
{
    int8_t cell = 0;
    double value = 1;
    mfg_column keys[2] = {dense(MFG_INT8, &cell), dense(MFG_INT8, &cell)};
    mfg_column column = dense(MFG_FLOAT64, &value);
    mfg_control control = at_will;
    mfg_contributions *held = NULL;

    EQUAL(MFG_MANY_GROUPS,
          mfg_contributions_new(keys, 2, 1, &column, (int64_t)INT32_MAX + 1, 2,
                                &held, &control));
    CHECK(held == NULL);
}

/* Cells of n rows, `given` by the number of the row or by none. */
static mfg_contributions *
cells_of_rows(const int32_t *cell, const int32_t *giver, int64_t n,
              const mfg_column *column, int workers)
{
    mfg_control control = {.n_threads = workers};
    mfg_column keys[2] = {dense(MFG_INT32, cell), dense(MFG_INT32, giver)};
    mfg_contributions *held = NULL;
    int has_giver = giver != NULL;

    EQUAL(MFG_OK, mfg_contributions_new(keys, 1 + has_giver, has_giver, column,
                                        n, 2, &held, &control));
    return held;
}

/* Where each row is a contributor, in many cells or few, they are those of as
 * many contributors who have one row each: the same bits, on any workers. */
static void
check_rows(int64_t n_cells, mfg_kind kind)
{
    const int64_t n = MFG_CROWD_ROWS + 100;
    const size_t size = (size_t)n_cells * 6 * sizeof(double);
    int32_t *cell = mfg_alloc((size_t)n, sizeof *cell);
    int32_t *row = mfg_alloc((size_t)n, sizeof *row);
    double *values = mfg_alloc((size_t)n, sizeof *values);
    mfg_column column = dense(kind, values);
    double *results[3];
    uint64_t seed = 45;

    for (int64_t i = 0; i < n; i++) {
        cell[i] = (int32_t)draw_below(&seed, n_cells);
        row[i] = (int32_t)i;
        values[i] = i % 9 == 0 ? NAN : draw_exponent(&seed, 1000, 1040);
    }
    for (int workers = 0; workers < 3; workers++) {
        mfg_control control = {.n_threads = workers};
        double *at = mfg_alloc_zeros(size, 1);
        mfg_given given = {(int64_t *)(void *)(at + 5 * n_cells), at,
                           at + n_cells, at + 2 * n_cells, at + 3 * n_cells};
        mfg_contributions *held =
            cells_of_rows(cell, workers ? NULL : row, n, &column, workers);
        CHECK(held != NULL && mfg_contributions_count(held) <= n_cells);
        EQUAL(MFG_OK, mfg_contributions_finish(held, &given, &control));
        EQUAL(1, mfg_grouper_n_keys(mfg_contributions_grouper(held)));
        mfg_contributions_free(held);
        results[workers] = at;
        EQUAL(0, memcmp(results[0], at, size));
    }
    for (int workers = 0; workers < 3; workers++) {
        mfg_free(results[workers]);
    }
    mfg_free(cell);
    mfg_free(row);
    mfg_free(values);
}

static void
test_contributions_of_rows(void)
{
    for (int64_t n_cells = 3; n_cells < 70000; n_cells = n_cells * 20) {
        check_rows(n_cells, MFG_FLOAT64);
        check_rows(n_cells, MFG_INT64); /* the same bits: large ones */
    }
}

/* Rows without a key, and no rows, are in the one cell of all. */
static void
test_contributions_without_keys(void)
{
    double values[3] = {5, -2, 7};
    mfg_column column = dense(MFG_FLOAT64, values);
    mfg_control control = at_will;

    for (int64_t n = 0; n <= 3; n += 3) {
        int64_t count = 0;
        double total = 0, magnitude = 0, least = 0;
        double largest[2] = {0, 0};
        mfg_given given = {&count, &total, &magnitude, &least, largest};
        mfg_contributions *held = NULL;
        EQUAL(MFG_OK, mfg_contributions_new(NULL, 0, 0, &column, n, 2, &held,
                                            &control));
        EQUAL(1, mfg_contributions_count(held));
        EQUAL(MFG_OK, mfg_contributions_finish(held, &given, &control));
        EQUAL(n, count);
        CHECK(n == 0 || (total == 10 && magnitude == 14 && least == -2));
        CHECK(n == 0 || (largest[0] == 7 && largest[1] == 5));
        mfg_contributions_free(held);
    }
}

/* Rows of ids that lie close together, but for one that is far off, are those
 * of one part; and most of them are given to one cell, in wide sums. Whichever
 * question is answered by stop, it does; there was none but while rows were put
 * apart. */
static void
test_contributions_of_one_part_are_made_asking(void)
{
    const int64_t n = MFG_POLL_ROWS + MFG_POLL_ROWS / 8;
    int32_t *cell = mfg_alloc_zeros((size_t)n, sizeof *cell);
    int32_t *giver = mfg_alloc((size_t)n, sizeof *giver);
    double *values = mfg_alloc((size_t)n, sizeof *values);
    mfg_column keys[2] = {dense(MFG_INT32, cell), dense(MFG_INT32, giver)};
    mfg_column column = dense(MFG_FLOAT64, values);
    mfg_status status = MFG_INTERRUPTED;
    int n_asked = 0;

    for (int64_t i = 0; i < n; i++) {
        giver[i] = i % 3 ? 5 : (int32_t)(i & 0xffff);
        values[i] = i % 2 ? 1e300 : 1e-300;
    }
    cell[n - 1] = 1 << 28;
    for (int stop_at = 1; status == MFG_INTERRUPTED;
         stop_at += 1 + stop_at / 2) {
        asked so_far = {.stop_at = stop_at};
        mfg_control control = {.poll = answer, .context = &so_far};
        double results[12];
        int64_t n_givers[2];
        mfg_given given = {n_givers, results, results + 2, results + 4,
                           results + 6};
        mfg_contributions *held = NULL;
        status =
            mfg_contributions_new(keys, 2, 1, &column, n, 2, &held, &control);
        if (status == MFG_OK) {
            status = mfg_contributions_finish(held, &given, &control);
        }
        mfg_contributions_free(held);
        n_asked = so_far.times;
        CHECK((status == MFG_INTERRUPTED) == (n_asked == stop_at));
    }
    EQUAL(MFG_OK, status);
    CHECK(n_asked > 3 + 2 * 256); /* while rows are read; after each part */
    mfg_free(cell);
    mfg_free(giver);
    mfg_free(values);
}

void
suite_contributions(void)
{
    RUN(test_contributions_of_every_kind);
    RUN(test_contribution_that_does_not_fit);
    RUN(test_contributions_by_wide_keys);
    RUN(test_contributions_of_several_workers);
    RUN(test_contributions_of_too_many_rows);
    RUN(test_contributions_of_rows);
    RUN(test_contributions_without_keys);
    RUN(test_contributions_of_one_part_are_made_asking);
}
