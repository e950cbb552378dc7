/* Exact states of groups added into those of coarser groups. */
#include "sort.h"
#include "state.h"

static void
fold_ends(const mfg_ends *from, mfg_ends *to, mfg_wide wide)
{
    if (mfg_compare(from->low, to->low, wide) < 0) {
        to->low = from->low;
    }
    if (mfg_compare(from->high, to->high, wide) > 0) {
        to->high = from->high;
    }
}

static mfg_status
fold_group(const mfg_cells *cells, int64_t group, mfg_cells *folded,
           int64_t into)
{
    const mfg_cell *from = &cells->cells[group];
    mfg_cell *to = &folded->cells[into];
    mfg_status status = MFG_OK;

    to->count += from->count;
    if (cells->ends != NULL && from->count > 0) {
        fold_ends(&cells->ends[group], &folded->ends[into], cells->wide);
    }
    if (mfg_missing(cells, group) > 0) {
        status = mfg_cells_miss(folded, into, mfg_missing(cells, group));
    }
    to->sum += from->sum; /* of floats each below 2^125: see mfg_cells_carry */
    if (status == MFG_OK && cells->wide == MFG_AS_FLOAT64) {
        status = mfg_cells_carry(folded, into);
    }
    return status;
}

/* The strays of one group, found through the list of the totals. */
static mfg_status
fold_strays(const mfg_totals *totals, int64_t group, mfg_cells *folded,
            int32_t into)
{
    const mfg_cells *cells = totals->cells;
    mfg_status status = MFG_OK;

    if (totals->first == NULL) {
        return MFG_OK;
    }
    for (int64_t s = totals->first[group]; s >= 0 && status == MFG_OK;
         s = totals->next[s]) {
        mfg_stray item = cells->strays.items[s];
        item.group = into;
        status = mfg_strays_move(&folded->strays, &item);
    }
    return status;
}

/* Adds groups to groups of cells with the same planes. */
static mfg_status
add_groups(const mfg_cells *cells, int64_t n, const int64_t *groups,
           const int64_t *codes, mfg_cells *folded, mfg_control *control)
{
    mfg_totals totals;
    mfg_status status = mfg_totals_new(cells, &totals);

    for (int64_t i = 0; i < n && status == MFG_OK; i++) {
        int64_t group = groups == NULL ? i : groups[i];
        if (group < 0 || codes[i] < 0 || codes[i] >= folded->n_groups) {
            continue;
        }
        status = fold_group(cells, group, folded, codes[i]);
        if (status == MFG_OK) {
            status = fold_strays(&totals, group, folded, (int32_t)codes[i]);
        }
        if (status == MFG_OK) {
            status = mfg_poll(control, i);
        }
    }
    mfg_totals_free(&totals);
    return status;
}

mfg_status
mfg_state_merge(mfg_state *into, const mfg_state *from, const int64_t *codes,
                int64_t n_groups, mfg_control *control)
{
    mfg_status status = MFG_OK;

    into->n_groups = n_groups;
    for (int v = 0; v < into->n_values && status == MFG_OK; v++) {
        status = mfg_cells_extend(&into->values[v], n_groups);
        if (status == MFG_OK) {
            status = add_groups(&from->values[v], from->n_groups, NULL, codes,
                                &into->values[v], control);
        }
    }
    return status;
}

mfg_status
mfg_state_fold(const mfg_state *state, int64_t n, const int64_t *groups,
               const int64_t *codes, int64_t n_groups, mfg_state **folded,
               mfg_control *control)
{
    mfg_state *made = mfg_alloc_zeros(1, sizeof *made);
    mfg_status status;

    *folded = NULL;
    if (made == NULL) {
        return MFG_NO_MEMORY;
    }
    made->n_groups = n_groups;
    made->values =
        mfg_alloc_zeros((size_t)state->n_values, sizeof *made->values);
    made->n_values = made->values == NULL ? 0 : state->n_values;
    status = made->values == NULL ? MFG_NO_MEMORY : MFG_OK;
    for (int v = 0; v < made->n_values && status == MFG_OK; v++) {
        mfg_cells *cells = &made->values[v];
        cells->wide = state->values[v].wide;
        cells->base = state->values[v].base;
        cells->only_sums = state->values[v].only_sums;
        status = mfg_cells_extend(cells, n_groups);
        if (status == MFG_OK) {
            status =
                add_groups(&state->values[v], n, groups, codes, cells, control);
        }
    }
    if (status != MFG_OK) {
        mfg_state_free(made);
        return status;
    }
    *folded = made;
    return MFG_OK;
}
