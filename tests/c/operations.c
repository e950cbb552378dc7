/* Whole uses of the core, from keys and values to freed results. */
#include "operations.h"

#include "grouping.h"

/* ---- groups and states ---- */

static mfg_status
codes_and_labels(mfg_grouper *grouper, const inputs *from, int32_t *codes,
                 mfg_control *control)
{
    mfg_status status = grouper_codes(grouper, from->keys, from->n_rows, codes);
    int64_t n = mfg_grouper_count(grouper);
    int64_t *order = NULL;
    int64_t *labels = NULL;
    uint8_t *absent = NULL;

    if (status == MFG_OK) {
        order = mfg_alloc((size_t)n, sizeof *order);
        labels = mfg_alloc((size_t)n, sizeof *labels);
        absent = mfg_alloc((size_t)n, sizeof *absent);
        status = order == NULL || labels == NULL || absent == NULL
                     ? MFG_NO_MEMORY
                     : mfg_grouper_order(grouper, order, control);
    }
    for (int k = 0; k < from->n_keys && status == MFG_OK; k++) {
        mfg_grouper_labels(grouper, k, n, order, labels, absent);
    }
    mfg_free(order);
    mfg_free(labels);
    mfg_free(absent);
    return status;
}

static mfg_status
run_codes(const inputs *from, mfg_control *control)
{
    mfg_grouper *grouper = NULL;
    int32_t *codes = mfg_alloc((size_t)from->n_rows, sizeof *codes);
    mfg_status status =
        codes == NULL
            ? MFG_NO_MEMORY
            : mfg_grouper_new(from->keys, from->n_keys, from->n_rows, &grouper);

    if (status == MFG_OK) {
        status = codes_and_labels(grouper, from, codes, control);
    }
    mfg_grouper_free(grouper);
    mfg_free(codes);
    return status;
}

typedef mfg_status (*use)(const mfg_state *state, mfg_grouper *grouper,
                          const inputs *from, void *results,
                          mfg_control *control);

/* Makes a grouper and a state, room for four words a group, and uses them. */
static mfg_status
with_state(const inputs *from, use what, mfg_control *control)
{
    mfg_grouper *grouper = NULL;
    mfg_state *state = NULL;
    mfg_word *results = NULL;
    mfg_status status =
        mfg_grouper_new(from->keys, from->n_keys, from->n_rows, &grouper);

    if (status == MFG_OK) {
        status = mfg_state_new(from->values, from->n_values, 0, &state);
    }
    if (status == MFG_OK) {
        status = mfg_state_update(state, grouper, from->keys, from->values, 0,
                                  from->n_rows, control);
    }
    if (status == MFG_OK) {
        results =
            mfg_alloc((size_t)mfg_state_count(state), 4 * sizeof *results);
        status = results == NULL ? MFG_NO_MEMORY
                                 : what(state, grouper, from, results, control);
    }
    mfg_free(results);
    mfg_state_free(state);
    mfg_grouper_free(grouper);
    return status;
}

static mfg_status
use_finish(const mfg_state *state, mfg_grouper *grouper, const inputs *from,
           void *results, mfg_control *control)
{
    mfg_status status = MFG_OK;

    (void)grouper;
    for (int s = MFG_COUNT; s <= MFG_MAX && status == MFG_OK; s++) {
        for (int v = 0; v < from->n_values && status == MFG_OK; v++) {
            status = mfg_state_finish(state, v, (mfg_statistic)s,
                                      mfg_state_count(state), NULL, results,
                                      control);
        }
    }
    return status;
}

/* Every group to itself, then all to one. */
static mfg_status
use_fold(const mfg_state *state, mfg_grouper *grouper, const inputs *from,
         void *results, mfg_control *control)
{
    int64_t n = mfg_state_count(state);
    int64_t *groups = (int64_t *)results;
    int64_t *zeros = groups + n;
    mfg_state *same = NULL;
    mfg_state *whole = NULL;
    mfg_status status;
    double sum;

    (void)grouper;
    (void)from;
    for (int64_t g = 0; g < n; g++) {
        groups[g] = g;
        zeros[g] = 0;
    }
    status = mfg_state_fold(state, n, groups, groups, n, &same, control);
    if (status == MFG_OK) {
        status = mfg_state_fold(same, n, groups, zeros, 1, &whole, control);
    }
    if (status == MFG_OK) {
        status = mfg_state_finish(whole, 0, MFG_TOTAL, 1, NULL, &sum, control);
    }
    mfg_state_free(same);
    mfg_state_free(whole);
    return status;
}

static mfg_status
use_differences(const mfg_state *state, mfg_grouper *grouper,
                const inputs *from, void *results, mfg_control *control)
{
    int64_t n = mfg_state_count(state);
    int64_t *later = (int64_t *)results + n;
    int64_t *earlier = later + n;

    (void)grouper;
    (void)from;
    for (int64_t g = 0; g < n; g++) {
        later[g] = g;
        earlier[g] = g - 1;
    }
    return mfg_state_differences(state, 0, n, later, earlier, results, control);
}

static mfg_status
use_variances(const mfg_state *state, mfg_grouper *grouper, const inputs *from,
              void *results, mfg_control *control)
{
    return mfg_variances(state, 0, 0, grouper, from->keys, from->values,
                         from->n_rows, results, control);
}

static mfg_status
use_quantiles(const mfg_state *state, mfg_grouper *grouper, const inputs *from,
              void *results, mfg_control *control)
{
    mfg_word *lower = results;

    return mfg_quantiles(state, 0, grouper, from->keys, from->values,
                         from->n_rows, 1, 2, lower,
                         lower + mfg_state_count(state), control);
}

static mfg_status
use_first_last(const mfg_state *state, mfg_grouper *grouper, const inputs *from,
               void *results, mfg_control *control)
{
    int64_t n = mfg_state_count(state);
    int64_t *first = results;

    return mfg_first_last(grouper, from->keys, from->values, from->n_rows, n,
                          first, first + n, control);
}

#define WITH_STATE(name)                                                       \
    static mfg_status run_##name(const inputs *from, mfg_control *control)     \
    {                                                                          \
        return with_state(from, use_##name, control);                          \
    }
WITH_STATE(finish)
WITH_STATE(fold)
WITH_STATE(differences)
WITH_STATE(variances)
WITH_STATE(quantiles)
WITH_STATE(first_last)

static mfg_status
run_concentrations(const inputs *from, mfg_control *control)
{
    const int64_t ranks[2] = {1, 4};
    mfg_grouper *grouper;
    mfg_concentration *groups;
    double *leading;
    mfg_status status =
        mfg_concentrations(from->keys, from->n_keys, from->values, from->n_rows,
                           2, ranks, &grouper, &groups, &leading, control);

    if (status == MFG_OK) {
        mfg_grouper_free(grouper);
        mfg_free(groups);
        mfg_free(leading);
    }
    return status;
}

static mfg_status
cells_of(const mfg_column *keys, int n_keys, int has_contributor,
         const inputs *from, mfg_control *control)
{
    mfg_contributions *held;
    mfg_status status =
        mfg_contributions_new(keys, n_keys, has_contributor, from->values,
                              from->n_rows, 2, &held, control);
    int64_t n = held == NULL ? 0 : mfg_contributions_count(held);
    double *results = mfg_alloc((size_t)n, 6 * sizeof *results);

    if (status == MFG_OK && results == NULL) {
        status = MFG_NO_MEMORY;
    }
    if (status == MFG_OK && held != NULL) {
        int64_t *counts = (int64_t *)(void *)(results + 5 * n);
        mfg_given given = {counts, results, results + n, results + 2 * n,
                           results + 3 * n};
        status = mfg_contributions_finish(held, &given, control);
    }
    mfg_contributions_free(held);
    mfg_free(results);
    return status;
}

/* The entities of the panel are the contributors. */
static mfg_status
run_contributions(const inputs *from, mfg_control *control)
{
    mfg_column keys[3];

    for (int k = 0; k < from->n_keys; k++) {
        keys[k] = from->keys[k];
    }
    keys[from->n_keys] = from->panel[0];
    return cells_of(keys, from->n_keys + 1, 1, from, control);
}

static mfg_status
run_rows(const inputs *from, mfg_control *control)
{
    return cells_of(from->keys, from->n_keys, 0, from, control);
}

/* ---- one number a record ---- */

typedef enum record_measure { SHARES, GROWTH, TOP, TOP_TIES, RANKS } measure;

static mfg_status
measure_records(measure what, mfg_grouper *grouper, const inputs *from,
                void *results, mfg_control *control)
{
    int64_t n = from->n_rows;
    mfg_leaders leaders;
    mfg_status status;

    if (what == SHARES) {
        return mfg_shares(from->keys, mfg_grouper_n_keys(grouper), from->values,
                          n, results, control);
    }
    if (what == GROWTH) {
        return mfg_growth_rates(grouper, from->panel, from->values, 1, n,
                                results, control);
    }
    if (what == RANKS) {
        return mfg_ranks(grouper, from->keys, from->values, MFG_AVERAGE, 1, n,
                         results, control);
    }
    status = mfg_top(grouper, from->keys, from->values, NULL, n, 3,
                     what == TOP_TIES, &leaders, control);
    mfg_leaders_free(&leaders);
    return status;
}

static mfg_status
run_measure(measure what, const inputs *from, mfg_control *control)
{
    int is_panel = what == GROWTH;
    mfg_grouper *grouper = NULL;
    mfg_word *results = mfg_alloc((size_t)from->n_rows, sizeof *results);
    mfg_status status =
        results == NULL ? MFG_NO_MEMORY
                        : mfg_grouper_new(is_panel ? from->panel : from->keys,
                                          is_panel ? 2 : from->n_keys,
                                          from->n_rows, &grouper);

    if (status == MFG_OK) {
        status = measure_records(what, grouper, from, results, control);
    }
    mfg_grouper_free(grouper);
    mfg_free(results);
    return status;
}

#define MEASURE(name, what)                                                    \
    static mfg_status run_##name(const inputs *from, mfg_control *control)     \
    {                                                                          \
        return run_measure(what, from, control);                               \
    }
MEASURE(shares, SHARES)
MEASURE(growth, GROWTH)
MEASURE(top, TOP)
MEASURE(top_ties, TOP_TIES)
MEASURE(ranks, RANKS)

const named_operation operations[N_OPERATIONS] = {
    {"codes", run_codes, 0},
    {"finish", run_finish, 1},
    {"fold", run_fold, 1},
    {"differences", run_differences, 1},
    {"variances", run_variances, 1},
    {"quantiles", run_quantiles, 2},
    {"contributions", run_contributions, 2},
    {"rows", run_rows, 1},
    {"concentrations", run_concentrations, 1},
    {"first_last", run_first_last, 1},
    {"shares", run_shares, 1},
    {"growth", run_growth, 2},
    {"top", run_top, 1},
    {"top_ties", run_top_ties, 1},
    {"ranks", run_ranks, 1},
};
