/* Records of very many groups: put apart, added a part at a time, brought back
 * in the order of labels; the same groups and bits as row by row. */
#include "check.h"
#include "columns.h"
#include "crowd.h"
#include "encode.h"
#include "gathering.h"
#include "suites.h"
#include "twins.h"

#include <math.h>

#define N (INT64_C(1) << 18)        /* the fewest that are put apart */
#define CHUNKS ((1 << 21) + 100000) /* two chunks of small ids */

static int32_t plain[CHUNKS];
static int64_t sparse[CHUNKS];
static int16_t shorts[CHUNKS];
static double decimals[CHUNKS];
static double floats[CHUNKS];
static int32_t integers[CHUNKS];
static uint64_t unsigneds[CHUNKS];
static char mask[CHUNKS];

static void
fill_records(int64_t n_labels)
{
    uint64_t seed = 52;

    for (int64_t i = 0; i < CHUNKS; i++) {
        int64_t label = draw_below(&seed, n_labels);
        plain[i] = (int32_t)(label - n_labels / 2);
        sparse[i] = (int64_t)mfg_mix((uint64_t)label);
        shorts[i] = (int16_t)(label % 211);
        decimals[i] = i % 401 == 1 ? NAN : ((double)label + 1) / 8;
        floats[i] = draw_exponent(&seed, i % 50 ? 1010 : 1, 1040);
        floats[i] = i % 1000 == 3 ? NAN : i % 90001 == 5 ? INFINITY : floats[i];
        integers[i] = (int32_t)draw(&seed);
        unsigneds[i] = draw(&seed) >> 20;
        mask[i] = i % 31 == 4;
    }
}

static mfg_column
masked(mfg_column column, int leaves_out)
{
    column.mask = mask;
    column.mask_stride = 1;
    column.leaves_out = leaves_out;
    return column;
}

/* is_crowd: whether the keys are such that they are put apart. */
static void
check_crowd(records *from, int is_crowd)
{
    from->n_rows = from->n_rows == 0 ? N : from->n_rows;
    from->n_values = 3;
    from->values[0] = dense(MFG_FLOAT64, floats);
    from->values[1] = masked(dense(MFG_INT32, integers), 0);
    from->values[2] = dense(MFG_UINT64, unsigneds);
    gathered expected = gather(from, 1, 0);
    for (int n_threads = 1; n_threads <= 2; n_threads++) {
        gathered actual = gather(from, n_threads, 1);
        EQUAL(is_crowd, actual.grouper->settled);
        check_gathered(from, &expected, &actual, 1);
        free_gathered(&actual);
    }
    free_gathered(&expected);
}

/* Small integers, whose ids are slots: of few bits, of many, in two chunks. */
static void
test_crowd_of_small_integers(void)
{
    static const int64_t n_labels[] = {40000, 1 << 20, 2 << 20};

    for (int n = 0; n < 3; n++) {
        fill_records(n_labels[n]);
        check_crowd(&(records){.n_keys = 1, .keys = {dense(MFG_INT32, plain)}},
                    1);
    }
    fill_records(300000);
    check_crowd(&(records){.n_rows = CHUNKS,
                           .n_keys = 1,
                           .keys = {dense(MFG_INT32, plain)}},
                1);
}

/* Sparse integers and floats, whose ids are mixed. */
static void
test_crowd_of_sparse_labels(void)
{
    fill_records(60000);
    check_crowd(&(records){.n_keys = 1, .keys = {dense(MFG_INT64, sparse)}}, 1);
    check_crowd(&(records){.n_keys = 1, .keys = {dense(MFG_UINT64, sparse)}},
                1);
    check_crowd(&(records){.n_keys = 1, .keys = {dense(MFG_FLOAT64, decimals)}},
                1);
    /* The words of both signs and a missing label: one bit too many. */
    decimals[7] = -1.5;
    check_crowd(&(records){.n_keys = 1, .keys = {dense(MFG_FLOAT64, decimals)}},
                0);
}

/* Several keys, missing ones that are labels and ones that leave out. */
static void
test_crowd_of_several_keys(void)
{
    fill_records(60000);
    for (int leaves_out = 0; leaves_out < 2; leaves_out++) {
        mfg_column half = masked(dense(MFG_INT16, shorts), leaves_out);
        mfg_column date = masked(dense(MFG_DATE, sparse), leaves_out);
        check_crowd(
            &(records){.n_keys = 2, .keys = {dense(MFG_INT32, plain), half}},
            1);
        check_crowd(&(records){.n_keys = 2,
                               .keys = {half, masked(dense(MFG_INT32, plain),
                                                     leaves_out)}},
                    1);
        /* 64 bits beside a missing label: one bit too many. */
        check_crowd(&(records){.n_keys = 1, .keys = {date}}, 0);
        check_crowd(&(records){.n_keys = 2, .keys = {date, half}}, 0);
    }
}

/* Few groups, few records, text: row by row. */
static void
test_crowd_is_left_alone_where_there_is_none(void)
{
    static const text_item same = {"text", 4, 0};
    mfg_column text = text_column(&same);

    text.stride = 0;
    fill_records(2000);
    check_crowd(&(records){.n_keys = 1, .keys = {dense(MFG_INT32, plain)}}, 0);
    check_crowd(
        &(records){.n_keys = 2, .keys = {text, dense(MFG_INT32, plain)}}, 0);
    check_crowd(&(records){.n_keys = 0}, 0);
    fill_records(100000);
    check_crowd(&(records){.n_rows = N - 1,
                           .n_keys = 1,
                           .keys = {dense(MFG_INT32, plain)}},
                0);
}

/* A crowd's grouper finds its groups again, takes in new ones, and then has its
 * order from their labels, no longer from where they stand. */
static void
test_crowd_can_be_read_again(void)
{
    static const int64_t later[] = {-7, INT64_C(1) << 40};
    mfg_control control = at_will;

    fill_records(60000);
    for (int mixed = 0; mixed < 2; mixed++) {
        records from = {.n_rows = N, .n_keys = 1};
        from.keys[0] =
            mixed ? dense(MFG_INT64, sparse) : dense(MFG_INT32, plain);
        gathered made = gather(&from, 2, 1);
        int64_t n = mfg_grouper_count(made.grouper);
        int64_t *order = mfg_alloc((size_t)n + 1, sizeof *order);
        int64_t *labels = mfg_alloc((size_t)n + 1, sizeof *labels);
        int32_t codes[MFG_BLOCK];
        mfg_column one = dense(MFG_INT64, later + mixed);
        const int32_t least = INT32_MIN;
        for (int64_t i = 0; i < n; i++) {
            order[i] = i;
        }
        mfg_grouper_labels(made.grouper, 0, n, order, labels, NULL);
        EQUAL(MFG_OK, mfg_grouper_codes(made.grouper, from.keys, 0, MFG_BLOCK,
                                        codes, &control));
        EQUAL(n, mfg_grouper_count(made.grouper));
        for (int64_t i = 0; i < MFG_BLOCK; i++) {
            EQUAL(mixed ? sparse[i] : plain[i],
                  mixed ? labels[codes[i]]
                        : ((const int32_t *)labels)[codes[i]]);
        }
        one = mixed ? one : dense(MFG_INT32, &least);
        EQUAL(MFG_OK,
              mfg_grouper_codes(made.grouper, &one, 0, 1, codes, &control));
        EQUAL(n, codes[0]);
        EQUAL(MFG_OK, mfg_grouper_order(made.grouper, order, &control));
        CHECK(order[n] != n); /* the last to come has not the last label */
        mfg_free(order);
        mfg_free(labels);
        free_gathered(&made);
    }
}

/* Distinct labels close together, but for one that is far away, of values that
 * lie in many planes. */
static void
fill_apart(void)
{
    fill_records(60000);
    for (int64_t i = 0; i < CHUNKS; i++) {
        sparse[i] = i * 7919 % CHUNKS; /* 7919 is prime to it */
        floats[i] = ldexp((double)(1 + i % 1000), (int)(i % 1900) - 950);
    }
    sparse[12345] = INT64_MAX;
}

/* One label far away from all others left these in one bucket, which was sorted
 * in one turn, and strays were looked for among all groups. */
static void
test_crowd_of_labels_far_from_one(void)
{
    fill_apart();
    check_crowd(&(records){.n_rows = CHUNKS,
                           .n_keys = 1,
                           .keys = {dense(MFG_INT64, sparse)}},
                1);
}

/* Wherever it is told to stop, it does, and gives back all that it holds; the
 * bringing together of groups asks for every part of them. */
static void
test_crowd_stops_where_it_is_told(void)
{
    mfg_column key = dense(MFG_INT64, sparse);
    mfg_column value = dense(MFG_FLOAT64, floats);
    asked all = {.times = 0};
    mfg_control control = {.poll = answer, .context = &all};
    mfg_grouper *grouper;
    mfg_state *state;

    fill_apart();
    EQUAL(MFG_OK, mfg_gather(&key, 1, &value, 1, CHUNKS, 1, 0, NULL, &grouper,
                             &state, &control));
    mfg_grouper_free(grouper);
    mfg_state_free(state);
    CHECK(all.times > 4 * 256); /* two passes of 256 parts, their list, turns */
    for (int stop_at = all.times; stop_at > 0; stop_at = stop_at / 3) {
        asked once = {.stop_at = stop_at};
        control.context = &once;
        EQUAL(MFG_INTERRUPTED, mfg_gather(&key, 1, &value, 1, CHUNKS, 1, 0,
                                          NULL, &grouper, &state, &control));
        CHECK(grouper == NULL && state == NULL);
    }
}

void
suite_crowd(void)
{
    RUN(test_crowd_of_small_integers);
    RUN(test_crowd_of_sparse_labels);
    RUN(test_crowd_of_several_keys);
    RUN(test_crowd_is_left_alone_where_there_is_none);
    RUN(test_crowd_can_be_read_again);
    RUN(test_crowd_of_labels_far_from_one);
    RUN(test_crowd_stops_where_it_is_told);
}
