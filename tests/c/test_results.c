/* Results of many groups straight from their parts: the same labels and bits as
 * from the states of records taken row by row. */
#include "check.h"
#include "columns.h"
#include "encode.h"
#include "gathering.h"
#include "state.h"
#include "suites.h"
#include "twins.h"

#include <math.h>
#include <stdatomic.h>

#define N ((1 << 21) + 100000) /* two chunks of small ids */
#define FEW (INT64_C(1) << 18) /* the fewest that are put apart */

extern _Atomic int64_t mfg_allocations_left;

static int32_t plain[N];
static int64_t sparse[N];
static int16_t shorts[N];
static uint64_t clustered[N];
static double decimals[N];
static double floats[N];
static double others[N];

static void
fill_records(int64_t n_labels)
{
    uint64_t seed = 71;

    for (int64_t i = 0; i < N; i++) {
        int64_t label = draw_below(&seed, n_labels);
        plain[i] = (int32_t)(label - n_labels / 2);
        sparse[i] = (int64_t)mfg_mix((uint64_t)label);
        shorts[i] = (int16_t)(label % 211);
        clustered[i] = (uint64_t)label | (uint64_t)(label % 2) << 63;
        decimals[i] = ((double)label + 1) / 8;
        floats[i] = draw_exponent(&seed, i % 50 ? 1010 : 1, 1040);
        floats[i] = i % 1000 == 3 ? NAN : i % 90001 == 5 ? INFINITY : floats[i];
        others[i] = (double)draw_below(&seed, 1000) - 500;
    }
}

/* Room for the labels of all keys and for all statistics of all values. */
typedef struct answers {
    int64_t n;
    void *labels[3];
    mfg_word *words;
    mfg_result results[2 * (MFG_MAX + 1)];
    int n_results;
} answers;

static answers
make_room(const records *from, int64_t n)
{
    answers made = {.n = n};

    made.words = mfg_alloc((size_t)n, 2 * (MFG_MAX + 1) * sizeof *made.words);
    for (int k = 0; k < from->n_keys; k++) {
        made.labels[k] = mfg_alloc_zeros((size_t)n, sizeof(mfg_word));
    }
    for (int v = 0; v < from->n_values; v++) {
        for (int s = MFG_COUNT; s <= MFG_MAX; s++, made.n_results++) {
            made.results[made.n_results] = (mfg_result){
                v, (mfg_statistic)s, made.words + made.n_results * n};
        }
    }
    return made;
}

static void
free_answers(const records *from, answers *made)
{
    mfg_free(made->words);
    for (int k = 0; k < from->n_keys; k++) {
        mfg_free(made->labels[k]);
    }
}

/* The same from states. */
static answers
expect(const records *from)
{
    mfg_control control = at_will;
    gathered made = gather(from, 1, 0);
    int64_t n = mfg_grouper_count(made.grouper);
    answers expected = make_room(from, n);
    int64_t *order = mfg_alloc((size_t)n, sizeof *order);

    EQUAL(MFG_OK, mfg_grouper_order(made.grouper, order, &control));
    for (int k = 0; k < from->n_keys; k++) {
        mfg_grouper_labels(made.grouper, k, n, order, expected.labels[k], NULL);
    }
    for (int r = 0; r < expected.n_results; r++) {
        const mfg_result *result = &expected.results[r];
        EQUAL(MFG_OK,
              mfg_state_finish(made.state, result->value, result->statistic, n,
                               order, result->results, &control));
    }
    mfg_free(order);
    free_gathered(&made);
    return expected;
}

static void
check_answers(const records *from, const answers *expected, int n_threads)
{
    mfg_control control = {.where = -1, .n_threads = n_threads};
    size_t n = (size_t)expected->n;
    gathered made;
    mfg_crowd *crowd;

    EQUAL(MFG_OK, mfg_gather(from->keys, from->n_keys, from->values,
                             from->n_values, from->n_rows, 1, 0, &crowd,
                             &made.grouper, &made.state, &control));
    CHECK(crowd != NULL && made.grouper == NULL && made.state == NULL);
    if (crowd == NULL) {
        return;
    }
    EQUAL(expected->n, mfg_crowd_groups(crowd));
    if (expected->n == mfg_crowd_groups(crowd)) {
        answers actual = make_room(from, expected->n);
        EQUAL(MFG_OK, mfg_crowd_finish(crowd, actual.labels, actual.results,
                                       actual.n_results, &control));
        for (int k = 0; k < from->n_keys; k++) {
            CHECK(memcmp(expected->labels[k], actual.labels[k],
                         n * sizeof(mfg_word)) == 0);
        }
        for (int r = 0; r < actual.n_results; r++) {
            CHECK(memcmp(expected->results[r].results,
                         actual.results[r].results, n * sizeof(mfg_word)) == 0);
        }
        free_answers(from, &actual);
    }
    mfg_crowd_free(crowd);
}

static void
check_results(int64_t n_rows, int n_values, mfg_column key, mfg_column second)
{
    records from = {.n_rows = n_rows,
                    .n_keys = 1 + (second.data != NULL),
                    .keys = {key, second},
                    .n_values = n_values};

    from.values[0] = dense(MFG_FLOAT64, floats);
    from.values[1] = dense(MFG_FLOAT64, others);
    answers expected = expect(&from);
    for (int n_threads = 1; n_threads <= 3; n_threads++) {
        check_answers(&from, &expected, n_threads);
    }
    free_answers(&from, &expected);
}

static const mfg_column none = {0};

/* Several rows of each group: they are added to states of their parts. */
static void
test_results_of_groups_of_several_rows(void)
{
    fill_records(40000);
    check_results(FEW, 2, dense(MFG_INT32, plain), none);
    check_results(FEW, 2, dense(MFG_INT64, sparse), none);
    check_results(FEW, 1, dense(MFG_UINT64, sparse), none);
    check_results(FEW, 1, dense(MFG_FLOAT64, decimals), none);
    check_results(FEW, 1, dense(MFG_INT16, shorts), dense(MFG_INT32, plain));
    fill_records(300000);
    check_results(N, 1, dense(MFG_INT32, plain), none);
    check_results(N, 1, dense(MFG_INT64, sparse), none);
}

/* So many rows for each group that they do not come to their parts at once. */
static void
test_results_of_groups_of_many_rows(void)
{
    fill_records(40000);
    check_results(N, 2, dense(MFG_INT64, sparse), none);
    check_results(N, 1, dense(MFG_FLOAT64, decimals), none);
}

/* Nearly as many groups as rows: the rows of a part are sorted. */
static void
test_results_of_groups_of_one_row(void)
{
    for (int64_t n_labels = FEW; n_labels <= 8 * FEW; n_labels *= 8) {
        fill_records(n_labels);
        check_results(FEW, 1, dense(MFG_INT32, plain), none);
        check_results(FEW, 2, dense(MFG_INT32, plain), none);
        check_results(FEW, 1, dense(MFG_INT64, sparse), none);
        check_results(FEW, 2, dense(MFG_INT64, sparse), none);
        check_results(FEW, 1, dense(MFG_FLOAT64, decimals), none);
    }
    for (int64_t i = 0; i < FEW; i++) { /* a group of more rows than a block */
        sparse[i] = i % 9 == 0 ? 7 : sparse[i];
        plain[i] = i % 9 == 0 ? 7 : plain[i];
    }
    check_results(FEW, 1, dense(MFG_INT64, sparse), none);
    check_results(FEW, 1, dense(MFG_INT32, plain), none);
}

/* A group with half of the rows or nine of ten hides no crowd of others; rows
 * of sorted keys tell how many there are, though neighbors are alike. */
static void
test_results_beside_a_heavy_group(void)
{
    fill_records(300000);
    for (int64_t i = 0; i < N; i += 2) {
        plain[i] = 7;
        sparse[i] = 7;
    }
    check_results(FEW, 1, dense(MFG_INT64, sparse), none);
    check_results(FEW, 2, dense(MFG_INT64, sparse), none);
    for (int64_t i = 0; i < N; i++) {
        plain[i] = i % 10 == 1 ? plain[i] : 7;
        sparse[i] = i % 10 == 1 ? sparse[i] : 7;
    }
    check_results(N, 1, dense(MFG_INT64, sparse), none);
    check_results(N, 1, dense(MFG_INT32, plain), none);
    for (int64_t i = 0; i < N; i++) {
        plain[i] = (int32_t)(i / 40);
        sparse[i] = i / 40 * 123456789;
    }
    check_results(N, 1, dense(MFG_INT64, sparse), none);
    check_results(N, 1, dense(MFG_INT32, plain), none);
}

static void
check_no_crowd(mfg_column key, mfg_column value)
{
    mfg_control control = {.where = -1, .n_threads = 2};
    gathered made;
    mfg_crowd *crowd;

    EQUAL(MFG_OK, mfg_gather(&key, 1, &value, 1, FEW, 1, 0, &crowd,
                             &made.grouper, &made.state, &control));
    CHECK(crowd == NULL && made.grouper != NULL && made.state != NULL);
    mfg_crowd_free(crowd);
    free_gathered(&made);
}

/* Few groups, missing labels, values that are integers, ids that share their
 * highest bits: left to states. */
static void
test_results_are_left_to_states(void)
{
    mfg_column half = {.kind = MFG_FLOAT16, .data = (const char *)shorts};

    half.stride = 2;
    fill_records(60000);
    decimals[9] = NAN;
    check_no_crowd(dense(MFG_INT16, shorts), dense(MFG_FLOAT64, floats));
    check_no_crowd(half, dense(MFG_FLOAT64, floats));
    check_no_crowd(dense(MFG_FLOAT64, decimals), dense(MFG_FLOAT64, floats));
    check_no_crowd(dense(MFG_UINT64, clustered), dense(MFG_FLOAT64, floats));
    check_no_crowd(dense(MFG_INT32, plain), dense(MFG_INT64, sparse));
}

static mfg_status
try_results(const records *from, const answers *room)
{
    mfg_control control = at_will;
    gathered made;
    mfg_crowd *crowd;
    mfg_status status =
        mfg_gather(from->keys, 1, from->values, 1, from->n_rows, 1, 0, &crowd,
                   &made.grouper, &made.state, &control);

    CHECK(made.grouper == NULL && made.state == NULL);
    if (status == MFG_OK && crowd != NULL) {
        status = mfg_crowd_finish(crowd, room->labels, room->results,
                                  room->n_results, &control);
    }
    mfg_crowd_free(crowd);
    return status;
}

/* Whichever allocation fails is said, and all memory is given back. */
static void
test_results_without_memory(void)
{
    fill_records(FEW);
    for (int wide = 0; wide < 2; wide++) {
        for (int64_t n_labels = 40000; n_labels <= 8 * FEW;
             n_labels = 8 * n_labels) {
            records from = {.n_rows = FEW, .n_keys = 1, .n_values = 1};
            fill_records(n_labels);
            from.keys[0] =
                wide ? dense(MFG_INT64, sparse) : dense(MFG_INT32, plain);
            from.values[0] = dense(MFG_FLOAT64, floats);
            answers room = make_room(&from, n_labels);
            int64_t left = 0;
            for (mfg_status status = MFG_NO_MEMORY; status == MFG_NO_MEMORY;
                 left += left / 4 + 1) {
                mfg_allocations_left = left;
                status = try_results(&from, &room);
                mfg_allocations_left = -1;
                CHECK(status == MFG_OK || status == MFG_NO_MEMORY);
            }
            CHECK(left > 8);
            free_answers(&from, &room);
        }
    }
}

void
suite_results(void)
{
    RUN(test_results_of_groups_of_several_rows);
    RUN(test_results_of_groups_of_many_rows);
    RUN(test_results_beside_a_heavy_group);
    RUN(test_results_of_groups_of_one_row);
    RUN(test_results_are_left_to_states);
    RUN(test_results_without_memory);
}
