/* The exact sums of a column, beside what else a shared pass keeps. */
#include "sums.h"

mfg_status
mfg_sums_begin(mfg_sums *sums, const mfg_column *column, int64_t n_rows,
               int n_workers)
{
    *sums = (mfg_sums){{NULL}};
    for (int w = 0; w < n_workers; w++) {
        mfg_status status = mfg_state_new(column, 1, 1, &sums->states[w]);
        if (status != MFG_OK) {
            return status;
        }
        mfg_cells *cells = &sums->states[w]->values[0];
        if (w == 0) {
            mfg_cells_place(cells, column, 0, n_rows, &sums->states[0]->block);
        }
        cells->base = sums->states[0]->values[0].base;
    }
    return MFG_OK;
}

void
mfg_sums_free(mfg_sums *sums)
{
    for (int w = 0; w < MFG_MOST_WORKERS; w++) {
        mfg_state_free(sums->states[w]);
    }
    *sums = (mfg_sums){{NULL}};
}

static mfg_status
extend(mfg_state *state, int64_t n_groups)
{
    mfg_cells *cells = &state->values[0];

    state->n_groups = n_groups;
    return cells->n_groups < n_groups ? mfg_cells_extend(cells, n_groups)
                                      : MFG_OK;
}

mfg_status
mfg_sums_add(mfg_sums *sums, int worker, const mfg_visit *visit)
{
    mfg_state *state = sums->states[worker];
    mfg_status status = extend(state, visit->n_groups);

    return status == MFG_OK ? mfg_cells_add(&state->values[0], visit->n,
                                            visit->codes, visit->block)
                            : status;
}

mfg_status
mfg_sums_merge(mfg_sums *sums, int worker, const int64_t *codes,
               int64_t n_groups, mfg_control *control)
{
    mfg_cells_settle(&sums->states[0]->values[0]);
    mfg_cells_settle(&sums->states[worker]->values[0]);
    return mfg_state_merge(sums->states[0], sums->states[worker], codes,
                           n_groups, control);
}

mfg_status
mfg_sums_settle(mfg_sums *sums, int64_t n_groups)
{
    mfg_status status = extend(sums->states[0], n_groups);

    mfg_cells_settle(&sums->states[0]->values[0]);
    return status;
}

mfg_status
mfg_sums_totals(mfg_sums *sums, int64_t n_groups, double **totals,
                mfg_control *control)
{
    mfg_status status = mfg_sums_settle(sums, n_groups);

    *totals = mfg_alloc((size_t)n_groups, sizeof **totals);
    if (*totals == NULL) {
        return MFG_NO_MEMORY;
    }
    if (status == MFG_OK) {
        status = mfg_state_finish(sums->states[0], 0, MFG_TOTAL, n_groups, NULL,
                                  *totals, control);
    }
    if (status != MFG_OK) {
        mfg_free(*totals);
        *totals = NULL;
    }
    return status;
}
