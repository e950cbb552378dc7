/* Growth of records against the same entity some periods earlier. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <math.h>

#define N 2600

static int64_t entities[N];
static int64_t periods[N];
static int64_t numbers[N];
static uint8_t entity_absent[N];
static uint8_t period_absent[N];
static uint8_t absent[N];
static double rates[N];

/* Entities by periods with gaps, in shuffled order, each pair once. */
static void
draw_panel(uint64_t seed, int64_t n_periods, int64_t least, int64_t span)
{
    for (int64_t i = 0; i < N; i++) {
        entities[i] = i / n_periods * 3;
        periods[i] = 2000 + i % n_periods + (i % n_periods > 3);
        numbers[i] = least + draw_below(&seed, span);
        absent[i] = draw_below(&seed, 19) == 0;
        entity_absent[i] = draw_below(&seed, 37) == 0;
        period_absent[i] = draw_below(&seed, 41) == 0;
    }
    for (int64_t i = N - 1; i > 0; i--) {
        int64_t j = draw_below(&seed, i + 1);
        int64_t kept = entities[i];
        entities[i] = entities[j];
        entities[j] = kept;
        kept = periods[i];
        periods[i] = periods[j];
        periods[j] = kept;
    }
}

/* The record that is the base of record i, or -1. */
static int64_t
base_of(int64_t i, int64_t lag)
{
    if (entity_absent[i] || period_absent[i]) {
        return -1;
    }
    for (int64_t j = 0; j < N; j++) {
        if (!entity_absent[j] && !period_absent[j] &&
            entities[j] == entities[i] && periods[j] == periods[i] - lag) {
            return j;
        }
    }
    return -1;
}

static mfg_status
compute_rates(const mfg_column *keys, const mfg_column *value, int64_t lag,
              int64_t n, int64_t *where)
{
    mfg_control control = at_will;
    mfg_grouper *grouper = new_grouper(keys, 2, n);
    mfg_status status =
        mfg_growth_rates(grouper, keys, value, lag, n, rates, &control);

    *where = control.where;
    mfg_grouper_free(grouper);
    return status;
}

static void
check_rates(mfg_kind kind, int64_t lag)
{
    int64_t where;
    laid_column made[3] = {
        lay(MFG_INT64, N, entities, entity_absent, (layout){.step = 1}),
        lay(MFG_DATE, N, periods, period_absent, (layout){.step = 1}),
        lay(kind, N, numbers, absent, (layout){.step = 1}),
    };
    mfg_column keys[2] = {made[0].column, made[1].column};

    keys[0].leaves_out = 1;
    keys[1].leaves_out = 1;
    EQUAL(MFG_OK, compute_rates(keys, &made[2].column, lag, N, &where));
    for (int64_t i = 0; i < N; i++) {
        int64_t base = base_of(i, lag);
        double expected = NAN;
        if (base >= 0 && !absent[base] && !absent[i] && numbers[base] > 0) {
            expected =
                (double)(numbers[i] - numbers[base]) / (double)numbers[base];
        }
        SAME(expected, rates[i]);
    }
    for (int m = 0; m < 3; m++) {
        unlay(&made[m]);
    }
}

/* Rates against one and several periods before, across gaps and missing keys
 * and values, zero and negative bases, of every kind. */
static void
test_growth_of_panels(void)
{
    draw_panel(35, 7, 0, 100);
    for (int kind = MFG_INT8; kind < N_KINDS; kind++) {
        check_rates((mfg_kind)kind, 1);
        check_rates((mfg_kind)kind, 4);
    }
    draw_panel(36, 3, -50, 100);
    check_rates(MFG_INT8, 2);
    check_rates(MFG_INT64, 1);
    check_rates(MFG_FLOAT32, 1);
}

/* A second record of an entity and period is named by its row; records that
 * lack a key may come twice. */
static void
test_growth_names_the_duplicate(void)
{
    static const int64_t rows[][2] = {
        {0, 1}, {5, 1500}, {1023, 1024}, {7, N - 1}};
    int64_t where;

    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        for (int64_t i = 0; i < N; i++) {
            entities[i] = i;
            periods[i] = 1;
            entity_absent[i] = i % 10 == 9 && i > 0 && i != N - 1;
            numbers[i] = 1;
        }
        entities[rows[r][1]] = entities[rows[r][0]];
        laid_column made =
            lay(MFG_INT64, N, entities, entity_absent, (layout){.step = 1});
        mfg_column keys[2] = {made.column, dense(MFG_INT64, periods)};
        mfg_column value = dense(MFG_INT64, numbers);
        keys[0].leaves_out = 1;
        keys[1].leaves_out = 1;
        EQUAL(MFG_DUPLICATE, compute_rates(keys, &value, 1, N, &where));
        EQUAL(rows[r][1], where);
        unlay(&made);
    }
}

/* One entity over ten periods. */
static void
compute_series(mfg_kind kind, const void *values, int64_t n)
{
    static const int32_t one[10];
    static const int32_t years[10] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    int64_t where;
    mfg_column keys[2] = {dense(MFG_INT32, one), dense(MFG_INT32, years)};
    mfg_column value = dense(kind, values);

    EQUAL(MFG_OK, compute_rates(keys, &value, 1, n, &where));
}

/* The change is formed before it is rounded: 1 to 1 + 2^-52, and integers
 * beyond 2^53, of both signs and both kinds. */
static void
test_growth_keeps_small_changes(void)
{
    const double floats[2] = {1.0, 1.0 + 0x1p-52};
    const int64_t ints[4] = {INT64_MAX - 1, INT64_MAX, INT64_MIN, 5};
    const uint64_t unsigneds[4] = {UINT64_MAX - 1, UINT64_MAX, 1, UINT64_MAX};

    compute_series(MFG_FLOAT64, floats, 2);
    SAME(NAN, rates[0]);
    SAME(0x1p-52, rates[1]);
    compute_series(MFG_INT64, ints, 4);
    SAME(0x1p-63, rates[1]);
    SAME(-2.0, rates[2]);
    SAME(NAN, rates[3]);
    compute_series(MFG_UINT64, unsigneds, 4);
    SAME(0x1p-64, rates[1]);
    SAME(-1.0, rates[2]);
    SAME(0x1p64, rates[3]);
}

/* Whatever is not a number comes out as the one quiet NaN, and zeros as +0.0.
 */
static void
test_growth_gives_plain_results(void)
{
    const double values[9] = {INFINITY, INFINITY, 1.0, -NAN, 1.0,
                              1.0,      INFINITY, 0.0, 3.0};
    const double expected[9] = {NAN, NAN,      NAN, NAN, NAN,
                                0.0, INFINITY, NAN, NAN};

    compute_series(MFG_FLOAT64, values, 9);
    for (int i = 0; i < 9; i++) {
        SAME(expected[i], rates[i]);
    }
}

void
suite_growth(void)
{
    RUN(test_growth_of_panels);
    RUN(test_growth_names_the_duplicate);
    RUN(test_growth_keeps_small_changes);
    RUN(test_growth_gives_plain_results);
}
