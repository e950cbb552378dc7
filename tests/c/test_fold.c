/* States folded into coarser groups: the same as if made coarse. */
#include "aggregating.h"
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <float.h>
#include <math.h>

#define N 4000
#define FINE 60
#define COARSE 7

static int32_t fine[N];
static int64_t groups[FINE];
static int64_t codes[FINE];

/* Group g goes to codes[g]: the last of seven gets none, every ninth is left
 * out. */
static void
draw_fine(uint64_t seed)
{
    for (int64_t i = 0; i < N; i++) {
        fine[i] = i < FINE ? (int32_t)i : (int32_t)draw_below(&seed, FINE);
    }
    for (int g = 0; g < FINE; g++) {
        groups[g] = g;
        codes[g] = g % 9 == 8 ? -1 : g % (COARSE - 1);
    }
}

/* Statistic of the folded state against the same of one made from the records
 * under the coarse codes, bit for bit. */
static void
check_folded(const mfg_column *value)
{
    static int32_t coarse[N];
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, fine);
    mfg_column coarse_key = dense(MFG_INT32, coarse);
    mfg_grouper *grouper = new_grouper(&key, 1, N);
    mfg_state *state = aggregated(grouper, &key, value, 1, N);
    mfg_state *folded = NULL;

    for (int64_t i = 0; i < N; i++) {
        coarse[i] = (int32_t)codes[fine[i]];
    }
    coarse_key.negative_missing = 1;
    coarse_key.leaves_out = 1;
    mfg_grouper *made = new_grouper(&coarse_key, 1, N);
    mfg_state *direct = aggregated(made, &coarse_key, value, 1, N);
    EQUAL(MFG_OK, mfg_state_fold(state, FINE, groups, codes, COARSE, &folded,
                                 &control));
    EQUAL(COARSE, mfg_state_count(folded));
    EQUAL(COARSE - 1, mfg_state_count(direct));
    EQUAL(mfg_state_wide(state, 0), mfg_state_wide(folded, 0));
    for (int s = MFG_COUNT; s <= MFG_MAX; s++) {
        mfg_word expected[COARSE];
        mfg_word actual[COARSE];
        EQUAL(MFG_OK, mfg_state_finish(direct, 0, (mfg_statistic)s, COARSE - 1,
                                       NULL, expected, &control));
        EQUAL(MFG_OK, mfg_state_finish(folded, 0, (mfg_statistic)s, COARSE,
                                       NULL, actual, &control));
        for (int g = 0; g < COARSE - 1; g++) {
            SAME(expected[g].float64, actual[g].float64);
        }
    }
    mfg_state_free(state);
    mfg_state_free(direct);
    mfg_state_free(folded);
    mfg_grouper_free(grouper);
    mfg_grouper_free(made);
}

/* Integers, with and without missing ones. */
static void
test_fold_integers(void)
{
    static int64_t numbers[N];
    static uint8_t absent[N];
    uint64_t seed = 27;

    draw_fine(28);
    for (int kind = MFG_BOOL; kind < N_KINDS; kind++) {
        for (int64_t i = 0; i < N; i++) {
            numbers[i] = draw_below(&seed, kind == MFG_BOOL ? 2 : 100);
            absent[i] = i % 3 == 0 || fine[i] % 6 == 2;
        }
        for (int gaps = 0; gaps < 2; gaps++) {
            laid_column made = lay((mfg_kind)kind, N, numbers,
                                   gaps ? absent : NULL, (layout){.step = 1});
            check_folded(&made.column);
            unlay(&made);
        }
    }
}

/* Floats of any magnitude, strays, infinities and NaN. */
static void
test_fold_floats(void)
{
    static double values[N];
    uint64_t seed = 29;

    draw_fine(30);
    for (int range = 0; range < 4; range++) {
        for (int64_t i = 0; i < N; i++) {
            values[i] = range == 0   ? draw_exponent(&seed, 1020, 1030)
                        : range == 1 ? draw_exponent(&seed, 0, 30)
                                     : draw_finite(&seed);
            if (range == 3 && fine[i] % 6 < 4 && i % 200 < 4) {
                values[i] = i % 200 == 0  ? NAN
                            : fine[i] & 1 ? INFINITY
                            : fine[i] & 2 ? -INFINITY
                                          : values[i];
            }
        }
        mfg_column column = dense(MFG_FLOAT64, values);
        check_folded(&column);
    }
}

/* What is named outside of the groups is left out. */
static void
test_fold_leaves_out(void)
{
    const double values[3] = {1.0, 2.0, 4.0};
    const int32_t keys[3] = {0, 1, 2};
    const int64_t from[5] = {0, -1, 1, 2, 2};
    const int64_t to[5] = {0, 0, -3, 5, 1};
    mfg_column key = dense(MFG_INT32, keys);
    mfg_column value = dense(MFG_FLOAT64, values);
    mfg_grouper *grouper = new_grouper(&key, 1, 3);
    mfg_state *state = aggregated(grouper, &key, &value, 1, 3);
    mfg_state *folded = NULL;
    mfg_control control = at_will;
    double sums[2];

    EQUAL(MFG_OK, mfg_state_fold(state, 5, from, to, 2, &folded, &control));
    finish_doubles(folded, 0, MFG_SUM, 2, sums);
    SAME(1.0, sums[0]);
    SAME(4.0, sums[1]);
    mfg_state_free(folded);
    EQUAL(MFG_OK, mfg_state_fold(state, 0, NULL, NULL, 0, &folded, &control));
    EQUAL(0, mfg_state_count(folded));
    mfg_state_free(folded);
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

/* Folding again and again changes no sum and stays within the wide sum, at
 * either end of the exponents and of either sign. */
static void
test_fold_again_and_again(void)
{
    static const double values[] = {-DBL_MAX, DBL_MAX, -1.0,      1.0,
                                    -5e-324,  5e-324,  -0x1p1000, -0x1p-1000};
    const int64_t group = 0;
    mfg_control control = at_will;

    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        mfg_column value = dense(MFG_FLOAT64, &values[v]);
        mfg_grouper *grouper = new_grouper(NULL, 0, 1);
        mfg_state *state = aggregated(grouper, NULL, &value, 1, 1);
        for (int round = 0; round < 70; round++) {
            mfg_state *folded = NULL;
            double sum;
            EQUAL(MFG_OK, mfg_state_fold(state, 1, &group, &group, 1, &folded,
                                         &control));
            finish_doubles(folded, 0, MFG_SUM, 1, &sum);
            SAME(values[v], sum);
            mfg_state_free(state);
            state = folded;
        }
        mfg_state_free(state);
        mfg_grouper_free(grouper);
    }
}

void
suite_fold(void)
{
    RUN(test_fold_integers);
    RUN(test_fold_floats);
    RUN(test_fold_leaves_out);
    RUN(test_fold_again_and_again);
}
