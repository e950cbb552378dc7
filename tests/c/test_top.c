/* The greatest values of each group, ties included or broken. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <math.h>

#define N 1500
#define GROUPS 9

static int32_t regions[N]; /* -1: left out */
static int64_t numbers[N];
static uint8_t absent[N];
static int32_t tie_ranks[N];

/* Whether record a stands before record b. */
static int
stands_before(int64_t a, int64_t b, int by_rank)
{
    if (numbers[a] != numbers[b]) {
        return numbers[a] > numbers[b];
    }
    if (by_rank && tie_ranks[a] != tie_ranks[b]) {
        return tie_ranks[a] < tie_ranks[b];
    }
    return a < b;
}

/* Whether record i is among the `size` first of its group, found by counting
 * those before it. */
static int
twin_is_in(int64_t i, int64_t size, int ties_all, int by_rank)
{
    int64_t before = 0;

    if (regions[i] < 0 || absent[i]) {
        return 0;
    }
    for (int64_t j = 0; j < N; j++) {
        if (regions[j] == regions[i] && !absent[j]) {
            before += ties_all ? numbers[j] > numbers[i]
                               : j != i && stands_before(j, i, by_rank);
        }
    }
    return before < size;
}

static void
check_top(mfg_kind kind, int64_t size, int ties_all, int by_rank)
{
    static uint8_t found[N];
    static int32_t codes[N];
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, regions);
    laid_column made = lay(kind, N, numbers, absent, (layout){.step = 1});
    mfg_leaders leaders;

    key.negative_missing = 1;
    key.leaves_out = 1;
    mfg_grouper *grouper = new_grouper(&key, 1, N);
    EQUAL(MFG_OK,
          mfg_top(grouper, &key, &made.column, by_rank ? tie_ranks : NULL, N,
                  size, ties_all, &leaders, &control));
    EQUAL(MFG_OK, grouper_codes(grouper, &key, N, codes));
    memset(found, 0, sizeof found);
    for (int64_t i = 0; i < leaders.n; i++) {
        EQUAL(0, found[leaders.rows[i]]++);
        EQUAL(codes[leaders.rows[i]], leaders.groups[i]);
    }
    for (int64_t i = 0; i < N; i++) {
        EQUAL(twin_is_in(i, size, ties_all, by_rank), found[i]);
    }
    mfg_leaders_free(&leaders);
    mfg_grouper_free(grouper);
    unlay(&made);
}

static void
draw_records(uint64_t seed, int64_t least, int64_t span)
{
    for (int64_t i = 0; i < N; i++) {
        regions[i] = (int32_t)draw_below(&seed, GROUPS + 1) - 1;
        regions[i] = regions[i] == 3 && i % 40 != 0 ? 2 : regions[i];
        numbers[i] = least + draw_below(&seed, span);
        tie_ranks[i] = (int32_t)draw_below(&seed, 50);
        absent[i] = i % 13 == 0 || regions[i] == 7;
    }
}

/* For every size, with few ties or nearly nothing else, the rows are those
 * that have fewer than `size` before them. */
static void
test_top_of_random_values(void)
{
    static const int64_t sizes[] = {1, 2, 3, 10, 1000};

    for (int64_t span = 2; span <= 120; span += 59) {
        draw_records((uint64_t)span, 0, span);
        for (int s = 0; s < 5; s++) {
            for (int bits = 0; bits < 4; bits++) {
                check_top(MFG_FLOAT64, sizes[s], bits & 1, (bits & 2) != 0);
            }
        }
    }
}

/* Every kind, negative values too. */
static void
test_top_of_every_kind(void)
{
    for (int kind = MFG_INT8; kind < N_KINDS; kind++) {
        int is_unsigned = kind >= MFG_UINT8 && kind <= MFG_UINT64;
        draw_records(37, is_unsigned ? 0 : -60, 120);
        check_top((mfg_kind)kind, 3, 0, 0);
        check_top((mfg_kind)kind, 3, 1, 0);
    }
}

/* Ascending and descending values, where each new one enters or none does. */
static void
test_top_of_ordered_values(void)
{
    for (int descending = 0; descending < 2; descending++) {
        draw_records(38, 0, 2);
        for (int64_t i = 0; i < N; i++) {
            numbers[i] = descending ? N - i : i;
        }
        check_top(MFG_INT16, 5, 0, 0);
        check_top(MFG_INT16, 64, 1, 0);
    }
}

/* More groups in a later block than all earlier ones had. */
static void
test_top_of_growing_groups(void)
{
    for (int64_t i = 0; i < N; i++) {
        regions[i] = i < MFG_BLOCK ? 0 : (int32_t)(i % 700);
        numbers[i] = (i * 31) % 97;
        absent[i] = 0;
    }
    check_top(MFG_INT32, 2, 0, 0);
    check_top(MFG_INT32, 2, 1, 0);
}

/* No record has no leader; infinities lead and follow like other values. */
static void
test_top_of_special_values(void)
{
    const double values[5] = {-INFINITY, NAN, INFINITY, 0.0, -0.0};
    mfg_column value = dense(MFG_FLOAT64, values);
    const int64_t expected[4] = {2, 3, 4, 0};
    mfg_control control = at_will;
    mfg_leaders leaders;

    for (int64_t size = 0; size <= 5; size++) {
        mfg_grouper *grouper = new_grouper(NULL, 0, 5);
        int64_t n = size == 0 ? 0 : 5;
        EQUAL(MFG_OK, mfg_top(grouper, NULL, &value, NULL, n,
                              size == 0 ? 1 : size, 0, &leaders, &control));
        EQUAL(size > 4 ? 4 : size, leaders.n);
        for (int64_t i = 0; i < leaders.n; i++) {
            int at = 0;
            while (at < 4 && expected[at] != leaders.rows[i]) {
                at++;
            }
            CHECK(at < size);
        }
        mfg_leaders_free(&leaders);
        mfg_grouper_free(grouper);
    }
}

/* A size that no memory could hold takes as much as there are records. */
static void
test_top_of_sizes_beyond_memory(void)
{
    static const int64_t sizes[] = {INT64_MAX, INT64_MAX / 16,
                                    INT64_C(1) << 58};
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, regions);
    mfg_column value = dense(MFG_INT64, numbers);
    mfg_leaders leaders;

    draw_records(39, 0, 100);
    for (int s = 0; s < 3; s++) {
        mfg_grouper *grouper = new_grouper(&key, 1, N);
        EQUAL(MFG_OK, mfg_top(grouper, &key, &value, NULL, N, sizes[s], s % 2,
                              &leaders, &control));
        EQUAL(N, leaders.n);
        mfg_leaders_free(&leaders);
        mfg_grouper_free(grouper);
    }
}

/* A sum of a group so far starts anew with the next group, is exact whatever it
 * has grown past, and stays infinite, or none, once it is. */
static void
test_running_sums(void)
{
    static const int64_t groups[] = {0, 0, 0, 1, 1, 2, 2, 2};
    static const double doubles[] = {0x1p60, 1,        -0x1p60, -1.5,
                                     0.25,   INFINITY, 1,       -INFINITY};
    static const double expected[] = {0x1p60, 0x1p60,   1,        -1.5,
                                      -1.25,  INFINITY, INFINITY, NAN};
    static const uint64_t words[] = {UINT64_MAX, UINT64_MAX, 2, 1, 0, 5, 6, 7};
    static const double of_words[] = {0x1p64, 0x1p65, 0x1p65, 1, 1, 5, 11, 18};
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT64, groups);
    mfg_column value = dense(MFG_FLOAT64, doubles);
    double sums[8];

    EQUAL(MFG_OK, mfg_running_sums(&key, &value, 8, sums, &control));
    for (int i = 0; i < 8; i++) {
        CHECK(sums[i] == expected[i] || (isnan(sums[i]) && isnan(expected[i])));
    }
    value = dense(MFG_UINT64, words);
    EQUAL(MFG_OK, mfg_running_sums(&key, &value, 8, sums, &control));
    for (int i = 0; i < 8; i++) {
        CHECK(sums[i] == of_words[i]);
    }
}

void
suite_top(void)
{
    RUN(test_running_sums);
    RUN(test_top_of_random_values);
    RUN(test_top_of_every_kind);
    RUN(test_top_of_ordered_values);
    RUN(test_top_of_growing_groups);
    RUN(test_top_of_special_values);
    RUN(test_top_of_sizes_beyond_memory);
}
