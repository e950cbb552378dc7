/* States of groups: counts, sums, extremes of every kind, in any pieces. */
#include "aggregating.h"
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <float.h>
#include <math.h>

#define N 5000
#define GROUPS 37

static int32_t regions[N];
static int64_t numbers[N];
static double doubles[N];
static uint8_t absent[N];

static void
draw_regions(uint64_t seed)
{
    for (int64_t i = 0; i < N; i++) {
        regions[i] =
            i < GROUPS ? (int32_t)i : (int32_t)draw_below(&seed, GROUPS);
    }
}

/* What stands in a group of numbers, found by one loop over all records. */
typedef struct found {
    int64_t count;
    int64_t missing;
    int64_t sum;
    int64_t least;
    int64_t greatest;
} found;

static found
find_group(int32_t group)
{
    found in = {.least = INT64_MAX, .greatest = INT64_MIN};

    for (int64_t i = 0; i < N; i++) {
        if (regions[i] != group) {
            continue;
        }
        if (absent[i]) {
            in.missing++;
            continue;
        }
        in.count++;
        in.sum += numbers[i];
        in.least = numbers[i] < in.least ? numbers[i] : in.least;
        in.greatest = numbers[i] > in.greatest ? numbers[i] : in.greatest;
    }
    return in;
}

/* A result in a kind's word against the number meant; empty groups have NaN
 * among floats, else 0. */
static void
check_word(mfg_wide wide, int64_t expected, int is_empty, mfg_word actual)
{
    if (wide == MFG_AS_FLOAT64) {
        SAME(is_empty ? NAN : (double)expected, actual.float64);
    }
    else {
        EQUAL(is_empty ? 0 : expected, actual.int64);
    }
}

static void
check_finished(const mfg_state *state)
{
    static mfg_word words[MFG_MAX + 1][GROUPS];
    mfg_wide wide = mfg_state_wide(state, 0);
    mfg_control control = at_will;

    EQUAL(GROUPS, mfg_state_count(state));
    for (int s = MFG_COUNT; s <= MFG_MAX; s++) {
        EQUAL(MFG_OK, mfg_state_finish(state, 0, (mfg_statistic)s, GROUPS, NULL,
                                       words[s], &control));
    }
    for (int32_t g = 0; g < GROUPS; g++) {
        found in = find_group(g);
        int none = in.count == 0;
        EQUAL(in.count, words[MFG_COUNT][g].int64);
        EQUAL(in.missing, words[MFG_MISSING][g].int64);
        check_word(wide, in.sum, 0, words[MFG_SUM][g]);
        EQUAL(wide == MFG_AS_FLOAT64 ? 0 : in.sum, words[MFG_LOW][g].int64);
        EQUAL(wide == MFG_AS_FLOAT64 ? 0 : -(in.sum < 0),
              words[MFG_HIGH][g].int64);
        SAME((double)in.sum, words[MFG_TOTAL][g].float64);
        SAME(none ? NAN : (double)in.sum / (double)in.count,
             words[MFG_MEAN][g].float64);
        check_word(wide, in.least, none, words[MFG_MIN][g]);
        check_word(wide, in.greatest, none, words[MFG_MAX][g]);
    }
}

/* Every statistic of values of every kind and layout is what a loop finds. */
static void
test_aggregate_values_of_every_kind(void)
{
    static const layout layouts[] = {
        {.step = 1}, {.step = -2, .swapped = 1}, {.step = 1, .masked = 1}};

    draw_regions(18);
    for (int kind = MFG_BOOL; kind < N_KINDS; kind++) {
        uint64_t seed = 19;
        int is_signed =
            kind != MFG_BOOL && !(kind >= MFG_UINT8 && kind <= MFG_UINT64);
        for (int64_t i = 0; i < N; i++) {
            numbers[i] = draw_below(&seed, kind == MFG_BOOL ? 2 : 120) -
                         (is_signed ? 60 : 0);
        }
        for (int l = 0; l < 3; l++) {
            for (int gaps = 0; gaps < 2; gaps++) {
                mfg_column key = dense(MFG_INT32, regions);
                for (int64_t i = 0; i < N; i++) {
                    absent[i] = gaps && (i % 5 == 4 || regions[i] == 3);
                }
                laid_column made = lay((mfg_kind)kind, N, numbers,
                                       gaps ? absent : NULL, layouts[l]);
                mfg_grouper *grouper = new_grouper(&key, 1, N);
                mfg_state *state =
                    aggregated(grouper, &key, &made.column, 1, N);
                check_finished(state);
                mfg_state_free(state);
                mfg_grouper_free(grouper);
                unlay(&made);
            }
        }
    }
}

/* The sums of all groups against the twins'. */
static void
check_sums(mfg_grouper *grouper, const mfg_state *state, int value)
{
    static twin_sum sums[GROUPS];
    double results[GROUPS];
    mfg_control control = at_will;

    EQUAL(GROUPS, mfg_grouper_count(grouper));
    for (int g = 0; g < GROUPS; g++) {
        twin_clear(&sums[g]);
    }
    for (int64_t i = 0; i < N; i++) {
        twin_add(&sums[regions[i]], doubles[i]);
    }
    EQUAL(MFG_OK, mfg_state_finish(state, value, MFG_SUM, GROUPS, NULL, results,
                                   &control));
    for (int g = 0; g < GROUPS; g++) {
        SAME(twin_round(&sums[g]), results[g]);
    }
}

static void
check_doubles(void)
{
    mfg_column key = dense(MFG_INT32, regions);
    mfg_column value = dense(MFG_FLOAT64, doubles);
    mfg_grouper *grouper = new_grouper(&key, 1, N);
    mfg_state *state = aggregated(grouper, &key, &value, 1, N);

    check_sums(grouper, state, 0);
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

/* Sums are rounded exactly whatever range of exponents a column has: all of
 * them, a narrow one anywhere, subnormals alone, the greatest alone. */
static void
test_aggregate_sums_are_exact_for_all_exponents(void)
{
    uint64_t seed = 20;

    draw_regions(21);
    for (int low = 0; low <= 2046; low += 66) {
        for (int width = 0; width <= 100; width += 50) {
            int high = low + width < 2046 ? low + width : 2046;
            for (int64_t i = 0; i < N; i++) {
                doubles[i] = draw_exponent(&seed, low, high);
            }
            check_doubles();
        }
    }
    for (int64_t i = 0; i < N; i++) {
        doubles[i] = draw_finite(&seed);
    }
    check_doubles();
    for (int64_t i = 0; i < N; i++) {
        doubles[i] = draw_exponent(&seed, 0, 0);
    }
    check_doubles();
    for (int64_t i = 0; i < N; i++) {
        doubles[i] = i % 2 ? DBL_MAX : -DBL_MAX;
    }
    check_doubles();
}

/* Infinities and NaN beside ordinary values, and beside the greatest ones,
 * disturb no other group and no count. */
static void
test_aggregate_special_values(void)
{
    static const double scales[] = {1.0, 1e-300, 1e300, 0x1p1023};
    uint64_t seed = 22;

    draw_regions(23);
    for (int s = 0; s < 4; s++) {
        for (int64_t i = 0; i < N; i++) {
            doubles[i] = scales[s] * (double)(draw_below(&seed, 3) - 1);
            doubles[i] = i % 50 == 7 ? NAN : doubles[i];
            if (i % 97 == 5 && regions[i] % 4 == 1) {
                doubles[i] = INFINITY;
            }
            if (i % 89 == 5 && regions[i] % 8 >= 5) {
                doubles[i] = -INFINITY;
            }
        }
        check_doubles();
    }
}

/* The well-known traps: what cancels, what overflows on the way, ties. */
static void
test_aggregate_sums_of_traps(void)
{
    static const double traps[][4] = {
        {1e16, 1.0, -1e16, 0.0},          {DBL_MAX, DBL_MAX, -DBL_MAX, 0.0},
        {1e100, 1.0, -1e100, 1e-100},     {5e-324, 5e-324, -5e-324, 5e-324},
        {0x1p53, 1.0, 5e-324, 0.0},       {-0.0, -0.0, -0.0, -0.0},
        {DBL_MAX, 0x1p970, -5e-324, 0.0}, {DBL_MAX, 0x1p970, 0.0, 0.0},
        {INFINITY, DBL_MAX, 1.0, 1.0},    {INFINITY, -INFINITY, 1.0, 1.0},
        {DBL_MAX, INFINITY, 0.0, 0.0},    {NAN, DBL_MAX, NAN, DBL_MAX}};
    mfg_control control = at_will;

    for (size_t t = 0; t < sizeof traps / sizeof *traps; t++) {
        mfg_column value = dense(MFG_FLOAT64, traps[t]);
        mfg_grouper *grouper = new_grouper(NULL, 0, 4);
        mfg_state *state = aggregated(grouper, NULL, &value, 1, 4);
        double sum = 0;
        EQUAL(MFG_OK,
              mfg_state_finish(state, 0, MFG_SUM, 1, NULL, &sum, &control));
        SAME(twin_of(4, traps[t]), sum);
        mfg_state_free(state);
        mfg_grouper_free(grouper);
    }
}

/* Records that come in pieces, of whatever magnitude the first one was, give
 * the state that they give at once; several columns share one pass. */
static void
test_aggregate_in_pieces(void)
{
    static const int64_t pieces[] = {1, 7, 1023, 1024, 1025, N};
    mfg_column key = dense(MFG_INT32, regions);
    uint64_t seed = 24;

    draw_regions(25);
    for (int64_t i = 0; i < N; i++) {
        doubles[i] = draw_exponent(&seed, i < 3000 ? 1000 : 500, 1100);
        numbers[i] = draw_below(&seed, 1000) - 500;
        absent[i] = 0;
    }
    mfg_column values[3] = {dense(MFG_FLOAT64, doubles),
                            dense(MFG_INT64, numbers),
                            dense(MFG_FLOAT64, doubles)};
    for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
        mfg_grouper *grouper = new_grouper(&key, 1, N);
        mfg_state *state = NULL;
        mfg_control control = at_will;
        int64_t sums[GROUPS];
        EQUAL(MFG_OK, mfg_state_new(values, 3, 0, &state));
        for (int64_t start = 0; start < N; start += pieces[p]) {
            int64_t left = N - start;
            EQUAL(MFG_OK, mfg_state_update(state, grouper, &key, values, start,
                                           left < pieces[p] ? left : pieces[p],
                                           &control));
        }
        check_sums(grouper, state, 0);
        check_sums(grouper, state, 2);
        EQUAL(MFG_OK, mfg_state_finish(state, 1, MFG_SUM, GROUPS, NULL, sums,
                                       &control));
        for (int32_t g = 0; g < GROUPS; g++) {
            EQUAL(find_group(g).sum, sums[g]);
        }
        mfg_state_free(state);
        mfg_grouper_free(grouper);
    }
}

/* More groups than the cache holds, some of them left out, count and add as
 * few do. */
static void
test_aggregate_many_groups(void)
{
    enum { n = 30000, n_groups = 10000 };
    static int32_t codes[n];
    static int64_t values[3][n];
    static double floats[n];
    static int64_t results[n_groups];
    static double totals[n_groups];
    mfg_control control = at_will;

    for (int64_t i = 0; i < n; i++) {
        codes[i] = i % 3 == 2 && i > n_groups ? -1 : (int32_t)(i % n_groups);
        values[0][i] = i;
        floats[i] = (double)i;
    }
    mfg_column key = dense(MFG_INT32, codes);
    key.negative_missing = 1;
    key.leaves_out = 1;
    mfg_column columns[3] = {dense(MFG_INT64, values[0]),
                             dense(MFG_UINT64, values[0]),
                             dense(MFG_FLOAT64, floats)};
    mfg_grouper *grouper = new_grouper(&key, 1, n);
    mfg_state *state = aggregated(grouper, &key, columns, 3, n);
    EQUAL(n_groups, mfg_state_count(state));
    for (int v = 0; v < 3; v++) {
        EQUAL(MFG_OK, mfg_state_finish(state, v, MFG_COUNT, n_groups, NULL,
                                       results, &control));
        EQUAL(MFG_OK, mfg_state_finish(state, v, MFG_TOTAL, n_groups, NULL,
                                       totals, &control));
        for (int64_t g = 0; g < n_groups; g++) {
            double total = 0;
            int64_t count = 0;
            for (int64_t i = g; i < n; i += n_groups) {
                count += codes[i] >= 0;
                total += codes[i] >= 0 ? (double)i : 0;
            }
            EQUAL(count, results[g]);
            SAME(total, totals[g]);
        }
    }
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

void
suite_aggregate(void)
{
    RUN(test_aggregate_values_of_every_kind);
    RUN(test_aggregate_sums_are_exact_for_all_exponents);
    RUN(test_aggregate_special_values);
    RUN(test_aggregate_sums_of_traps);
    RUN(test_aggregate_in_pieces);
    RUN(test_aggregate_many_groups);
}
