/* Groups and exact states of all records: each worker gathers those of its own
 * rows, then they are merged in the order of the rows. Exact sums make the cut
 * invisible; the order of first records stays what it is with one thread. */
#include "crowd.h"
#include "parallel.h"
#include "state.h"

typedef struct gathering {
    const mfg_column *keys;
    const mfg_column *values;
    int only_sums;
    mfg_grouper *groupers[MFG_MOST_WORKERS];
    mfg_state *states[MFG_MOST_WORKERS];
} gathering;

static mfg_status
gather_part(void *context, int worker, int64_t start, int64_t stop,
            mfg_control *control)
{
    gathering *all = context;

    return mfg_state_update(all->states[worker], all->groupers[worker],
                            all->keys, all->values, start, stop - start,
                            control);
}

/* All states have the planes of the first, which are placed by all rows. */
static mfg_status
begin_parts(gathering *all, int n_workers, int n_keys, int n_values,
            int64_t n_rows)
{
    for (int w = 0; w < n_workers; w++) {
        mfg_status status =
            mfg_grouper_new(all->keys, n_keys, n_rows, &all->groupers[w]);
        if (status == MFG_OK) {
            status = mfg_state_new(all->values, n_values, all->only_sums,
                                   &all->states[w]);
        }
        if (status != MFG_OK) {
            return status;
        }
        for (int v = 0; v < n_values; v++) {
            mfg_cells *cells = &all->states[w]->values[v];
            if (w == 0) {
                mfg_cells_place(cells, &all->values[v], 0, n_rows,
                                &all->states[0]->block);
            }
            cells->base = all->states[0]->values[v].base;
        }
    }
    return MFG_OK;
}

static mfg_status
merge_part(gathering *all, int worker, mfg_control *control)
{
    const mfg_grouper *from = all->groupers[worker];
    int64_t n = mfg_grouper_count(from);
    int64_t *codes = mfg_alloc((size_t)n, sizeof *codes);
    mfg_status status = MFG_NO_MEMORY;

    if (codes != NULL) {
        status = mfg_grouper_merge(all->groupers[0], from, codes, control);
    }
    if (status == MFG_OK) {
        status = mfg_state_merge(all->states[0], all->states[worker], codes,
                                 mfg_grouper_count(all->groupers[0]), control);
    }
    mfg_free(codes);
    return status;
}

static mfg_status
gather_rows(const mfg_column *keys, int n_keys, const mfg_column *values,
            int n_values, int64_t n_rows, int only_sums, mfg_grouper **grouper,
            mfg_state **state, mfg_control *control)
{
    gathering all = {.keys = keys, .values = values, .only_sums = only_sums};
    int n_workers = mfg_workers(n_rows, control);
    mfg_status status = begin_parts(&all, n_workers, n_keys, n_values, n_rows);

    if (status == MFG_OK) {
        status = mfg_share_out(n_rows, gather_part, &all, control);
    }
    for (int w = 1; w < n_workers; w++) {
        if (status == MFG_OK) {
            status = merge_part(&all, w, control);
        }
        mfg_grouper_free(all.groupers[w]);
        mfg_state_free(all.states[w]);
    }
    *grouper = all.groupers[0];
    *state = all.states[0];
    return status;
}

mfg_status
mfg_gather(const mfg_column *keys, int n_keys, const mfg_column *values,
           int n_values, int64_t n_rows, int in_any_order, int only_sums,
           mfg_crowd **crowd, mfg_grouper **grouper, mfg_state **state,
           mfg_control *control)
{
    mfg_status status = MFG_OK;

    *grouper = NULL;
    *state = NULL;
    if (crowd != NULL) {
        *crowd = NULL;
    }
    if (in_any_order) {
        status = mfg_crowd_gather(keys, n_keys, values, n_values, n_rows,
                                  only_sums, crowd, grouper, state, control);
    }
    if (status == MFG_OK && *grouper == NULL &&
        (crowd == NULL || *crowd == NULL)) {
        status = gather_rows(keys, n_keys, values, n_values, n_rows, only_sums,
                             grouper, state, control);
    }
    if (status != MFG_OK) {
        mfg_grouper_free(*grouper);
        mfg_state_free(*state);
        *grouper = NULL;
        *state = NULL;
    }
    return status;
}
