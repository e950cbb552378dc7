/* Exact states of groups: made, extended, updated block by block. */
#include "state.h"

/* Groups whose cells no longer fit the second-level cache are asked for some
 * rows before they are used: 4096 * 64 bytes = 256 KB. */
#define MANY_GROUPS 4096
#define AHEAD 16

mfg_status
mfg_state_new(const mfg_column *values, int n_values, mfg_state **state)
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
    }
    *state = made;
    return MFG_OK;
}

void
mfg_cells_free(mfg_cells *cells)
{
    mfg_free(cells->cells);
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

static mfg_cell
empty_cell(mfg_wide wide)
{
    mfg_cell cell = {.sum = 0};

    if (wide == MFG_AS_FLOAT64) {
        cell.low.float64 = INFINITY;
        cell.high.float64 = -INFINITY;
    }
    else if (wide == MFG_AS_INT64) {
        cell.low.int64 = INT64_MAX;
        cell.high.int64 = INT64_MIN;
    }
    else {
        cell.low.uint64 = UINT64_MAX;
    }
    return cell;
}

mfg_status
mfg_cells_extend(mfg_cells *cells, int64_t n_groups)
{
    mfg_cell empty = empty_cell(cells->wide);

    if (n_groups > cells->capacity) {
        int64_t capacity = 2 * cells->capacity;
        capacity = n_groups > capacity ? n_groups : capacity;
        mfg_cell *grown =
            mfg_resize(cells->cells, (size_t)capacity, sizeof *grown);
        if (grown == NULL) {
            return MFG_NO_MEMORY;
        }
        cells->cells = grown;
        cells->capacity = capacity;
    }
    for (int64_t g = cells->n_groups; g < n_groups; g++) {
        cells->cells[g] = empty;
    }
    cells->n_groups = n_groups;
    return MFG_OK;
}

mfg_status
mfg_cells_carry(mfg_cells *cells, int64_t group)
{
    const mfg_int128 limit = (mfg_int128)1 << 100;
    mfg_int128 *sum = &cells->cells[group].sum;
    mfg_int128 high = *sum >> MFG_PLANE;

    if (*sum <= limit && *sum >= -limit) {
        return MFG_OK;
    }
    *sum -= high * MFG_PLANE_UNITS;
    return mfg_strays_add(&cells->strays, (int32_t)group, high,
                          cells->base + MFG_PLANE, cells->base);
}

static mfg_status
carry_sums(mfg_cells *cells)
{
    mfg_status status = MFG_OK;

    for (int64_t g = 0; g < cells->n_groups && status == MFG_OK; g++) {
        status = mfg_cells_carry(cells, g);
    }
    cells->uncarried = 0;
    return status;
}

/* The rows of a block outside of the main plane: NaN, infinite, or of another
 * magnitude. */
static __attribute__((noinline)) mfg_status
add_strays(mfg_cells *cells, int32_t n, const int32_t *codes,
           const mfg_word *values)
{
    mfg_status status = MFG_OK;

    for (int32_t i = 0; i < n && status == MFG_OK; i++) {
        double x = values[i].float64;
        int exponent;
        int64_t significand = mfg_split(x, &exponent);
        unsigned shift = (unsigned)(exponent - cells->base);
        if (shift < MFG_PLANE || significand == 0 ||
            (uint32_t)codes[i] >= (uint32_t)cells->n_groups) {
            continue;
        }
        if (x != x) {
            cells->cells[codes[i]].missing++;
            cells->cells[codes[i]].count -= !cells->only_sums;
        }
        else if (exponent == 2047) {
            status = mfg_strays_add_infinity(&cells->strays, codes[i],
                                             x > 0 ? 1 : 2);
        }
        else {
            status = mfg_strays_add(&cells->strays, codes[i], significand,
                                    exponent, cells->base);
        }
    }
    return status;
}

static inline void
add_float(mfg_cell *cell, mfg_int128 laid, double x)
{
    cell->sum += laid;
    cell->count++;
    if (x < cell->low.float64) {
        cell->low.float64 = x;
    }
    if (x > cell->high.float64) {
        cell->high.float64 = x;
    }
}

static mfg_status
add_sums(mfg_cells *into, int32_t n, const int32_t *codes,
         const mfg_word *values)
{
    mfg_cell *cells = into->cells;
    uint32_t n_groups = (uint32_t)into->n_groups;
    mfg_laid laid;
    int any_stray = mfg_exact_lay(values, n, into->base, &laid);

    for (int32_t i = 0; i < n; i++) {
        if ((uint32_t)codes[i] < n_groups) {
            cells[codes[i]].sum += mfg_laid_at(&laid, i);
        }
    }
    return any_stray ? add_strays(into, n, codes, values) : MFG_OK;
}

static mfg_status
add_floats(mfg_cells *into, int32_t n, const int32_t *codes,
           const mfg_word *values)
{
    mfg_cell *cells = into->cells;
    uint32_t n_groups = (uint32_t)into->n_groups;
    int32_t i = 0;
    mfg_laid laid;
    int any_stray = mfg_exact_lay(values, n, into->base, &laid);

    for (; n_groups > MANY_GROUPS && i < n - AHEAD; i++) {
        const mfg_cell *next = &cells[(uint32_t)codes[i + AHEAD]];
        __builtin_prefetch(next); /* a cell may lie in two cache lines */
        __builtin_prefetch(&next->high);
        if ((uint32_t)codes[i] < n_groups) {
            add_float(&cells[codes[i]], mfg_laid_at(&laid, i),
                      values[i].float64);
        }
    }
    for (; i < n; i++) {
        if ((uint32_t)codes[i] < n_groups) {
            add_float(&cells[codes[i]], mfg_laid_at(&laid, i),
                      values[i].float64);
        }
    }
    return any_stray ? add_strays(into, n, codes, values) : MFG_OK;
}

static void
add_integers(mfg_cells *cells, int32_t n, const int32_t *codes,
             const mfg_block *block)
{
    int many = cells->n_groups > MANY_GROUPS;

    for (int32_t i = 0; i < n; i++) {
        uint32_t group = (uint32_t)codes[i];
        int64_t x = block->values[i].int64;

        if (many && i + AHEAD < n) {
            __builtin_prefetch(&cells->cells[(uint32_t)codes[i + AHEAD]]);
        }
        if (group >= cells->n_groups) {
            continue;
        }
        mfg_cell *cell = &cells->cells[group];
        if (block->missing != NULL && block->missing[i]) {
            cell->missing++;
            continue;
        }
        cell->sum += x;
        cell->count++;
        cell->low.int64 = x < cell->low.int64 ? x : cell->low.int64;
        cell->high.int64 = x > cell->high.int64 ? x : cell->high.int64;
    }
}

/* The same for uint64, whose order and width are others. */
static void
add_unsigned(mfg_cells *cells, int32_t n, const int32_t *codes,
             const mfg_block *block)
{
    for (int32_t i = 0; i < n; i++) {
        uint32_t group = (uint32_t)codes[i];
        uint64_t x = block->values[i].uint64;

        if (group >= cells->n_groups) {
            continue;
        }
        mfg_cell *cell = &cells->cells[group];
        if (block->missing != NULL && block->missing[i]) {
            cell->missing++;
            continue;
        }
        cell->sum += x;
        cell->count++;
        cell->low.uint64 = x < cell->low.uint64 ? x : cell->low.uint64;
        cell->high.uint64 = x > cell->high.uint64 ? x : cell->high.uint64;
    }
}

mfg_status
mfg_cells_add(mfg_cells *cells, int32_t n, const int32_t *codes,
              const mfg_block *block)
{
    if (cells->wide == MFG_AS_INT64) {
        add_integers(cells, n, codes, block);
        return MFG_OK;
    }
    if (cells->wide == MFG_AS_UINT64) {
        add_unsigned(cells, n, codes, block);
        return MFG_OK;
    }
    if (cells->uncarried > MFG_CARRY_ROWS - n) {
        mfg_status status = carry_sums(cells);
        if (status != MFG_OK) {
            return status;
        }
    }
    cells->uncarried += n;
    if (cells->only_sums) {
        return add_sums(cells, n, codes, block->values);
    }
    return add_floats(cells, n, codes, block->values);
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
    }
    return status;
}
