/* Ranks of records within their groups. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <math.h>

#define N 1100

static int32_t regions[N]; /* -1: left out */
static int64_t numbers[N];
static uint8_t absent[N];

/* The rank of record i, from how many are before it and how many tie. */
static double
twin_rank(int64_t i, mfg_rank_method method, int descending)
{
    int64_t before = 0;
    int64_t tied_before = 0;
    int64_t ties = 0;
    int64_t values_before = 0;

    for (int64_t j = 0; j < N; j++) {
        if (regions[j] != regions[i] || absent[j]) {
            continue;
        }
        int is_before =
            descending ? numbers[j] > numbers[i] : numbers[j] < numbers[i];
        int is_first = is_before && method == MFG_DENSE;
        for (int64_t k = 0; k < j && is_first; k++) {
            is_first = !(regions[k] == regions[i] && !absent[k] &&
                         numbers[k] == numbers[j]);
        }
        before += is_before;
        values_before += is_first;
        ties += numbers[j] == numbers[i];
        tied_before += j < i && numbers[j] == numbers[i];
    }
    switch (method) {
    case MFG_COMPETITION:
        return (double)before + 1;
    case MFG_DENSE:
        return (double)values_before + 1;
    case MFG_ORDINAL:
        return (double)(before + tied_before + 1);
    default:
        return (double)before + (double)(ties + 1) / 2;
    }
}

static void
check_ranks_of(mfg_kind kind, mfg_rank_method method, int descending)
{
    static mfg_word ranks[N];
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, regions);
    laid_column made = lay(kind, N, numbers, absent, (layout){.step = 1});

    key.negative_missing = 1;
    key.leaves_out = 1;
    mfg_grouper *grouper = new_grouper(&key, 1, N);
    EQUAL(MFG_OK, mfg_ranks(grouper, &key, &made.column, method, descending, N,
                            ranks, &control));
    for (int64_t i = 0; i < N; i++) {
        int none = regions[i] < 0 || absent[i];
        if (method == MFG_AVERAGE) {
            SAME(none ? NAN : twin_rank(i, method, descending),
                 ranks[i].float64);
        }
        else {
            EQUAL(none ? 0 : (int64_t)twin_rank(i, method, descending),
                  ranks[i].int64);
        }
    }
    mfg_grouper_free(grouper);
    unlay(&made);
}

/* All four methods, in both directions, with many ties and with few. */
static void
test_rank_by_every_method(void)
{
    for (int64_t span = 4; span <= 4000; span *= 1000) {
        uint64_t seed = 40;
        for (int64_t i = 0; i < N; i++) {
            regions[i] = (int32_t)draw_below(&seed, 8) - 1;
            numbers[i] = draw_below(&seed, span) - span / 2;
            absent[i] = i % 11 == 0;
        }
        for (int method = MFG_COMPETITION; method <= MFG_AVERAGE; method++) {
            check_ranks_of(MFG_FLOAT64, (mfg_rank_method)method, 0);
            check_ranks_of(MFG_INT16, (mfg_rank_method)method, 1);
        }
    }
}

/* Every kind, in ranks with ties and in order of rows. */
static void
test_rank_of_every_kind(void)
{
    for (int kind = MFG_BOOL; kind < N_KINDS; kind++) {
        uint64_t seed = 41;
        for (int64_t i = 0; i < N; i++) {
            regions[i] = (int32_t)draw_below(&seed, 3);
            numbers[i] = draw_below(&seed, kind == MFG_BOOL ? 2 : 9);
            absent[i] = i % 7 == 0;
        }
        check_ranks_of((mfg_kind)kind, MFG_DENSE, 0);
    }
}

/* No record, or none that has a value, has no rank. */
static void
test_rank_of_nothing(void)
{
    const double nothing[2] = {NAN, NAN};
    mfg_word ranks[2] = {{.int64 = 5}, {.int64 = 5}};
    mfg_column value = dense(MFG_FLOAT64, nothing);
    mfg_control control = at_will;

    for (int64_t n = 0; n <= 2; n += 2) {
        mfg_grouper *grouper = new_grouper(NULL, 0, n);
        EQUAL(MFG_OK, mfg_ranks(grouper, NULL, &value, MFG_COMPETITION, 0, n,
                                ranks, &control));
        EQUAL(n == 0 ? 5 : 0, ranks[0].int64);
        EQUAL(n == 0 ? 5 : 0, ranks[1].int64);
        mfg_grouper_free(grouper);
    }
}

void
suite_rank(void)
{
    RUN(test_rank_by_every_method);
    RUN(test_rank_of_every_kind);
    RUN(test_rank_of_nothing);
}
