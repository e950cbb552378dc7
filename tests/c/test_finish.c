/* What is finished from states: order, overflow, differences. */
#include "aggregating.h"
#include "check.h"
#include "columns.h"
#include "exact.h"
#include "grouping.h"
#include "suites.h"
#include "twins.h"

#include <float.h>
#include <math.h>

/* The state of these values, each in the group of the same place in keys. */
typedef struct small {
    mfg_grouper *grouper;
    mfg_state *state;
} small;

static small
small_state(int64_t n, const int32_t *keys, mfg_kind kind, const void *values)
{
    mfg_column key = dense(MFG_INT32, keys);
    mfg_column value = dense(kind, values);
    small made;

    made.grouper = new_grouper(&key, 1, n);
    made.state = aggregated(made.grouper, &key, &value, 1, n);
    return made;
}

static void
free_small(small made)
{
    mfg_state_free(made.state);
    mfg_grouper_free(made.grouper);
}

static const int32_t pairs[6] = {0, 0, 1, 1, 2, 2};

/* A sum of int64 that does not fit is refused and named by its place; those
 * that just fit are given. */
static void
test_finish_refuses_sums_beyond_int64(void)
{
    const int64_t values[6] = {INT64_MAX - 1, 1, INT64_MIN + 1, -1,
                               INT64_MAX,     1};
    const int64_t negative[6] = {0, 0, INT64_MIN, -1, 0, 0};
    const int64_t backward[3] = {2, 1, 0};
    mfg_control control = at_will;
    int64_t sums[3] = {0};
    double totals[3];
    small made = small_state(6, pairs, MFG_INT64, values);

    EQUAL(MFG_OVERFLOW,
          mfg_state_finish(made.state, 0, MFG_SUM, 3, NULL, sums, &control));
    EQUAL(2, control.where);
    CHECK(sums[0] == INT64_MAX);
    CHECK(sums[1] == INT64_MIN);
    EQUAL(MFG_OVERFLOW, mfg_state_finish(made.state, 0, MFG_SUM, 3, backward,
                                         sums, &control));
    EQUAL(0, control.where);
    EQUAL(MFG_OK,
          mfg_state_finish(made.state, 0, MFG_SUM, 2, NULL, sums, &control));
    finish_doubles(made.state, 0, MFG_TOTAL, 3, totals);
    SAME(0x1p63, totals[2]);
    SAME(-0x1p63, totals[1]);
    free_small(made);
    made = small_state(6, pairs, MFG_INT64, negative);
    EQUAL(MFG_OVERFLOW,
          mfg_state_finish(made.state, 0, MFG_SUM, 3, NULL, sums, &control));
    EQUAL(1, control.where);
    free_small(made);
}

/* The same for uint64, whose values above 2^63 stay what they are. */
static void
test_finish_refuses_sums_beyond_uint64(void)
{
    const uint64_t values[6] = {UINT64_MAX - 1, 1, (uint64_t)1 << 63, 5,
                                UINT64_MAX,     1};
    mfg_control control = at_will;
    uint64_t sums[3] = {0};
    double totals[3];
    small made = small_state(6, pairs, MFG_UINT64, values);

    EQUAL(MFG_OVERFLOW,
          mfg_state_finish(made.state, 0, MFG_SUM, 3, NULL, sums, &control));
    EQUAL(2, control.where);
    CHECK(sums[0] == UINT64_MAX);
    CHECK(sums[1] == ((uint64_t)1 << 63) + 5);
    EQUAL(MFG_OK,
          mfg_state_finish(made.state, 0, MFG_MIN, 3, NULL, sums, &control));
    EQUAL(1, sums[0]);
    EQUAL(5, sums[1]);
    EQUAL(MFG_OK,
          mfg_state_finish(made.state, 0, MFG_MAX, 3, NULL, sums, &control));
    CHECK(sums[2] == UINT64_MAX);
    finish_doubles(made.state, 0, MFG_TOTAL, 3, totals);
    SAME(0x1p64, totals[2]);
    finish_doubles(made.state, 0, MFG_MEAN, 3, totals);
    SAME(0x1p63, totals[2]);
    free_small(made);
}

/* Results come in the order asked for, a group as often as it is named. */
static void
test_finish_follows_the_order(void)
{
    const int64_t values[6] = {1, 2, 10, 20, 100, 200};
    const int64_t order[5] = {2, 0, 1, 0, 2};
    const int64_t expected[5] = {300, 3, 30, 3, 300};
    int64_t sums[5];
    mfg_control control = at_will;
    small made = small_state(6, pairs, MFG_INT64, values);

    EQUAL(MFG_OK,
          mfg_state_finish(made.state, 0, MFG_SUM, 5, order, sums, &control));
    for (int i = 0; i < 5; i++) {
        EQUAL(expected[i], sums[i]);
    }
    free_small(made);
}

/* Without a record the group of no key has count 0, sum 0, and no mean. */
static void
test_finish_no_record(void)
{
    const double none = 0;
    mfg_column value = dense(MFG_FLOAT64, &none);
    mfg_grouper *grouper = new_grouper(NULL, 0, 0);
    mfg_state *state = aggregated(grouper, NULL, &value, 1, 0);
    double result;

    finish_doubles(state, 0, MFG_SUM, 1, &result);
    SAME(0.0, result);
    finish_doubles(state, 0, MFG_MEAN, 1, &result);
    SAME(NAN, result);
    finish_doubles(state, 0, MFG_MIN, 1, &result);
    SAME(NAN, result);
    finish_doubles(state, 0, MFG_COUNT, 1, &result);
    SAME(0.0, result); /* the bits of an integer 0 */
    mfg_state_free(state);
    mfg_grouper_free(grouper);
    mfg_state_free(NULL);
}

/* Zeros come out as +0.0, whichever sign they had or rounding gave them. */
static void
test_finish_gives_positive_zeros(void)
{
    const double values[6] = {-0.0, -0.0, -5e-324, 0.0, 1.0, -1.0};
    double results[3];
    small made = small_state(6, pairs, MFG_FLOAT64, values);

    finish_doubles(made.state, 0, MFG_SUM, 3, results);
    SAME(0.0, results[0]);
    SAME(0.0, results[2]);
    finish_doubles(made.state, 0, MFG_MIN, 3, results);
    SAME(0.0, results[0]);
    finish_doubles(made.state, 0, MFG_MAX, 3, results);
    SAME(0.0, results[0]);
    finish_doubles(made.state, 0, MFG_MEAN, 3, results);
    SAME(0.0, results[0]);
    SAME(0.0, results[1]); /* half of the least negative number */
    SAME(0.0, results[2]);
    free_small(made);
}

/* Differences are formed before anything is rounded: 1 + 2^-54 less 1 is not
 * 0. */
static void
test_finish_differences_are_exact(void)
{
    const double values[6] = {1.0, 0x1p-54, 1.0, 0.0, 1e300, -1e-300};
    const int64_t later[6] = {0, 1, 0, -1, 2, -1};
    const int64_t earlier[6] = {1, 0, -1, 0, 0, -1};
    double results[6];
    mfg_control control = at_will;
    small made = small_state(6, pairs, MFG_FLOAT64, values);
    const double expected[6] = {0x1p-54, -0x1p-54, 1.0, -1.0, 1e300, 0.0};

    EQUAL(MFG_OK, mfg_state_differences(made.state, 0, 6, later, earlier,
                                        results, &control));
    for (int i = 0; i < 6; i++) {
        SAME(expected[i], results[i]);
    }
    free_small(made);
}

/* Differences of random sums, with infinities, are the twins'. */
static void
test_finish_differences_of_random_sums(void)
{
    enum { n = 600, n_groups = 30 };
    static int32_t keys[n];
    static double values[n];
    static twin_sum twin;
    uint64_t seed = 26;
    mfg_control control = at_will;

    for (int i = 0; i < n; i++) {
        keys[i] = i % n_groups;
        values[i] = draw_exponent(&seed, i < n / 2 ? 1000 : 700, 1200);
        if (i % n_groups < 4 && i >= 500 && i < 560) {
            values[i] = (i % n_groups) & (i < 530 ? 1 : 2)
                            ? (i < 530 ? INFINITY : -INFINITY)
                            : values[i];
        }
    }
    small made = small_state(n, keys, MFG_FLOAT64, values);
    for (int64_t a = 0; a < n_groups; a++) {
        for (int64_t b = 0; b < n_groups; b++) {
            double difference;
            twin_clear(&twin);
            for (int i = 0; i < n; i++) {
                if (a != b && (keys[i] == a || keys[i] == b)) {
                    twin_add(&twin, keys[i] == a ? values[i] : -values[i]);
                }
                else if (a == b && keys[i] == a && isinf(values[i])) {
                    twin.plus = twin.minus = 1;
                }
            }
            EQUAL(MFG_OK, mfg_state_differences(made.state, 0, 1, &a, &b,
                                                &difference, &control));
            SAME(twin_round(&twin), difference);
        }
    }
    free_small(made);
}

/* Differences of integers are exact; one that does not fit int64 is named. */
static void
test_finish_differences_of_integers(void)
{
    const int64_t values[6] = {INT64_MAX, 0, INT64_MAX, -1, -1, 0};
    const uint64_t large[6] = {UINT64_MAX, 0, UINT64_MAX, 0, 5, 0};
    const int64_t later[3] = {0, 1, 0};
    const int64_t earlier[3] = {1, -1, 2};
    int64_t results[3] = {0};
    mfg_control control = at_will;
    small made = small_state(6, pairs, MFG_INT64, values);

    EQUAL(MFG_OVERFLOW, mfg_state_differences(made.state, 0, 3, later, earlier,
                                              results, &control));
    EQUAL(2, control.where);
    EQUAL(1, results[0]);
    CHECK(results[1] == INT64_MAX - 1);
    free_small(made);
    made = small_state(6, pairs, MFG_UINT64, large);
    EQUAL(MFG_OVERFLOW, mfg_state_differences(made.state, 0, 3, later, earlier,
                                              results, &control));
    EQUAL(1, control.where);
    EQUAL(0, results[0]);
    free_small(made);
}

void
suite_finish(void)
{
    RUN(test_finish_refuses_sums_beyond_int64);
    RUN(test_finish_refuses_sums_beyond_uint64);
    RUN(test_finish_follows_the_order);
    RUN(test_finish_no_record);
    RUN(test_finish_gives_positive_zeros);
    RUN(test_finish_differences_are_exact);
    RUN(test_finish_differences_of_random_sums);
    RUN(test_finish_differences_of_integers);
}
