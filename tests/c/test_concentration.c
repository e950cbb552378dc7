/* Concentration: one pass by binade and two passes agree, on any workers. */
#include "check.h"
#include "columns.h"
#include "suites.h"
#include "twins.h"

#include <math.h>

#define N 4000
#define GROUPS 5

static int32_t regions[N];
static double values[N];

static const int64_t few[2] = {1, 4};
static const int64_t many[2] = {1, 1000}; /* too many leaders for one pass */

typedef struct found {
    mfg_grouper *grouper;
    mfg_concentration *groups;
    double *leading;
} found;

static found
concentrate(int64_t n, const mfg_column *key, const mfg_column *value,
            const int64_t *ranks, int n_threads)
{
    found made = {NULL, NULL, NULL};
    mfg_control control = {.n_threads = n_threads};

    EQUAL(MFG_OK, mfg_concentrations(key, 1, value, n, 2, ranks, &made.grouper,
                                     &made.groups, &made.leading, &control));
    return made;
}

static void
release(found *made)
{
    mfg_grouper_free(made->grouper);
    mfg_free(made->groups);
    mfg_free(made->leading);
}

static int
is_close(double a, double b)
{
    return (isnan(a) && isnan(b)) || fabs(a - b) <= 2e-15 * fmax(1, fabs(a));
}

/* Magnitudes from 2^-span to 2^span, zeros, missing values and rows left out.
 */
static void
draw_records(uint64_t seed, int span)
{
    for (int64_t i = 0; i < N; i++) {
        regions[i] = (int32_t)draw_below(&seed, GROUPS + 1) - 1;
        values[i] = ldexp(1 + (double)draw_below(&seed, 1000000) / 999983,
                          (int)draw_below(&seed, 2 * span + 1) - span);
        values[i] = i % 11 == 3 ? 0 : i % 17 == 4 ? NAN : values[i];
    }
}

static void
check_agreement(mfg_kind kind, const void *items)
{
    mfg_column key = dense(MFG_INT32, regions);
    mfg_column value = dense(kind, items);

    key.negative_missing = 1;
    key.leaves_out = 1;
    found once = concentrate(N, &key, &value, few, 1);
    found twice = concentrate(N, &key, &value, many, 1);
    EQUAL(GROUPS, mfg_grouper_count(once.grouper));
    for (int64_t g = 0; g < GROUPS; g++) {
        const mfg_concentration *a = &once.groups[g];
        const mfg_concentration *b = &twice.groups[g];
        EQUAL(b->members, a->members);
        SAME(b->total, a->total);
        SAME(b->primacy, a->primacy);
        SAME(twice.leading[2 * g], once.leading[2 * g]);
        CHECK(is_close(b->herfindahl, a->herfindahl));
        CHECK(is_close(b->normalized, a->normalized));
        CHECK(is_close(b->entropy, a->entropy));
    }
    release(&once);
    release(&twice);
}

static void
test_both_ways_agree(void)
{
    static int64_t integers[N];

    for (int span = 0; span < 1000; span = 3 * span + 1) {
        draw_records(7 + (uint64_t)span, span);
        check_agreement(MFG_FLOAT64, values);
    }
    for (int64_t i = 0; i < N; i++) {
        integers[i] = i * i % 1000;
    }
    check_agreement(MFG_INT64, integers);
    check_agreement(MFG_UINT64, integers);
}

/* What one pass does not take is measured all the same. */
static void
test_what_has_no_binade(void)
{
    const double odd[4] = {-1, INFINITY, 0x1p-1050, 0x1p-1074};
    static int64_t integers[N];

    for (int k = 0; k < 4; k++) {
        draw_records(3, 4);
        regions[N - 1] = 0;
        values[N - 1] = odd[k];
        check_agreement(MFG_FLOAT64, values);
    }
    for (int64_t i = 0; i < N; i++) {
        integers[i] = (INT64_C(1) << 53) + i;
    }
    check_agreement(MFG_INT64, integers);
}

/* A group far below others was read beyond its wide sums: the binades above its
 * own, where it has nothing, have no limb there. */
static void
test_groups_far_apart(void)
{
    for (int64_t i = 0; i < N; i++) {
        int32_t region = (int32_t)(i % GROUPS);
        regions[i] = region;
        values[i] = ldexp(1 + (double)(i % 97) / 89, 500 * region - 1000);
    }
    check_agreement(MFG_FLOAT64, values);
}

/* 2^13 groups of 20 binades are too many; so are they where no worker alone has
 * them all. */
static void
test_many_binades(void)
{
    const int64_t n = 2 * 131072;
    int32_t *keys = mfg_alloc((size_t)n, sizeof *keys);
    double *items = mfg_alloc((size_t)n, sizeof *items);
    mfg_column key = dense(MFG_INT32, keys);
    mfg_column value = dense(MFG_FLOAT64, items);

    for (int64_t i = 0; i < n; i++) {
        keys[i] = (int32_t)(i / 32);
        items[i] = ldexp(1 + (double)(i % 7), (int)(i % 20));
    }
    found one = concentrate(n, &key, &value, few, 1);
    found two = concentrate(n, &key, &value, few, 2);
    EQUAL(n / 32, mfg_grouper_count(one.grouper));
    EQUAL(0, memcmp(one.groups, two.groups,
                    (size_t)(n / 32) * sizeof *one.groups));
    release(&one);
    release(&two);
    mfg_free(keys);
    mfg_free(items);
}

/* More equal numbers than 128 bits hold the squares of, on any workers. */
static void
test_squares_are_carried(void)
{
    const int64_t n = 3 * (INT64_C(1) << 22) + 5;
    const int32_t region = 3;
    const double x = 2 - 0x1p-52;
    mfg_column key = repeated(MFG_INT32, &region);
    mfg_column value = repeated(MFG_FLOAT64, &x);

    for (int workers = 1; workers <= 3; workers++) {
        found made = concentrate(n, &key, &value, few, workers);
        EQUAL(n, made.groups[0].members);
        SAME((double)n * x, made.groups[0].total);
        SAME(1 / (double)n, made.groups[0].herfindahl);
        SAME(0, made.groups[0].normalized);
        SAME(1, made.groups[0].primacy);
        CHECK(is_close(log((double)n), made.groups[0].entropy));
        release(&made);
    }
}

void
suite_concentration(void)
{
    RUN(test_both_ways_agree);
    RUN(test_what_has_no_binade);
    RUN(test_groups_far_apart);
    RUN(test_many_binades);
    RUN(test_squares_are_carried);
}
