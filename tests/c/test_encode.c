/* Keys to codes: every kind and layout of keys, slots and hashes alike. */
#include "check.h"
#include "columns.h"
#include "grouping.h"
#include "suites.h"

#include <math.h>

#define N 3000
#define MANY (1 << 20) /* as a hint: slots are laid as far as they go */

static int64_t numbers[3][N];
static uint8_t absents[3][N];

/* Fills key k with numbers 0 ... span - 1 off `least`, every `gap`-th one
 * missing. */
static void
fill(int k, uint64_t seed, int64_t least, int64_t span, int64_t gap)
{
    for (int64_t i = 0; i < N; i++) {
        numbers[k][i] = least + draw_below(&seed, span);
        absents[k][i] = gap > 0 && i % gap == gap - 1;
    }
}

/* Lays keys of these kinds and layouts out and checks how they group. */
static void
check_keys(int n_keys, const mfg_kind *kinds, const layout *layouts, int gaps,
           int leaves_out, int64_t expected_rows)
{
    laid_column made[3];
    mfg_column keys[3] = {{0}};
    truth truths[3] = {{0}};

    for (int k = 0; k < n_keys; k++) {
        const uint8_t *absent = gaps ? absents[k] : NULL;
        made[k] = lay(kinds[k], N, numbers[k], absent, layouts[k]);
        keys[k] = made[k].column;
        keys[k].leaves_out = leaves_out;
        truths[k] = (truth){numbers[k], absent, leaves_out};
    }
    check_grouping(n_keys, keys, truths, N, expected_rows);
    for (int k = 0; k < n_keys; k++) {
        unlay(&made[k]);
    }
}

/* One key of any kind and layout groups as the twin does, in slots and, where
 * few rows are expected, by hash. */
static void
test_encode_one_key_of_every_kind(void)
{
    static const layout layouts[] = {{.step = 1},
                                     {.step = 2},
                                     {.step = -1},
                                     {.step = 1, .swapped = 1},
                                     {.step = 1, .offset = 1},
                                     {.step = 3, .masked = 1}};

    for (int kind = MFG_BOOL; kind < N_KINDS; kind++) {
        mfg_kind kinds[1] = {(mfg_kind)kind};
        fill(0, 10, 0, kind == MFG_BOOL ? 2 : 120, 13);
        for (int l = 0; l < 6; l++) {
            for (int bits = 0; bits < 8; bits++) {
                check_keys(1, kinds, layouts + l, bits & 1, (bits & 2) != 0,
                           bits & 4 ? MANY : 1);
            }
        }
    }
}

/* Negative numbers are labels like others and come first. */
static void
test_encode_negative_numbers(void)
{
    static const mfg_kind signed_kinds[] = {
        MFG_INT8,    MFG_INT16,   MFG_INT32,   MFG_INT64,
        MFG_FLOAT16, MFG_FLOAT32, MFG_FLOAT64, MFG_DATE};
    const layout plain = {.step = 1};

    fill(0, 11, -60, 120, 17);
    for (int kind = 0; kind < 8; kind++) {
        for (int gaps = 0; gaps < 2; gaps++) {
            check_keys(1, signed_kinds + kind, &plain, gaps, 0, MANY);
            check_keys(1, signed_kinds + kind, &plain, gaps, 0, 1);
        }
    }
}

/* Two and three keys, each of its own kind, group by all of their labels. */
static void
test_encode_several_keys(void)
{
    static const mfg_kind kinds[][3] = {{MFG_INT32, MFG_INT32, MFG_INT32},
                                        {MFG_INT8, MFG_INT16, MFG_INT64},
                                        {MFG_UINT8, MFG_UINT16, MFG_UINT32},
                                        {MFG_BOOL, MFG_UINT64, MFG_DATE},
                                        {MFG_FLOAT64, MFG_INT32, MFG_FLOAT16}};
    static const layout layouts[3] = {{.step = 1}, {.step = 1}, {.step = 1}};

    for (int row = 0; row < 5; row++) {
        fill(0, 12, 0, 2, 29);
        fill(1, 13, 3, 11, 31);
        fill(2, 14, 90, 20, 37);
        for (int n_keys = 2; n_keys <= 3; n_keys++) {
            for (int bits = 0; bits < 8; bits++) {
                check_keys(n_keys, kinds[row], layouts, bits & 1,
                           (bits & 2) != 0, bits & 4 ? MANY : 1);
            }
        }
    }
}

/* Sparse labels are found by hash from the first block on. */
static void
test_encode_sparse_labels(void)
{
    static const mfg_kind kinds[2] = {MFG_INT64, MFG_UINT64};
    static const layout layouts[2] = {{.step = 1}, {.step = 1}};
    uint64_t seed = 15;

    for (int64_t i = 0; i < N; i++) {
        uint64_t mixed = mfg_mix((uint64_t)draw_below(&seed, 500));
        numbers[0][i] = (int64_t)mixed;
        numbers[1][i] = (int64_t)(mfg_mix((uint64_t)draw_below(&seed, 3)) >> 1);
        absents[0][i] = i % 19 == 0;
        absents[1][i] = i % 23 == 0;
    }
    for (int n_keys = 1; n_keys <= 2; n_keys++) {
        for (int bits = 0; bits < 4; bits++) {
            check_keys(n_keys, kinds, layouts, bits & 1, bits & 2, MANY);
        }
    }
}

/* Pairs of labels made so that the hash of encode.c is the same for all. */
static void
test_encode_tells_colliding_pairs_apart(void)
{
    static const mfg_kind kinds[2] = {MFG_UINT64, MFG_UINT64};
    static const layout layouts[2] = {{.step = 1}, {.step = 1}};
    const uint64_t turn = UINT64_C(0x9e3779b97f4a7c15);

    for (int64_t i = 0; i < N; i++) {
        uint64_t first = (uint64_t)(i % 60) << 40;
        numbers[0][i] = (int64_t)first;
        /* below 2^63, so that the twin's signed order is theirs */
        numbers[1][i] = (int64_t)((mfg_mix(first) + turn) >> 1);
        absents[0][i] = 0;
        absents[1][i] = i % 97 == 0;
    }
    check_keys(2, kinds, layouts, 0, 0, MANY);
    for (int64_t i = 0; i < N; i++) {
        numbers[0][i] = i % 60;
        numbers[1][i] = (int64_t)(mfg_mix((uint64_t)(i % 60)) + turn);
    }
    mfg_column keys[2] = {dense(MFG_UINT64, numbers[0]),
                          dense(MFG_UINT64, numbers[1])};
    int32_t codes[N];
    mfg_grouper *grouper = new_grouper(keys, 2, MANY);
    EQUAL(MFG_OK, grouper_codes(grouper, keys, N, codes));
    for (int64_t i = 0; i < N; i++) {
        EQUAL(i % 60, codes[i]);
    }
    mfg_grouper_free(grouper);
}

/* Zeros of both signs are one label, NaNs of any bits the missing one. */
static void
test_encode_floats_that_are_equal(void)
{
    const double floats[6] = {0.0, NAN, -0.0, -NAN, INFINITY, 1e-320};
    mfg_column key = dense(MFG_FLOAT64, floats);
    mfg_grouper *grouper = new_grouper(&key, 1, 6);
    const int32_t expected[6] = {0, 1, 0, 1, 2, 3};
    const double labels_expected[4] = {0.0, 1e-320, INFINITY, 0.0};
    mfg_control control = at_will;
    int32_t codes[6];
    int64_t order[4];
    double labels[4];
    uint8_t absent[4];

    EQUAL(MFG_OK, grouper_codes(grouper, &key, 6, codes));
    for (int i = 0; i < 6; i++) {
        EQUAL(expected[i], codes[i]);
    }
    EQUAL(MFG_OK, mfg_grouper_order(grouper, order, &control));
    EQUAL(1, mfg_grouper_n_absent(grouper, 0));
    mfg_grouper_labels(grouper, 0, 4, order, labels, absent);
    for (int i = 0; i < 4; i++) {
        EQUAL(i == 3, absent[i]);
        SAME(labels_expected[i], labels[i]);
    }
    mfg_grouper_free(grouper);
}

/* Without a key there is one group, also of no record. */
static void
test_encode_no_key(void)
{
    mfg_grouper *grouper = new_grouper(NULL, 0, 5);
    int32_t codes[5] = {9, 9, 9, 9, 9};
    int64_t order[1] = {9};
    mfg_control control = at_will;

    EQUAL(1, mfg_grouper_count(grouper));
    EQUAL(MFG_OK, grouper_codes(grouper, NULL, 5, codes));
    for (int i = 0; i < 5; i++) {
        EQUAL(0, codes[i]);
    }
    EQUAL(1, mfg_grouper_count(grouper));
    EQUAL(MFG_OK, mfg_grouper_order(grouper, order, &control));
    EQUAL(0, order[0]);
    mfg_grouper_free(grouper);
    mfg_grouper_free(NULL);
}

/* Keys of no record have no group; keys that are all missing have one, or none
 * where they leave their records out. */
static void
test_encode_nothing_but_missing(void)
{
    const int32_t items[4] = {1, 2, 3, 4};
    const char mask[4] = {1, 1, 1, 1};
    mfg_column key = dense(MFG_INT32, items);
    int64_t order[1] = {9};
    int32_t codes[4];
    mfg_control control = at_will;

    for (int leaves_out = 0; leaves_out < 2; leaves_out++) {
        for (int64_t n = 0; n <= 4; n += 4) {
            key.mask = mask;
            key.mask_stride = 1;
            key.leaves_out = leaves_out;
            mfg_grouper *grouper = new_grouper(&key, 1, n);
            EQUAL(MFG_OK, grouper_codes(grouper, &key, n, codes));
            EQUAL(n > 0 && !leaves_out, mfg_grouper_count(grouper));
            EQUAL(MFG_OK, mfg_grouper_order(grouper, order, &control));
            for (int64_t i = 0; i < n; i++) {
                EQUAL(leaves_out ? -1 : 0, codes[i]);
            }
            mfg_grouper_free(grouper);
        }
    }
}

/* Codes of dictionaries one after another: what a code stands for may change
 * between calls though it stands in the same place, labels may come to be used
 * late, and one code may be missing, another none of the dictionary. */
static void
test_encode_codes_of_one_dictionary_after_another(void)
{
    static int32_t items[N], codes[MFG_BLOCK];
    int32_t ranks[5] = {0, 1, 2, 3, 4};
    mfg_column key = {.data = (const char *)items,
                      .stride = sizeof *items,
                      .kind = MFG_CODES,
                      .codes = MFG_INT32,
                      .ranks = ranks,
                      .n_ranks = 5};
    mfg_control control = {0};
    mfg_grouper *grouper;

    for (int32_t i = 0; i < N; i++) {
        items[i] = i % (i < N / 2 ? 4 : 5);
    }
    EQUAL(MFG_OK, mfg_grouper_new(&key, 1, N, &grouper));
    for (int round = 0; round < 4; round++) {
        for (int32_t start = 0; start < N; start += 100) {
            EQUAL(MFG_OK, mfg_grouper_codes(grouper, &key, start, 100, codes,
                                            &control));
            for (int32_t i = 0; i < 100; i++) { /* group g has label g */
                EQUAL(ranks[items[start + i]], codes[i]);
            }
        }
        for (int32_t code = 0; code < 5; code++) {
            ranks[code] = (ranks[code] + 1) % 5;
        }
    }
    ranks[3] = -1; /* missing: a group of its own */
    EQUAL(MFG_OK, mfg_grouper_codes(grouper, &key, 0, 100, codes, &control));
    EQUAL(5, codes[3]);
    items[7] = 5;
    EQUAL(MFG_BAD_CODE,
          mfg_grouper_codes(grouper, &key, 0, 100, codes, &control));
    EQUAL(7, control.where);
    items[7] = -1;
    EQUAL(MFG_BAD_CODE,
          mfg_grouper_codes(grouper, &key, 0, 100, codes, &control));
    mfg_grouper_free(grouper);
}

void
suite_encode(void)
{
    RUN(test_encode_one_key_of_every_kind);
    RUN(test_encode_negative_numbers);
    RUN(test_encode_several_keys);
    RUN(test_encode_sparse_labels);
    RUN(test_encode_tells_colliding_pairs_apart);
    RUN(test_encode_floats_that_are_equal);
    RUN(test_encode_no_key);
    RUN(test_encode_nothing_but_missing);
    RUN(test_encode_codes_of_one_dictionary_after_another);
}
