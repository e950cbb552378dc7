/* A second pass: columns derived from the records are summed exactly. */
#include "derive.h"

#include "encode.h"
#include "parallel.h"

#include <string.h>

/* What the states of all threads may take together. */
#define MOST_BYTES (32 << 20)

/* What one worker keeps. */
typedef struct share {
    mfg_state *sums;
    mfg_block derived[MFG_MOST_DERIVED];
} share;

typedef struct pass {
    const mfg_derivation *of;
    share *shares; /* one a worker */
} pass;

typedef struct own_pass {
    const pass *of;
    int worker;
} own_pass;

int
mfg_derive_workers(int64_t n_rows, size_t bytes, const mfg_control *control)
{
    int n_workers = mfg_workers(n_rows, control);

    while (n_workers > 1 && (size_t)n_workers * bytes > MOST_BYTES) {
        n_workers--;
    }
    return n_workers;
}

static mfg_status
derive_block(void *context, const mfg_visit *visit)
{
    const own_pass *own = context;
    const mfg_derivation *of = own->of->of;
    share *kept = &own->of->shares[own->worker];
    mfg_status status =
        of->derive(of->context, own->worker, visit, kept->derived);

    for (int d = 0; d < of->n_derived && status == MFG_OK; d++) {
        status = mfg_cells_add(&kept->sums->values[d], visit->n, visit->codes,
                               &kept->derived[d]);
    }
    return status;
}

static mfg_status
derive_part(void *context, int worker, int64_t start, int64_t stop,
            mfg_control *control)
{
    const pass *all = context;
    own_pass own = {all, worker};
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(all->of->grouper, &view);

    if (status == MFG_OK) {
        status = mfg_pass(view, all->of->keys, all->of->column, start, stop,
                          derive_block, &own, control);
    }
    for (int d = 0; d < all->of->n_derived; d++) {
        mfg_cells_settle(&all->shares[worker].sums->values[d]);
    }
    mfg_grouper_free(view);
    return status;
}

/* ---- a sample, by which the planes are placed ---- */

static mfg_status
place_block(void *context, const mfg_visit *visit)
{
    const pass *all = context;
    share *first = &all->shares[0];
    mfg_status status =
        all->of->derive(all->of->context, -1, visit, first->derived);

    for (int d = 0; d < all->of->n_derived; d++) {
        int base = mfg_exact_place(first->derived[d].values, visit->n);
        if (base == 0) { /* nothing but zeros: as if the largest were 1 */
            base = 1023 + MFG_HEADROOM - MFG_PLANE + 1;
        }
        first->sums->values[d].base = base;
    }
    return status;
}

/* Each step-th row of a column. */
static mfg_column
spread(const mfg_column *column, int64_t step)
{
    mfg_column some = *column;

    some.stride *= step;
    some.mask_stride *= step;
    return some;
}

static mfg_status
place_sums(pass *all, int64_t n_rows, mfg_control *control)
{
    const mfg_derivation *of = all->of;
    int n_keys = mfg_grouper_n_keys(of->grouper);
    int64_t step = n_rows > MFG_BLOCK ? n_rows / MFG_BLOCK : 1;
    int64_t n = n_rows < MFG_BLOCK ? n_rows : MFG_BLOCK;
    mfg_column column = spread(of->column, step);
    mfg_column *keys = mfg_alloc((size_t)n_keys, sizeof *keys);
    mfg_grouper *view;
    mfg_status status = mfg_grouper_view(of->grouper, &view);

    if (status == MFG_OK && keys == NULL) {
        status = MFG_NO_MEMORY;
    }
    if (status == MFG_OK) {
        for (int k = 0; k < n_keys; k++) {
            keys[k] = spread(&of->keys[k], step);
        }
        status = mfg_pass(view, keys, &column, 0, n, place_block, all, control);
    }
    mfg_grouper_free(view);
    mfg_free(keys);
    return status;
}

/* ---- all of it ---- */

static mfg_status
begin_share(share *made, const mfg_derivation *of, int64_t n_groups)
{
    const mfg_column floats[MFG_MOST_DERIVED] = {{.kind = MFG_FLOAT64},
                                                 {.kind = MFG_FLOAT64}};
    mfg_status status = mfg_state_new(floats, of->n_derived, 1, &made->sums);

    for (int d = 0; d < of->n_derived; d++) {
        made->derived[d].values = made->derived[d].space;
        made->derived[d].missing = NULL;
    }
    for (int d = 0; d < of->n_derived && status == MFG_OK; d++) {
        status = mfg_cells_extend(&made->sums->values[d], n_groups);
    }
    if (status == MFG_OK) {
        made->sums->n_groups = n_groups;
    }
    return status;
}

/* Adds what the other workers have to the first. */
static mfg_status
merge_shares(share *shares, int n_workers, int64_t n_groups,
             mfg_control *control)
{
    int64_t *codes;
    mfg_status status = MFG_OK;

    if (n_workers == 1) {
        return MFG_OK;
    }
    codes = mfg_alloc((size_t)n_groups, sizeof *codes);
    if (codes == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t g = 0; g < n_groups; g++) {
        codes[g] = g;
    }
    for (int w = 1; w < n_workers && status == MFG_OK; w++) {
        status = mfg_state_merge(shares[0].sums, shares[w].sums, codes,
                                 n_groups, control);
    }
    mfg_free(codes);
    return status;
}

mfg_status
mfg_derive(const mfg_derivation *of, int64_t n_rows, int64_t n_groups,
           int n_workers, mfg_state **sums, mfg_control *control)
{
    pass all = {of, mfg_alloc((size_t)n_workers, sizeof *all.shares)};
    mfg_control limited = *control;
    mfg_status status = MFG_OK;

    *sums = NULL;
    if (all.shares == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int w = 0; w < n_workers; w++) {
        all.shares[w].sums = NULL;
    }
    for (int w = 0; w < n_workers && status == MFG_OK; w++) {
        status = begin_share(&all.shares[w], of, n_groups);
    }
    if (status == MFG_OK) {
        status = mfg_grouper_ready(of->grouper, control);
    }
    if (status == MFG_OK) {
        status = place_sums(&all, n_rows, control);
    }
    for (int w = 1; w < n_workers && status == MFG_OK; w++) {
        for (int d = 0; d < of->n_derived; d++) {
            all.shares[w].sums->values[d].base =
                all.shares[0].sums->values[d].base;
        }
    }
    if (status == MFG_OK) {
        limited.n_threads = n_workers;
        status = mfg_share_out(n_rows, derive_part, &all, &limited);
        control->where = limited.where;
        control->column = limited.column;
    }
    if (status == MFG_OK) {
        status = merge_shares(all.shares, n_workers, n_groups, control);
    }
    for (int w = status == MFG_OK; w < n_workers; w++) {
        mfg_state_free(all.shares[w].sums);
    }
    *sums = status == MFG_OK ? all.shares[0].sums : NULL;
    mfg_free(all.shares);
    return status;
}
