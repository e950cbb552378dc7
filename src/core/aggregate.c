/* Exact states of groups: made, extended, updated block by block. */
#include "state.h"

mfg_status
mfg_state_new(const mfg_column *values, int n_values, int only_sums,
              mfg_state **state)
{
    mfg_state *made = mfg_alloc(1, sizeof *made);

    *state = NULL;
    if (made == NULL) {
        return MFG_NO_MEMORY;
    }
    memset(made, 0, offsetof(mfg_state, codes));
    made->values = mfg_alloc_zeros((size_t)n_values, sizeof *made->values);
    if (made->values == NULL) {
        mfg_free(made);
        return MFG_NO_MEMORY;
    }
    made->n_values = n_values;
    for (int v = 0; v < n_values; v++) {
        made->values[v].wide = mfg_widened(values[v].kind);
        made->values[v].only_sums = only_sums;
    }
    *state = made;
    return MFG_OK;
}

void
mfg_cells_free(mfg_cells *cells)
{
    mfg_free(cells->cells);
    mfg_free(cells->ends);
    mfg_free(cells->missing);
    mfg_strays_free(&cells->strays);
}

void
mfg_state_free(mfg_state *state)
{
    if (state == NULL) {
        return;
    }
    for (int v = 0; v < state->n_values; v++) {
        mfg_cells_free(&state->values[v]);
    }
    mfg_free(state->values);
    mfg_free(state);
}

int64_t
mfg_state_count(const mfg_state *state)
{
    return state->n_groups;
}

mfg_wide
mfg_state_wide(const mfg_state *state, int value)
{
    return state->values[value].wide;
}

mfg_ends
mfg_no_ends(mfg_wide wide)
{
    mfg_ends none = {{.uint64 = UINT64_MAX}, {.uint64 = 0}};

    if (wide == MFG_AS_FLOAT64) {
        none.low.float64 = INFINITY;
        none.high.float64 = -INFINITY;
    }
    else if (wide == MFG_AS_INT64) {
        none.low.int64 = INT64_MAX;
        none.high.int64 = INT64_MIN;
    }
    return none;
}

mfg_status
mfg_cells_make_room(mfg_cells *cells, int64_t capacity)
{
    mfg_cell *grown = mfg_alloc_lines((size_t)capacity, sizeof *grown);
    mfg_ends *ends = NULL;
    int64_t *missing = NULL;

    if (!cells->only_sums) {
        ends = mfg_resize(cells->ends, (size_t)capacity, sizeof *ends);
        cells->ends = ends == NULL ? cells->ends : ends;
    }
    if (cells->missing != NULL) {
        missing = mfg_resize(cells->missing, (size_t)capacity, sizeof *missing);
        cells->missing = missing == NULL ? cells->missing : missing;
    }
    if (grown == NULL || (!cells->only_sums && ends == NULL) ||
        (cells->missing != NULL && missing == NULL)) {
        mfg_free(grown);
        return MFG_NO_MEMORY;
    }
    if (cells->n_groups > 0) {
        memcpy(grown, cells->cells, (size_t)cells->n_groups * sizeof *grown);
    }
    mfg_free(cells->cells);
    cells->cells = grown;
    cells->capacity = capacity;
    return MFG_OK;
}

mfg_status
mfg_cells_extend(mfg_cells *cells, int64_t n_groups)
{
    mfg_ends none = mfg_no_ends(cells->wide);

    if (n_groups > cells->capacity) {
        int64_t capacity = 2 * cells->capacity;
        capacity = n_groups > capacity ? n_groups : capacity;
        if (mfg_cells_make_room(cells, capacity) != MFG_OK) {
            return MFG_NO_MEMORY;
        }
    }
    for (int64_t g = cells->n_groups; g < n_groups; g++) {
        cells->cells[g] = (mfg_cell){.levels = {0}};
    }
    for (int64_t g = cells->n_groups; cells->ends != NULL && g < n_groups;
         g++) {
        cells->ends[g] = none;
    }
    for (int64_t g = cells->n_groups; cells->missing != NULL && g < n_groups;
         g++) {
        cells->missing[g] = 0;
    }
    cells->n_groups = n_groups;
    return MFG_OK;
}

mfg_status
mfg_cells_miss(mfg_cells *cells, int64_t group, int64_t n)
{
    if (cells->missing == NULL) {
        cells->missing =
            mfg_alloc_zeros((size_t)cells->capacity, sizeof *cells->missing);
        if (cells->missing == NULL) {
            return MFG_NO_MEMORY;
        }
    }
    cells->missing[group] += n;
    return MFG_OK;
}

static mfg_status
add_integers(mfg_cells *into, int32_t n, const int32_t *codes,
             const mfg_block *block)
{
    uint32_t n_groups = (uint32_t)into->n_groups;
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < n && status == MFG_OK; i++) {
        uint32_t group = (uint32_t)codes[i];
        int64_t x = block->values[i].int64;

        if (group >= n_groups) {
            continue;
        }
        if (block->missing != NULL && block->missing[i]) {
            status = mfg_cells_miss(into, group, 1);
            continue;
        }
        into->cells[group].sum += x;
        into->cells[group].count++;
        if (into->ends != NULL) {
            mfg_ends *ends = &into->ends[group];
            ends->low.int64 = x < ends->low.int64 ? x : ends->low.int64;
            ends->high.int64 = x > ends->high.int64 ? x : ends->high.int64;
        }
    }
    return status;
}

/* The same for uint64, whose order and width are others. */
static mfg_status
add_unsigned(mfg_cells *into, int32_t n, const int32_t *codes,
             const mfg_block *block)
{
    uint32_t n_groups = (uint32_t)into->n_groups;
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < n && status == MFG_OK; i++) {
        uint32_t group = (uint32_t)codes[i];
        uint64_t x = block->values[i].uint64;

        if (group >= n_groups) {
            continue;
        }
        if (block->missing != NULL && block->missing[i]) {
            status = mfg_cells_miss(into, group, 1);
            continue;
        }
        into->cells[group].sum += x;
        into->cells[group].count++;
        if (into->ends != NULL) {
            mfg_ends *ends = &into->ends[group];
            ends->low.uint64 = x < ends->low.uint64 ? x : ends->low.uint64;
            ends->high.uint64 = x > ends->high.uint64 ? x : ends->high.uint64;
        }
    }
    return status;
}

mfg_status
mfg_cells_add(mfg_cells *cells, int32_t n, const int32_t *codes,
              const mfg_block *block)
{
    switch (cells->wide) {
    case MFG_AS_INT64:
        return add_integers(cells, n, codes, block);
    case MFG_AS_UINT64:
        return add_unsigned(cells, n, codes, block);
    default:
        return mfg_cells_add_floats(cells, n, codes, block->values);
    }
}

/* The rows of one block: codes once, then every value column. */
static mfg_status
update_block(mfg_state *state, mfg_grouper *grouper, const mfg_column *keys,
             const mfg_column *values, int64_t start, int32_t n,
             mfg_control *control)
{
    mfg_status status =
        mfg_grouper_codes(grouper, keys, start, n, state->codes, control);

    state->n_groups = mfg_grouper_count(grouper);
    for (int v = 0; v < state->n_values && status == MFG_OK; v++) {
        mfg_cells *cells = &state->values[v];
        if (cells->n_groups < state->n_groups) {
            status = mfg_cells_extend(cells, state->n_groups);
        }
        if (status == MFG_OK) {
            mfg_load(&values[v], start, n, &state->block);
            status = mfg_cells_add(cells, n, state->codes, &state->block);
        }
    }
    return status;
}

mfg_status
mfg_state_update(mfg_state *state, mfg_grouper *grouper, const mfg_column *keys,
                 const mfg_column *values, int64_t start, int64_t n,
                 mfg_control *control)
{
    mfg_status status = MFG_OK;

    for (int v = 0; v < state->n_values; v++) {
        if (state->values[v].base == 0) {
            mfg_cells_place(&state->values[v], &values[v], start, n,
                            &state->block);
        }
    }
    for (int64_t done = 0; done < n && status == MFG_OK; done += MFG_BLOCK) {
        int64_t left = n - done;
        status = update_block(state, grouper, keys, values, start + done,
                              (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK),
                              control);
        if (status == MFG_OK) {
            status = mfg_poll(control, done);
        }
    }
    /* No record at all: the groups that stand without one (no key). */
    state->n_groups = mfg_grouper_count(grouper);
    for (int v = 0; v < state->n_values && status == MFG_OK; v++) {
        status = mfg_cells_extend(&state->values[v], state->n_groups);
        mfg_cells_settle(&state->values[v]);
    }
    return status;
}
