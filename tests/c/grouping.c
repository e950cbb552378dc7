/* Keys of records: run through a grouper and held against the slow twin. */
#include "grouping.h"

#include "check.h"

mfg_grouper *
new_grouper(const mfg_column *keys, int n_keys, int64_t n_rows)
{
    mfg_grouper *grouper = NULL;

    EQUAL(MFG_OK, mfg_grouper_new(keys, n_keys, n_rows, &grouper));
    return grouper;
}

mfg_status
grouper_codes(mfg_grouper *grouper, const mfg_column *keys, int64_t n_rows,
              int32_t *codes)
{
    mfg_control control = at_will;
    mfg_status status = MFG_OK;

    for (int64_t start = 0; start < n_rows && status == MFG_OK;
         start += MFG_BLOCK) {
        int64_t left = n_rows - start;
        status =
            mfg_grouper_codes(grouper, keys, start,
                              (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK),
                              codes + start, &control);
    }
    return status;
}

/* A label as mfg_grouper_labels gives it, as an integer again. */
static int64_t
label_at(mfg_kind kind, const void *labels, int64_t i)
{
    switch (kind) {
    case MFG_INT8:
        return ((const int8_t *)labels)[i];
    case MFG_BOOL:
    case MFG_UINT8:
        return ((const uint8_t *)labels)[i];
    case MFG_INT16:
        return ((const int16_t *)labels)[i];
    case MFG_UINT16:
        return ((const uint16_t *)labels)[i];
    case MFG_INT32:
        return ((const int32_t *)labels)[i];
    case MFG_UINT32:
        return ((const uint32_t *)labels)[i];
    case MFG_FLOAT32:
        return (int64_t)((const float *)labels)[i];
    case MFG_FLOAT16:
    case MFG_FLOAT64:
        return (int64_t)((const double *)labels)[i];
    default:
        return ((const int64_t *)labels)[i];
    }
}

static void
check_labels(const mfg_grouper *grouper, int key, mfg_kind kind,
             const truth *meant, int64_t n_groups, const int64_t *order,
             const int64_t *firsts)
{
    int64_t *labels = mfg_alloc((size_t)n_groups, sizeof *labels);
    uint8_t *absent = mfg_alloc((size_t)n_groups, sizeof *absent);
    int64_t n_absent = 0;

    mfg_grouper_labels(grouper, key, n_groups, order, labels, absent);
    for (int64_t i = 0; i < n_groups; i++) {
        int64_t row = firsts[order[i]];
        int missing = meant->absent != NULL && meant->absent[row];
        n_absent += missing;
        EQUAL(missing, absent[i]);
        CHECK((missing ? 0 : meant->labels[row]) == label_at(kind, labels, i));
    }
    EQUAL(n_absent, mfg_grouper_n_absent(grouper, key));
    if (n_absent == 0) { /* flags may be left out */
        mfg_grouper_labels(grouper, key, n_groups, order, labels, NULL);
        CHECK(n_groups == 0 ||
              meant->labels[firsts[order[0]]] == label_at(kind, labels, 0));
    }
    mfg_free(labels);
    mfg_free(absent);
}

/* order is a permutation under which labels ascend. */
static void
check_order(int n_keys, const truth *truths, int64_t n_groups,
            const int64_t *order, const int64_t *firsts)
{
    uint8_t *seen = mfg_alloc_zeros((size_t)n_groups, sizeof *seen);

    for (int64_t i = 0; i < n_groups; i++) {
        CHECK(order[i] >= 0 && order[i] < n_groups);
        EQUAL(0, seen[order[i]]++);
        if (i > 0) {
            CHECK(twin_compare(n_keys, truths, firsts[order[i - 1]],
                               firsts[order[i]]) < 0);
        }
    }
    mfg_free(seen);
}

void
check_grouping(int n_keys, const mfg_column *keys, const truth *truths,
               int64_t n_rows, int64_t expected_rows)
{
    size_t n = (size_t)n_rows;
    int32_t *expected = mfg_alloc(n, sizeof *expected);
    int32_t *codes = mfg_alloc(n, sizeof *codes);
    int64_t *firsts = mfg_alloc(n, sizeof *firsts);
    int64_t *order = mfg_alloc(n, sizeof *order);
    int64_t n_groups = twin_codes(n_keys, truths, n_rows, expected, firsts);
    mfg_grouper *grouper = new_grouper(keys, n_keys, expected_rows);
    mfg_control control = at_will;

    for (int round = 0; round < 2; round++) { /* known groups keep codes */
        EQUAL(MFG_OK, grouper_codes(grouper, keys, n_rows, codes));
        EQUAL(n_groups, mfg_grouper_count(grouper));
        for (int64_t i = 0; i < n_rows; i++) {
            EQUAL(expected[i], codes[i]);
        }
    }
    if (mfg_grouper_count(grouper) == n_groups) {
        EQUAL(MFG_OK, mfg_grouper_order(grouper, order, &control));
        check_order(n_keys, truths, n_groups, order, firsts);
        for (int k = 0; k < n_keys; k++) {
            check_labels(grouper, k, keys[k].kind, &truths[k], n_groups, order,
                         firsts);
        }
    }
    mfg_grouper_free(grouper);
    mfg_free(expected);
    mfg_free(codes);
    mfg_free(firsts);
    mfg_free(order);
}
