/* Groups and states of all records, gathered in one way and another. */
#include "gathering.h"

#include "check.h"
#include "columns.h"

gathered
gather(const records *from, int n_threads, int in_any_order)
{
    mfg_control control = {.where = -1, .n_threads = n_threads};
    gathered made;

    EQUAL(MFG_OK, mfg_gather(from->keys, from->n_keys, from->values,
                             from->n_values, from->n_rows, in_any_order, 0,
                             NULL, &made.grouper, &made.state, &control));
    EQUAL(mfg_grouper_count(made.grouper), mfg_state_count(made.state));
    return made;
}

void
free_gathered(gathered *made)
{
    mfg_grouper_free(made->grouper);
    mfg_state_free(made->state);
    *made = (gathered){0};
}

/* Labels of a key in their own kind; of text a hash of it stands for it. */
static void
list_labels(const mfg_grouper *grouper, int key, mfg_kind kind, int64_t n,
            const int64_t *order, int64_t *labels, uint8_t *absent)
{
    mfg_grouper_labels(grouper, key, n, order, labels, absent);
    for (int64_t i = 0; mfg_widened(kind) == MFG_AS_TEXT && i < n; i++) {
        const char *text;
        size_t size;
        uint64_t hash = 0;
        if (absent[i]) {
            labels[i] = 0;
            continue;
        }
        mfg_grouper_string(grouper, key, labels[i], &text, &size);
        for (size_t b = 0; b < size; b++) {
            hash = 257 * hash + (unsigned char)text[b];
        }
        labels[i] = (int64_t)hash;
    }
}

static void
check_labels(const records *from, int64_t n, const gathered *expected,
             const int64_t *order_expected, const gathered *actual,
             const int64_t *order)
{
    int64_t *labels = mfg_alloc_zeros((size_t)n, 2 * sizeof *labels);
    uint8_t *absent = mfg_alloc_zeros((size_t)n, 2);

    for (int k = 0; k < from->n_keys; k++) {
        list_labels(expected->grouper, k, from->keys[k].kind, n, order_expected,
                    labels, absent);
        list_labels(actual->grouper, k, from->keys[k].kind, n, order,
                    labels + n, absent + n);
        EQUAL(mfg_grouper_n_absent(expected->grouper, k),
              mfg_grouper_n_absent(actual->grouper, k));
        CHECK(memcmp(absent, absent + n, (size_t)n) == 0);
        CHECK(memcmp(labels, labels + n, (size_t)n * sizeof *labels) == 0);
    }
    mfg_free(labels);
    mfg_free(absent);
}

/* Of words, bit for bit; n where there is none. */
static int64_t
first_difference(int64_t n, const mfg_word *a, const mfg_word *b)
{
    int64_t i = 0;

    while (i < n && a[i].uint64 == b[i].uint64) {
        i++;
    }
    return i;
}

static void
check_statistics(const records *from, int64_t n, const gathered *expected,
                 const int64_t *order_expected, const gathered *actual,
                 const int64_t *order)
{
    mfg_control control = at_will;
    mfg_word *results = mfg_alloc((size_t)n, 2 * sizeof *results);

    for (int v = 0; v < from->n_values; v++) {
        for (int s = MFG_COUNT; s <= MFG_MAX; s++) {
            EQUAL(MFG_OK,
                  mfg_state_finish(expected->state, v, (mfg_statistic)s, n,
                                   order_expected, results, &control));
            EQUAL(MFG_OK, mfg_state_finish(actual->state, v, (mfg_statistic)s,
                                           n, order, results + n, &control));
            EQUAL(n, first_difference(n, results, results + n));
        }
    }
    mfg_free(results);
}

void
check_gathered(const records *from, const gathered *expected,
               const gathered *actual, int by_label)
{
    mfg_control control = at_will;
    int64_t n = mfg_grouper_count(expected->grouper);
    int64_t *orders = mfg_alloc((size_t)n, 2 * sizeof *orders);

    EQUAL(n, mfg_grouper_count(actual->grouper));
    if (n == mfg_grouper_count(actual->grouper)) {
        for (int64_t i = 0; i < n; i++) {
            orders[i] = orders[n + i] = i;
        }
        if (by_label) {
            EQUAL(MFG_OK,
                  mfg_grouper_order(expected->grouper, orders, &control));
            EQUAL(MFG_OK,
                  mfg_grouper_order(actual->grouper, orders + n, &control));
        }
        check_labels(from, n, expected, orders, actual, orders + n);
        check_statistics(from, n, expected, orders, actual, orders + n);
    }
    mfg_free(orders);
}
