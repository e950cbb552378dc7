/* First and last values, and quantiles by selection. */
#include "aggregating.h"
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "sort.h"
#include "suites.h"

#include <math.h>

#define N 3000
#define GROUPS 8

static int32_t regions[N]; /* -1: left out */
static int64_t numbers[N];
static uint8_t absent[N];

static mfg_column
region_key(void)
{
    mfg_column key = dense(MFG_INT32, regions);

    key.negative_missing = 1;
    key.leaves_out = 1;
    return key;
}

/* Group 5 has no value, group 6 one; the first record of each stands first. */
static void
draw_records(uint64_t seed, int64_t least, int64_t span)
{
    for (int64_t i = 0; i < N; i++) {
        regions[i] = i < GROUPS ? (int32_t)i
                                : (int32_t)draw_below(&seed, GROUPS + 1) - 1;
        numbers[i] = least + draw_below(&seed, span);
        absent[i] =
            i % 7 == 3 || regions[i] == 5 || (regions[i] == 6 && i != 6);
    }
}

/* The rows of the first and last value of each group. */
static void
test_quantile_first_and_last(void)
{
    int64_t first[GROUPS + 1];
    int64_t last[GROUPS + 1];
    mfg_control control = at_will;
    mfg_column key = region_key();

    draw_records(32, 0, 100);
    laid_column made = lay(MFG_INT16, N, numbers, absent, (layout){.step = 1});
    /* room for one group more, and for some less, than there are */
    for (int64_t n_groups = GROUPS + 1; n_groups > 3; n_groups -= 3) {
        mfg_grouper *grouper = new_grouper(&key, 1, N);
        EQUAL(MFG_OK, mfg_first_last(grouper, &key, &made.column, N, n_groups,
                                     first, last, &control));
        for (int64_t g = 0; g < n_groups; g++) {
            int64_t from = -1;
            int64_t to = -1;
            for (int64_t i = 0; i < N; i++) {
                if (regions[i] == g && !absent[i]) {
                    from = from < 0 ? i : from;
                    to = i;
                }
            }
            EQUAL(from, first[g]);
            EQUAL(to, last[g]);
        }
        mfg_grouper_free(grouper);
    }
    unlay(&made);
}

/* Values of a group in ascending order; returns how many. */
static int64_t
sorted_group(int32_t group, int64_t *sorted)
{
    int64_t n = 0;

    for (int64_t i = 0; i < N; i++) {
        if (regions[i] == group && !absent[i]) {
            int64_t j = n++;
            for (; j > 0 && sorted[j - 1] > numbers[i]; j--) {
                sorted[j] = sorted[j - 1];
            }
            sorted[j] = numbers[i];
        }
    }
    return n;
}

static int64_t
number_in(mfg_word word, mfg_wide wide)
{
    return wide == MFG_AS_FLOAT64 ? (int64_t)word.float64 : word.int64;
}

static void
check_quantile(const mfg_column *value, int64_t numerator, int64_t denominator)
{
    static int64_t sorted[N];
    mfg_word lower[GROUPS];
    mfg_word upper[GROUPS];
    mfg_control control = at_will;
    mfg_column key = region_key();
    mfg_wide wide = mfg_widened(value->kind);
    mfg_grouper *grouper = new_grouper(&key, 1, N);
    mfg_state *state = aggregated(grouper, &key, value, 1, N);

    EQUAL(GROUPS, mfg_grouper_count(grouper));
    EQUAL(MFG_OK, mfg_quantiles(state, 0, grouper, &key, value, N, numerator,
                                denominator, lower, upper, &control));
    for (int32_t g = 0; g < GROUPS; g++) {
        int64_t n = sorted_group(g, sorted);
        int64_t scaled = (n - 1) * numerator;
        int64_t at = n == 0 ? 0 : scaled / denominator;
        int64_t above = n > 0 && scaled % denominator != 0;
        EQUAL(n == 0 ? 0 : sorted[at], number_in(lower[g], wide));
        EQUAL(n == 0 ? 0 : sorted[at + above], number_in(upper[g], wide));
    }
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

/* The values at the floor and the ceiling of every place, of every kind,
 * whether they tie or not and however they lie. */
static void
test_quantile_quantiles(void)
{
    static const int64_t places[][2] = {{0, 1}, {1, 1}, {1, 2},  {1, 4},
                                        {3, 4}, {1, 3}, {9, 10}, {997, 1000}};
    static const mfg_kind kinds[] = {MFG_INT8, MFG_UINT64, MFG_FLOAT32,
                                     MFG_FLOAT64};
    static const int64_t spans[] = {1, 3, 100};

    for (int order = 0; order < 3; order++) {
        for (size_t s = 0; s < 3; s++) {
            draw_records(33, 0, spans[s]);
            for (int64_t i = 0; i < N && order > 0; i++) {
                numbers[i] = order == 1 ? i / 30 : (N - i) / 30;
            }
            for (size_t kind = 0; kind < 4; kind++) {
                laid_column made =
                    lay(kinds[kind], N, numbers, absent, (layout){.step = 1});
                for (int p = 0; p < 8; p++) {
                    check_quantile(&made.column, places[p][0], places[p][1]);
                }
                unlay(&made);
            }
        }
    }
}

/* Infinities are values; zeros come out as +0.0. */
static void
test_quantile_special_values(void)
{
    static const double values[5] = {INFINITY, -0.0, NAN, -INFINITY, 0.0};
    mfg_column value = dense(MFG_FLOAT64, values);
    mfg_control control = at_will;
    mfg_grouper *grouper = new_grouper(NULL, 0, 5);
    mfg_state *state = aggregated(grouper, NULL, &value, 1, 5);
    const double expected[4][2] = {
        {-INFINITY, -INFINITY}, {0.0, 0.0}, {0.0, 0.0}, {INFINITY, INFINITY}};

    for (int64_t place = 0; place < 4; place++) {
        mfg_word lower;
        mfg_word upper;
        EQUAL(MFG_OK, mfg_quantiles(state, 0, grouper, NULL, &value, 5, place,
                                    3, &lower, &upper, &control));
        SAME(expected[place][0], lower.float64);
        SAME(expected[place][1], upper.float64);
    }
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

/* Columns that are longer than the state's, or have groups that it does not
 * know, give values of the group and write nowhere else. */
static void
test_quantile_keeps_to_the_groups_of_the_state(void)
{
    static const double values[4] = {3.0, 1.0, 2.0, 9.0};
    static const int32_t keys[4] = {0, 0, 0, 1};
    mfg_column key = dense(MFG_INT32, keys);
    mfg_column value = dense(MFG_FLOAT64, values);
    mfg_control control = at_will;
    mfg_grouper *grouper = new_grouper(&key, 1, 4);
    mfg_state *state = aggregated(grouper, &key, &value, 1, 2);
    mfg_word lower;
    mfg_word upper;

    EQUAL(MFG_OK, mfg_quantiles(state, 0, grouper, &key, &value, 4, 1, 2,
                                &lower, &upper, &control));
    CHECK(lower.float64 >= 1.0 && lower.float64 <= upper.float64);
    CHECK(upper.float64 <= 3.0);
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

void
suite_quantile(void)
{
    RUN(test_quantile_first_and_last);
    RUN(test_quantile_quantiles);
    RUN(test_quantile_special_values);
    RUN(test_quantile_keeps_to_the_groups_of_the_state);
}
