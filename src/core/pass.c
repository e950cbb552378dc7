/* Passes over the records, block by block, with a poll between blocks. */
#include "pass.h"

#include "parallel.h"

typedef struct buffers {
    int32_t codes[MFG_BLOCK];
    mfg_block block;
} buffers;

mfg_status
mfg_pass(mfg_grouper *grouper, const mfg_column *keys, const mfg_column *column,
         int64_t first, int64_t stop, mfg_visitor visitor, void *context,
         mfg_control *control)
{
    mfg_status status = MFG_OK;
    buffers *held = mfg_alloc(1, sizeof *held);

    if (held == NULL) {
        return MFG_NO_MEMORY;
    }
    for (int64_t start = first; start < stop && status == MFG_OK;
         start += MFG_BLOCK) {
        int64_t left = stop - start;
        mfg_visit visit = {
            .start = start,
            .n = (int32_t)(left < MFG_BLOCK ? left : MFG_BLOCK),
            .codes = held->codes,
            .block = &held->block,
        };
        status = mfg_grouper_codes(grouper, keys, start, visit.n, held->codes,
                                   control);
        visit.n_groups = mfg_grouper_count(grouper);
        if (status == MFG_OK && column != NULL) {
            mfg_load(column, start, visit.n, &held->block);
        }
        if (status == MFG_OK) {
            status = visitor(context, &visit);
        }
        if (status == MFG_OK) {
            status = mfg_poll(control, start - first);
        }
    }
    mfg_free(held);
    return status;
}

/* ---- shared by several workers ---- */

typedef struct sharing {
    const mfg_sharing *of;
    mfg_grouper *groupers[MFG_MOST_WORKERS];
} sharing;

static mfg_status
pass_part(void *context, int worker, int64_t start, int64_t stop,
          mfg_control *control)
{
    const sharing *all = context;
    const mfg_sharing *of = all->of;

    return mfg_pass(all->groupers[worker], of->keys, of->column, start, stop,
                    of->visit, of->own(of->context, worker), control);
}

static mfg_status
merge_part(const sharing *all, int worker, mfg_control *control)
{
    const mfg_sharing *of = all->of;
    int64_t n = mfg_grouper_count(all->groupers[worker]);
    int64_t *codes = mfg_alloc((size_t)n, sizeof *codes);
    mfg_status status = MFG_NO_MEMORY;

    if (codes != NULL) {
        status = mfg_grouper_merge(all->groupers[0], all->groupers[worker],
                                   codes, control);
    }
    if (status == MFG_OK) {
        status = of->merge(of->context, worker, n, codes,
                           mfg_grouper_count(all->groupers[0]), control);
    }
    mfg_free(codes);
    return status;
}

mfg_status
mfg_pass_shared(const mfg_sharing *of, mfg_grouper *grouper, int64_t n_rows,
                int n_workers, mfg_control *control)
{
    sharing all = {.of = of, .groupers = {grouper}};
    mfg_control limited = *control;
    mfg_status status = MFG_OK;

    for (int w = 1; w < n_workers && status == MFG_OK; w++) {
        status = mfg_grouper_new(of->keys, mfg_grouper_n_keys(grouper), n_rows,
                                 &all.groupers[w]);
    }
    if (status == MFG_OK) {
        limited.n_threads = n_workers;
        status = mfg_share_out(n_rows, pass_part, &all, &limited);
        control->where = limited.where;
        control->column = limited.column;
    }
    for (int w = 1; w < n_workers; w++) {
        if (status == MFG_OK) {
            status = merge_part(&all, w, control);
        }
        mfg_grouper_free(all.groupers[w]);
    }
    return status;
}
