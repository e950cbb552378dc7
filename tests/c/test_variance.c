/* Variances: within 4 ulp of the exact ones. */
#include "aggregating.h"
#include "check.h"
#include "columns.h"
#include "exact.h"
#include "grouping.h"
#include "suites.h"
#include "twins.h"

#include <float.h>
#include <math.h>

#define N 3001

static int64_t numbers[N];
static double doubles[N];
static int32_t regions[N];

/* (n sum(x^2) - sum(x)^2) / (n (n - 1)), exact up to the division, of the
 * integers of a group; NaN below two of them. */
static double
twin_variance(int32_t group)
{
    mfg_int128 squares = 0;
    mfg_int128 sum = 0;
    int64_t n = 0;

    for (int64_t i = 0; i < N; i++) {
        if (regions[i] == group) {
            squares += (mfg_int128)numbers[i] * numbers[i];
            sum += numbers[i];
            n++;
        }
    }
    if (n < 2) {
        return NAN;
    }
    return (double)(n * squares - sum * sum) / (double)(n * (n - 1));
}

static void
spreads_of(mfg_column value, int n_groups, int is_root, double *spreads)
{
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, regions);
    mfg_grouper *grouper = new_grouper(&key, 1, N);
    mfg_state *state = aggregated(grouper, &key, &value, 1, N);

    EQUAL(n_groups, mfg_grouper_count(grouper));
    EQUAL(MFG_OK, mfg_variances(state, 0, is_root, grouper, &key, &value, N,
                                spreads, &control));
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

static void
variances_of(mfg_column value, int n_groups, double *variances)
{
    spreads_of(value, n_groups, 0, variances);
}

static int
is_near(double expected, double actual, double scale)
{
    if (isnan(expected)) {
        return isnan(actual);
    }
    return fabs(actual - expected * scale) <=
           4 * DBL_EPSILON * expected * scale;
}

/* As int64, as uint64 where none is negative, and as floats at three scales,
 * numbers have the same variance. */
static void
check_variances(int n_groups)
{
    static const double scales[] = {1.0, 0x1p-40, 0x1p400};
    double variances[64];
    int64_t least = 0;

    for (int64_t i = 0; i < N; i++) {
        least = numbers[i] < least ? numbers[i] : least;
    }
    for (int s = -2; s < 3; s++) {
        double scale = s < 0 ? 1.0 : scales[s] * scales[s];
        for (int64_t i = 0; i < N; i++) {
            doubles[i] = (double)numbers[i] * (s < 0 ? 1.0 : scales[s]);
        }
        if (s == -1 && least < 0) {
            continue;
        }
        variances_of(s == -2   ? dense(MFG_INT64, numbers)
                     : s == -1 ? dense(MFG_UINT64, numbers)
                               : dense(MFG_FLOAT64, doubles),
                     n_groups, variances);
        for (int32_t g = 0; g < n_groups; g++) {
            double expected = twin_variance(g);
            CHECK(is_near(expected, variances[g], scale));
        }
    }
}

/* Random numbers, wide and far from zero, in many groups. */
static void
test_variance_of_random_numbers(void)
{
    uint64_t seed = 31;

    for (int64_t i = 0; i < N; i++) {
        regions[i] = i < 40 ? (int32_t)i : (int32_t)draw_below(&seed, 39);
    }
    for (int64_t span = 2; span < INT64_C(1) << 42; span *= 37) {
        for (int64_t i = 0; i < N; i++) {
            numbers[i] = draw_below(&seed, span);
        }
        check_variances(40); /* group 39 has one record */
        for (int64_t i = 0; i < N; i++) {
            numbers[i] -= INT64_C(1) << 45;
        }
        check_variances(40);
    }
}

/* One value among many others like it: the mean is next to an integer from
 * below, or from above. */
static void
test_variance_of_one_odd_value(void)
{
    for (int64_t other = -2; other <= 2; other++) {
        for (int64_t i = 0; i < N; i++) {
            regions[i] = 0;
            numbers[i] = i == 77 ? other : 1;
        }
        check_variances(1);
    }
}

/* Values that are all alike vary by nothing, however large or small. */
static void
test_variance_of_equal_values(void)
{
    static const double values[] = {
        0.1, 1e300, DBL_MAX / 4096, -1e-300, 5e-324, 0x1p511, 3.0, -0.0};
    double variance;

    for (int64_t i = 0; i < N; i++) {
        regions[i] = 0;
    }
    for (size_t v = 0; v < sizeof values / sizeof *values; v++) {
        for (int64_t i = 0; i < N; i++) {
            doubles[i] = values[v];
        }
        variances_of(dense(MFG_FLOAT64, doubles), 1, &variance);
        SAME(0.0, variance);
    }
}

/* Squares leave the doubles long before deviations do: values times 2^k have a
 * standard deviation times 2^k, and a variance that is right or beyond. */
static void
test_spreads_at_every_scale(void)
{
    double once[3] = {0.0, 0.0, 0.0};
    double spreads[3];

    for (int k = -960; k <= 1013; k = k == -960 ? -900 : k + 100) {
        k = k > 900 && k < 1013 ? 1013 : k;
        for (int64_t i = 0; i < N; i++) {
            regions[i] = (int32_t)(i % 3);
            numbers[i] = i * 7919 % 1009 - 400;
            doubles[i] = (double)numbers[i];
        }
        spreads_of(dense(MFG_FLOAT64, doubles), 3, 1, once);
        for (int64_t i = 0; i < N; i++) {
            doubles[i] = ldexp(doubles[i], k);
        }
        spreads_of(dense(MFG_FLOAT64, doubles), 3, 1, spreads);
        for (int g = 0; g < 3; g++) {
            CHECK(is_near(once[g], spreads[g], ldexp(1.0, k)));
        }
        variances_of(dense(MFG_FLOAT64, doubles), 3, spreads);
        for (int g = 0; g < 3; g++) {
            double expected = ldexp(twin_variance(g), 2 * k);
            CHECK(isinf(expected) ? isinf(spreads[g])
                                  : fabs(spreads[g] - expected) <=
                                        4 * DBL_EPSILON * expected + 5e-324);
        }
    }
}

/* Groups of all sizes in one column do not disturb each other, and differences
 * beyond all doubles have a deviation all the same. */
static void
test_spreads_of_groups_of_all_sizes(void)
{
    double spreads[3];

    for (int64_t i = 0; i < N; i++) {
        static const double sizes[3] = {DBL_MAX / 2, 1.0, 5e-324};
        regions[i] = (int32_t)(i % 3);
        doubles[i] = i / 3 % 2 ? sizes[i % 3] : -sizes[i % 3];
    }
    regions[N - 1] = 1; /* an odd record, so that pairs are complete */
    doubles[N - 1] = 0.0;
    spreads_of(dense(MFG_FLOAT64, doubles), 3, 1, spreads);
    CHECK(fabs(spreads[0] / DBL_MAX - 0.5) < 1e-3);
    CHECK(fabs(spreads[1] - 1.0) < 1e-3);
    SAME(5e-324, spreads[2]);
}

/* An infinity makes the variance of its group NaN and of no other; missing
 * values count nowhere. */
static void
test_variance_of_special_values(void)
{
    double variances[3];

    for (int64_t i = 0; i < N; i++) {
        regions[i] = (int32_t)(i % 3);
        doubles[i] = i < 6 ? (double)i : NAN;
    }
    doubles[1] = INFINITY;
    variances_of(dense(MFG_FLOAT64, doubles), 3, variances);
    SAME(4.5, variances[0]);
    SAME(NAN, variances[1]);
    SAME(4.5, variances[2]);
}

/* The ends of the integers are subtracted before they are rounded. */
static void
test_variance_at_the_ends_of_integers(void)
{
    static uint64_t unsigneds[N];
    double variance;

    for (int64_t i = 0; i < N; i++) {
        regions[i] = 0;
        numbers[i] = INT64_MAX - (i % 2 ? 2 : 0);
        unsigneds[i] = UINT64_MAX - (i % 2 ? 2 : 0);
    }
    double expected = 4.0 * 1500 * 1501 / N / (N - 1);
    variances_of(dense(MFG_INT64, numbers), 1, &variance);
    CHECK(is_near(expected, variance, 1.0));
    variances_of(dense(MFG_UINT64, unsigneds), 1, &variance);
    CHECK(is_near(expected, variance, 1.0));
}

/* Records that are left out, or of groups that the state does not know, are
 * passed over. */
static void
test_variance_passes_over_other_records(void)
{
    static const double values[6] = {1.0, 100.0, 3.0, 7.0, 5.0, 8.0};
    static const int32_t codes[6] = {0, -1, 0, 1, -1, 2};
    mfg_control control = at_will;
    mfg_column key = dense(MFG_INT32, codes);
    mfg_column value = dense(MFG_FLOAT64, values);
    double variances[2];

    key.negative_missing = 1;
    key.leaves_out = 1;
    mfg_grouper *grouper = new_grouper(&key, 1, 6);
    mfg_state *state = aggregated(grouper, &key, &value, 1, 4);
    EQUAL(MFG_OK, mfg_variances(state, 0, 0, grouper, &key, &value, 6,
                                variances, &control));
    SAME(2.0, variances[0]);
    SAME(NAN, variances[1]);
    mfg_state_free(state);
    mfg_grouper_free(grouper);
}

void
suite_variance(void)
{
    RUN(test_variance_of_random_numbers);
    RUN(test_variance_of_one_odd_value);
    RUN(test_variance_of_equal_values);
    RUN(test_spreads_at_every_scale);
    RUN(test_spreads_of_groups_of_all_sizes);
    RUN(test_variance_of_special_values);
    RUN(test_variance_at_the_ends_of_integers);
    RUN(test_variance_passes_over_other_records);
}
