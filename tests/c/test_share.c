/* Shares of records in the totals of their groups. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <math.h>

#define N 3000
#define GROUPS 11

static int32_t regions[N]; /* -1: left out */
static int64_t numbers[N];
static uint8_t absent[N];
static double shares[N];

static mfg_status
compute_shares(const mfg_column *value, int64_t n)
{
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, regions);

    key.negative_missing = 1;
    key.leaves_out = 1;
    return mfg_shares(&key, 1, value, n, shares, &control);
}

/* A share is the value over the correctly rounded total, for every kind; NaN
 * where the value or the group is missing or the total is 0. */
static void
test_share_of_every_kind(void)
{
    uint64_t seed = 34;

    for (int kind = MFG_BOOL; kind < N_KINDS; kind++) {
        int is_signed =
            kind != MFG_BOOL && !(kind >= MFG_UINT8 && kind <= MFG_UINT64);
        for (int64_t i = 0; i < N; i++) {
            regions[i] = (int32_t)draw_below(&seed, GROUPS + 1) - 1;
            numbers[i] = draw_below(&seed, kind == MFG_BOOL ? 2 : 100);
            numbers[i] -= is_signed && regions[i] % 3 == 1 ? 60 : 0;
            numbers[i] = regions[i] == 4 ? 0 : numbers[i];
            absent[i] = i % 17 == 0 || regions[i] == 6;
        }
        laid_column made =
            lay((mfg_kind)kind, N, numbers, absent, (layout){.step = 1});
        EQUAL(MFG_OK, compute_shares(&made.column, N));
        for (int64_t i = 0; i < N; i++) {
            int64_t total = 0;
            for (int64_t j = 0; j < N; j++) {
                total +=
                    regions[j] == regions[i] && !absent[j] ? numbers[j] : 0;
            }
            int none = regions[i] < 0 || absent[i] || total == 0;
            double share = none ? NAN : (double)numbers[i] / (double)total;
            SAME(none ? NAN : share + 0.0, shares[i]);
        }
        unlay(&made);
    }
}

/* Totals of doubles are exact: what cancels leaves the rest, and a zero total
 * gives no share. */
static void
test_share_of_exact_totals(void)
{
    static const double values[9] = {1e16, 1.0,  -1e16, 1e16, -1e16,
                                     0.5,  -0.5, NAN,   2.0};
    static const int32_t groups[9] = {0, 0, 0, 1, 1, 1, 1, 2, 2};
    mfg_column value = dense(MFG_FLOAT64, values);
    const double expected[9] = {1e16, 1.0, -1e16, NAN, NAN, NAN, NAN, NAN, 1.0};

    memcpy(regions, groups, sizeof groups);
    EQUAL(MFG_OK, compute_shares(&value, 9));
    for (int i = 0; i < 9; i++) {
        SAME(expected[i], shares[i]);
    }
}

/* NaNs come out as the one quiet NaN and zeros as +0.0, whatever went in. */
static void
test_share_gives_plain_results(void)
{
    const double values[8] = {INFINITY, 1.0, -0.0, 5.0, 0.0, -5.0, -NAN, 1.0};
    static const int32_t groups[8] = {0, 0, 1, 1, 2, 2, 3, 3};
    mfg_column value = dense(MFG_FLOAT64, values);
    const double expected[8] = {NAN, 0.0, 0.0, 1.0, 0.0, 1.0, NAN, 1.0};

    memcpy(regions, groups, sizeof groups);
    EQUAL(MFG_OK, compute_shares(&value, 8));
    for (int i = 0; i < 8; i++) {
        SAME(expected[i], shares[i]);
    }
}

/* The total of integers may exceed the integers; shares are given still. */
static void
test_share_of_totals_beyond_integers(void)
{
    const int64_t values[4] = {INT64_MAX, INT64_MAX, 1, 3};
    static const int32_t groups[4] = {0, 0, 1, 1};
    mfg_column value = dense(MFG_INT64, values);
    const double expected[4] = {0.5, 0.5, 0.25, 0.75};

    memcpy(regions, groups, sizeof groups);
    EQUAL(MFG_OK, compute_shares(&value, 4));
    for (int i = 0; i < 4; i++) {
        SAME(expected[i], shares[i]);
    }
}

void
suite_share(void)
{
    RUN(test_share_of_every_kind);
    RUN(test_share_of_exact_totals);
    RUN(test_share_gives_plain_results);
    RUN(test_share_of_totals_beyond_integers);
}
